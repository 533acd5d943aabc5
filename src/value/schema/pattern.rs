//! A `pattern`, compiled when it is first needed.
use std::sync::Arc;
/// A regular expression in RE2 syntax.
#[derive(Clone, Debug)]
pub struct Pattern { /// Its text.
 pub text: Arc<str> }

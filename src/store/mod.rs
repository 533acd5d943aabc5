//! Where definitions come from: names of environments, the folders of a repository, and its revisions.
//!
//! Invariant: nothing outside of a folder with definitions is read for a name, whatever links or revisions say.

pub mod reference;
pub(crate) mod similar;

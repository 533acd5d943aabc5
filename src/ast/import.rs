//! An entry of `imports`.

use std::sync::Arc;

use crate::syntax::NodeId;

/// One import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The name, verbatim.
    pub name: Arc<str>,
    /// Where the name stands.
    pub node: NodeId,
    /// Whether its values are merged, or only within reach of `${imports[…]}`.
    pub merge: bool,
}

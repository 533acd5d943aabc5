//! Expressions.

use std::sync::Arc;

use super::{builtin::Builtin, id::ExprId};
use crate::{
    syntax::{NodeId, path::Path, template::Part},
    value::Key,
};

/// Where an expression stands in the one that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the object of `values`.
    Root,
    /// It is a property.
    Property(Key),
    /// It is an element.
    Item(u32),
    /// It is a part of a builtin's argument: it has no base and no display path.
    Argument,
}

/// One expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its node in the document.
    pub node: NodeId,
    /// The expression that holds it; the root holds itself.
    pub parent: ExprId,
    /// Where it stands there.
    pub place: Place,
    /// What it is.
    pub form: Form,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum Form {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number's text.
    Number(Arc<str>),
    /// A string without accesses.
    String(Arc<str>),
    /// One access: the value keeps its type.
    Reference(Path),
    /// Text with accesses.
    Interpolation(Vec<Part>),
    /// A list.
    List(Vec<ExprId>),
    /// An object.
    Object {
        /// Entries in the order written.
        entries: Vec<Entry>,
        /// The entries that count, ascending by key: of equal keys the first, without dropped ones.
        properties: Vec<(Key, ExprId)>,
    },
    /// A builtin call.
    Builtin(Builtin),
}

/// One entry of an object as it was written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key; absent when it holds an access.
    pub key: Option<Key>,
    /// Where the key stands.
    pub node: NodeId,
    /// The value.
    pub value: ExprId,
}

impl Form {
    /// Returns the property of an object literal.
    #[must_use]
    pub fn property(&self, key: &str) -> Option<ExprId> {
        match self {
            Self::Object { properties, .. } => {
                properties.binary_search_by(|(name, _)| name.as_ref().cmp(key)).ok().map(|at| properties[at].1)
            }
            _ => None,
        }
    }
}

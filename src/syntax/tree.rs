//! The tree of a document: nodes with places, parents and document paths.

use std::sync::Arc;

use super::document_path::{append_index, append_key};
use crate::source::{SourceId, Span};

/// Identifies a node of one [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(pub(super) u32);

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// What a scalar means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number's normalised text.
    Number(Arc<str>),
    /// A float that no JSON can express: infinity, or no number (quirk Q4).
    NonFinite,
    /// A string; its text is the node's.
    String,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Data {
    /// A scalar.
    Scalar {
        /// What it means.
        scalar: Scalar,
        /// The decoded text: quotes, escapes and folding undone.
        text: Arc<str>,
        /// How it was written.
        style: Style,
        /// Bytes of the explicit tag in its short form (`!!str` = 5).
        tag: Option<u32>,
        /// Whether an anchor or a tag stands before it.
        properties: bool,
    },
    /// A sequence.
    Sequence(Vec<NodeId>),
    /// A mapping: keys and values in the order written, repeated keys included.
    Mapping(Vec<(NodeId, NodeId)>),
}

/// Where a node stands in its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// It is the root.
    Root,
    /// It is an element.
    Item(u32),
    /// It is the key of an entry.
    Key,
    /// It is the value of the entry with this key.
    Value(NodeId),
}

/// One node.
#[derive(Clone, Debug)]
pub struct Node {
    /// First byte, anchor and tag included.
    pub start: u32,
    /// Byte after the last one of the node as people see it: closing quotes and brackets included.
    pub end: u32,
    /// The node that holds it; the root is its own parent.
    pub parent: NodeId,
    /// Where it stands there.
    pub at: At,
    /// What it is.
    pub data: Data,
}

/// A document; empty when the text could not be read.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The text it was read from.
    pub source: SourceId,
    pub(super) nodes: Vec<Node>,
}

impl Tree {
    /// Returns the root, unless the text could not be read or is empty.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId(0))
    }

    /// Returns a node.
    ///
    /// # Panics
    /// When the id comes from another tree.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Returns the bytes of a node.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        Span { source: self.source, start: node.start, end: node.end }
    }

    /// Returns the decoded text of a scalar, nothing for other nodes.
    #[must_use]
    pub fn text(&self, id: NodeId) -> &Arc<str> {
        static EMPTY: std::sync::LazyLock<Arc<str>> = std::sync::LazyLock::new(|| Arc::from(""));
        match &self.node(id).data {
            Data::Scalar { text, .. } => text,
            Data::Sequence(_) | Data::Mapping(_) => &EMPTY,
        }
    }

    /// Returns the document path of a node (`values.a["x-y"][0]`); a key has the path of its value.
    #[must_use]
    pub fn document_path(&self, id: NodeId) -> String {
        let mut steps = Vec::new();
        let mut current = id;
        loop {
            let node = self.node(current);
            match node.at {
                At::Root => break,
                At::Key => steps.push(At::Value(current)),
                at => steps.push(at),
            }
            current = node.parent;
        }
        let mut path = String::new();
        for step in steps.iter().rev() {
            match step {
                At::Item(index) => append_index(&mut path, u64::from(*index)),
                At::Value(key) => append_key(&mut path, self.text(*key)),
                At::Root | At::Key => {}
            }
        }
        path
    }
}

//! Evaluated data: a graph of nodes with flags, its schemas, and the texts it is written as.
//!
//! Everything that is evaluated, handed to a provider or returned by one is a [`Value`]: a node of a [`Graph`]. Nodes name
//! each other by index, so structure is shared, copies are cheap, and ten thousand levels need no recursion to drop.

mod graph;
pub mod json;
pub mod number;
pub mod schema;
mod text;

pub use graph::{Flags, Graph, Key, Kind, Node, NodeId, Object, Origin, Seal, Shape, Value, View};
pub use text::Text;

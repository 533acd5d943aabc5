//! Evaluated data: a graph of nodes with flags, its schemas, and the texts it is written as.
//!
//! Everything that is evaluated, handed to a provider or returned by one is a [`Value`]: a node of a [`Graph`]. Nodes name
//! each other by index, so structure is shared, copies are cheap, and ten thousand levels need no recursion to drop.

mod go_quote;
mod graph;
pub mod json;
mod limit;
pub mod number;
mod projection;
pub mod schema;
mod text;
mod text_form;
pub mod yaml;

pub use go_quote::go_quote;
pub use graph::{Flags, Graph, Key, Kind, Node, NodeId, Object, Origin, Seal, Shape, Value, View};
pub use limit::{MAX_BYTES, MAX_VALUES, TooLarge};
pub use projection::{SECRET, Secrets, UNKNOWN};
pub use text::Text;
pub use text_form::{TextForm, shown_text, text_form};

//! YAML text to a tree with places: knows YAML, not ESC.
//!
//! Parsing never fails: it yields a [`Tree`] and diagnostics; a tree without a root is a text that could not be read. `event`
//! is the only file that names the YAML crate. Strings that hold `${…}` are taken apart by [`template`].

mod compose;
mod data;
mod decode;
mod document_path;
mod event;
pub mod fix;
pub mod path;
mod range;
pub mod scalar;
pub mod template;
mod tree;

pub use compose::{MAX_NESTING, parse};
pub use data::data;
pub use decode::{DecodeError, decode};
pub use document_path::{append_index, append_key};
pub use tree::{At, Data, Node, NodeId, Scalar, Style, Tree};

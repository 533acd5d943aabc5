//! JSON text: a reader that keeps number texts, and writers.
//!
//! Nothing here recurses, so ten thousand levels are read and written like one. No error holds text of the input.

mod emit;
mod error;
mod escape;
mod read;
mod write;

pub(crate) use emit::{Emitter, Layout};
pub use error::{JsonError, JsonErrorKind};
pub use read::{MAX_DEPTH, parse, parse_prefix};
pub use write::{compact, indented};

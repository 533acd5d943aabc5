//! The state of a stack as Pulumi stores it: bytes to the outputs of the stack and the provider of its secrets.
//!
//! Pure: nothing here reads, decrypts or waits. No error holds text of the state but names: of an output, a feature, a signature.

mod checkpoint;
mod compression;
mod error;
mod property;

pub use checkpoint::State;
pub use compression::{MAX_BYTES, decompressed};
pub use error::{Malformed, StateError};
pub use property::{Leaf, Note, Properties, decode, decode_text};

//! What direnv needs: the block of an `.envrc` that loads an environment, and the library with `use esc`.
//!
//! Invariant: whatever goes wrong ends `.envrc` with `exit`, since direnv drops what was exported only then.

pub mod block;
pub mod library;
mod snippet;

pub use snippet::{Form, snippet};

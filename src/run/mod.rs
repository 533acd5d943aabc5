//! A child process: what it is given, what becomes of what it prints, and how it ends.
//!
//! ```text
//! Program::find -> replace: the child takes the place of this process
//!               -> supervise: signals to it, its output through a redactor, its status back
//! ```
//!
//! Where the caller is at a terminal the child is at one too. Nothing of the child outlives it here but its status.

mod child;
mod error;
mod output;
mod program;
pub mod redact;
mod signals;
mod terminal;

pub use child::{Ended, Supervised, replace, supervise};
pub use error::StartError;
pub use program::Program;
pub use signals::die_by;
pub use terminal::restore as restore_terminal;

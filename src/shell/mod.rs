//! What shells demand: names they take, and quoting that makes any value one word.

mod kept;
mod kind;
mod names;
pub mod quote;

pub use kind::Shell;
pub use names::is_name;

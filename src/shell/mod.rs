//! What shells demand: names they take, and quoting that makes any value one word.

mod names;
pub mod quote;

pub use names::is_name;

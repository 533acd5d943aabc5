//! Where a result goes beside standard output.

mod append;
mod files;
mod private;
pub mod replace;

pub use append::append;
pub use files::{ProcessFiles, Staged};
pub use private::{Places, PrivateFolder};

//! Where a result goes beside standard output.

mod files;
mod private;
pub mod replace;

pub use files::{ProcessFiles, Staged};
pub use private::{Places, PrivateFolder};

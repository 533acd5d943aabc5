//! Where a result goes beside standard output.

pub mod replace;

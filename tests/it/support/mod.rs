//! What the tests share.

pub mod normal;
pub mod providers;
pub mod vector;

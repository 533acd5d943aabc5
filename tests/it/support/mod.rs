//! What several tests share.

pub mod nasty;
pub mod tools;

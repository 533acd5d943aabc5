//! What several tests share.

pub mod nasty;
pub mod normal;
pub mod providers;
pub mod tools;
pub mod vector;

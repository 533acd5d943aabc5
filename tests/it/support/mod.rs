//! What several tests need.

pub mod repository;

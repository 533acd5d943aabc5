//! What several tests share.

pub mod aws;
pub mod bao;
pub mod cloud;
pub mod counting;
pub mod document;
pub mod emulator;
pub mod http;
pub mod memory;
pub mod nasty;
pub mod normal;
pub mod project;
pub mod providers;
pub mod repository;
pub mod rust_source;
pub mod server;
pub mod tools;
pub mod vector;

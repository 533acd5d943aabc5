//! Opens Pulumi ESC environments.
pub mod ast;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod dialect;
pub mod duration;
pub mod environment;
pub mod eval;
pub mod provider;
pub mod render;
pub mod session;
pub mod shell;
pub mod source;
pub mod store;
pub mod syntax;
pub mod value;

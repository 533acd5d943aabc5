//! Opens Pulumi ESC environments.
pub mod diagnostic;
pub mod environment;
pub mod provider;
pub mod render;
pub mod shell;
pub mod source;
pub mod value;

//! Opens Pulumi ESC environments.
pub mod config;
pub mod diagnostic;
pub mod provider;
pub mod source;
pub mod store;
pub mod value;

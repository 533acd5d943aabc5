//! Integration tests: one module for each subject.

mod architecture;
mod conformance;
mod docs;
mod dotenv;
mod esc_cli;
mod revisions;
mod roots;
mod shells;
mod store;
mod support;
mod yaml;

//! Integration tests: one module for each subject.

mod conformance;
mod dotenv;
mod esc_cli;
mod roots;
mod shells;
mod support;
mod yaml;

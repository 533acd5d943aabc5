//! The integration tests: one binary, a file for each feature.

mod conformance;
mod support;

//! The integration tests, one module a feature.

mod revisions;
mod store;
mod support;

//! The schemas of all providers.

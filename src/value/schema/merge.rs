//! The schema of a value that lies on another.
use super::SchemaRef;
/// Merges the schema of a top layer over that of its base.
pub fn merge(top: &SchemaRef, base: &SchemaRef) -> SchemaRef { let _ = base; top.clone() }

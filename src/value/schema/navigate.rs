//! The schema of a property or an item.
//!
//! A `$ref` is not followed, and any has no properties: what they allow is not known by name.

use std::{collections::HashMap, sync::Arc};

use super::{Keywords, Rare, Schema, SchemaRef, Type};

impl Schema {
    /// Returns the schema of a property; never when it cannot be there.
    #[must_use]
    pub fn property(&self, key: &str) -> SchemaRef {
        self.part(Type::Object, &mut HashMap::new(), &|keywords| {
            keywords.properties.get(key).or(keywords.additional_properties.as_ref()).cloned()
        })
    }

    /// Returns the schema of an item; never when it cannot be there.
    #[must_use]
    pub fn item(&self, index: usize) -> SchemaRef {
        self.part(Type::Array, &mut HashMap::new(), &|keywords| {
            keywords.prefix_items.get(index).or(keywords.items.as_ref()).cloned()
        })
    }

    /// Joins what the branches and the schema itself, where it has the type, say of one part.
    fn part(
        &self,
        kind: Type,
        done: &mut HashMap<*const Self, SchemaRef>,
        own: &impl Fn(&Keywords) -> Option<SchemaRef>,
    ) -> SchemaRef {
        let Some(keywords) = self.keywords() else { return Self::never() };
        let mut parts = Vec::new();
        for branch in keywords.rare.iter().flat_map(|rare| rare.any_of.iter().chain(&rare.one_of)) {
            let part = match done.get(&Arc::as_ptr(branch)) {
                Some(part) => Arc::clone(part),
                None => stacker::maybe_grow(64 * 1024, 1024 * 1024, || branch.part(kind, done, own)),
            };
            done.insert(Arc::as_ptr(branch), Arc::clone(&part));
            parts.push(part);
        }
        if keywords.kind == Some(kind) {
            parts.extend(own(keywords));
        }
        union(parts)
    }
}

/// Joins alternatives: never is dropped, nothing is never, a single one is itself, more are a one-of.
fn union(mut parts: Vec<SchemaRef>) -> SchemaRef {
    parts.retain(|part| !part.is_never());
    match parts.len() {
        0 => Schema::never(),
        1 => parts.remove(0),
        _ => Arc::new(Keywords::from(Rare { one_of: parts, ..Rare::default() }).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::to_json, *};

    fn any_of(branches: Vec<SchemaRef>) -> SchemaRef {
        Arc::new(Keywords::from(Rare { any_of: branches, ..Rare::default() }).into())
    }

    fn tuple(items: Option<SchemaRef>) -> SchemaRef {
        Arc::new(
            Keywords {
                kind: Some(Type::Array),
                prefix_items: vec![Schema::string(), Schema::of(Type::Number)],
                items,
                ..Keywords::default()
            }
            .into(),
        )
    }

    #[test]
    fn properties() {
        let record = Schema::record([("a", Schema::string()), ("b", Schema::any())]);
        let untyped: SchemaRef =
            Arc::new(Keywords { properties: [("a".into(), Schema::string())].into(), ..Keywords::default() }.into());
        let mixed = Keywords {
            kind: Some(Type::Object),
            properties: [("a".into(), Schema::of(Type::Null))].into(),
            rare: Some(Box::new(Rare { any_of: vec![Arc::clone(&record)], ..Rare::default() })),
            ..Keywords::default()
        };
        for (schema, key, expected) in [
            (Schema::any(), "a", "false"),
            (Schema::never(), "a", "false"),
            (Schema::string(), "a", "false"),
            (Arc::clone(&record), "a", r#"{"type":"string"}"#),
            (Arc::clone(&record), "b", "true"),
            (Arc::clone(&record), "c", "false"),
            (Schema::map(Schema::string()), "c", r#"{"type":"string"}"#),
            (untyped, "a", "false"),
            (any_of(vec![Schema::string(), Arc::clone(&record)]), "a", r#"{"type":"string"}"#),
            (
                any_of(vec![Arc::clone(&record), Schema::map(Schema::any())]),
                "a",
                r#"{"type":"","oneOf":[{"type":"string"},true]}"#,
            ),
            (Arc::new(mixed.into()), "a", r#"{"type":"","oneOf":[{"type":"string"},{"type":"null"}]}"#),
        ] {
            assert_eq!(to_json(&schema.property(key)), expected, "{} {key}", to_json(&schema));
        }
    }

    #[test]
    fn items() {
        for (schema, index, expected) in [
            (Schema::any(), 0, "false"),
            (Schema::of(Type::Array), 0, "false"),
            (Schema::array(Schema::string()), 7, r#"{"type":"string"}"#),
            (tuple(None), 1, r#"{"type":"number"}"#),
            (tuple(None), 2, "false"),
            (tuple(Some(Schema::any())), 2, "true"),
            (tuple(Some(Schema::never())), 2, "false"),
            (Schema::map(Schema::string()), 0, "false"),
        ] {
            assert_eq!(to_json(&schema.item(index)), expected, "{} {index}", to_json(&schema));
        }
    }

    #[test]
    fn deep_and_doubling_branches() {
        let mut deep = Schema::map(Schema::string());
        for _ in 0..10_000 {
            deep = any_of(vec![deep]);
        }
        assert!(deep.property("k").kind() == Some(Type::String));
        let mut doubling = Schema::map(Schema::string());
        for _ in 0..64 {
            doubling = any_of(vec![Arc::clone(&doubling), doubling]);
        }
        assert!(doubling.property("k").keywords().is_some_and(|keywords| keywords.rare.is_some()));
    }
}

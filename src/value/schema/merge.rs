//! The schema of a value that lies on another.
//!
//! Only objects merge, and only what tells their properties is kept; all else of both layers is lost.

use std::{collections::HashMap, sync::Arc};

use super::{Keywords, Schema, SchemaRef, Type};

/// Merges the schema of a top layer over that of its base.
///
/// Objects merge property by property and require all of them; otherwise the top's schema counts.
#[must_use]
pub fn merge(top: &SchemaRef, base: &SchemaRef) -> SchemaRef {
    merge_shared(top, base, &mut HashMap::new())
}

/// The schemas of both layers.
type Pair = (*const Schema, *const Schema);

fn merge_shared(top: &SchemaRef, base: &SchemaRef, done: &mut HashMap<Pair, SchemaRef>) -> SchemaRef {
    let (Some(upper), Some(lower)) = (object(top), object(base)) else { return Arc::clone(top) };
    let pair = (Arc::as_ptr(top), Arc::as_ptr(base));
    if let Some(merged) = done.get(&pair) {
        return Arc::clone(merged);
    }
    let mut properties = lower.properties.clone();
    for (key, schema) in &upper.properties {
        let merged = match lower.properties.get(key) {
            Some(below) => stacker::maybe_grow(64 * 1024, 1024 * 1024, || merge_shared(schema, below, done)),
            None => Arc::clone(schema),
        };
        properties.insert(Arc::clone(key), merged);
    }
    let additional_properties = match (&upper.additional_properties, &lower.additional_properties) {
        (Some(_), Some(_)) => Some(Schema::any()),
        (one, other) => one.as_ref().or(other.as_ref()).cloned(),
    };
    let required = properties.keys().cloned().collect();
    let merged = Arc::new(
        Keywords { kind: Some(Type::Object), properties, additional_properties, required, ..Keywords::default() }
            .into(),
    );
    done.insert(pair, Arc::clone(&merged));
    merged
}

fn object(schema: &SchemaRef) -> Option<&Keywords> {
    schema.keywords().filter(|keywords| keywords.kind == Some(Type::Object))
}

#[cfg(test)]
mod tests {
    use super::{super::to_json, *};

    fn open(names: &[&str], rest: Option<SchemaRef>) -> SchemaRef {
        let properties = names.iter().map(|name| ((*name).into(), Schema::string())).collect();
        let keywords =
            Keywords { kind: Some(Type::Object), properties, additional_properties: rest, ..Keywords::default() };
        Arc::new(keywords.into())
    }

    #[test]
    fn layers() {
        let number = || Schema::of(Type::Number);
        for (top, base, expected) in [
            (number(), open(&["a"], None), r#"{"type":"number"}"#),
            (open(&["a"], None), number(), r#"{"type":"object","properties":{"a":{"type":"string"}}}"#),
            (Schema::any(), open(&["a"], None), "true"),
            (
                open(&["b"], None),
                Schema::record([("a", number()), ("b", number())]),
                r#"{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"string"}},"required":["a","b"]}"#,
            ),
            (
                Schema::record([("a", Schema::record([("x", number())]))]),
                Schema::record([("a", Schema::record([("y", number())]))]),
                concat!(
                    r#"{"type":"object","properties":{"a":{"type":"object","properties":"#,
                    r#"{"x":{"type":"number"},"y":{"type":"number"}},"required":["x","y"]}},"required":["a"]}"#
                ),
            ),
            (
                open(&[], None),
                open(&[], Some(number())),
                r#"{"type":"object","additionalProperties":{"type":"number"}}"#,
            ),
            (
                open(&[], Some(Schema::string())),
                open(&[], None),
                r#"{"type":"object","additionalProperties":{"type":"string"}}"#,
            ),
            (
                open(&[], Some(Schema::string())),
                open(&[], Some(Schema::string())),
                r#"{"type":"object","additionalProperties":true}"#,
            ),
        ] {
            assert_eq!(to_json(&merge(&top, &base)), expected);
        }
    }

    #[test]
    fn deep_and_doubling_layers() {
        let deep = |leaf: SchemaRef| (0..10_000).fold(leaf, |inner, _| Schema::record([("k", inner)]));
        let mut merged = merge(&deep(Schema::record([("a", Schema::string())])), &deep(Schema::record([])));
        let mut levels = 0;
        while let Some(inner) = merged.keywords().and_then(|keywords| keywords.properties.get("k")).cloned() {
            merged = inner;
            levels += 1;
        }
        assert_eq!(levels, 10_000);
        assert_eq!(to_json(&merged), r#"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#);

        let doubling =
            || (0..64).fold(Schema::record([]), |inner, _| Schema::record([("l", Arc::clone(&inner)), ("r", inner)]));
        let merged = merge(&doubling(), &doubling());
        let keywords = merged.keywords().expect("objects merge");
        assert!(Arc::ptr_eq(&keywords.properties["l"], &keywords.properties["r"]));
    }
}

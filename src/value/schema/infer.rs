//! The schema of a value, told from the value.
//!
//! Shared nodes share their schema, so the schema of a graph is no larger than the graph.

use std::{collections::HashMap, sync::Arc};

use super::{
    super::{Flags, Graph, Kind, NodeId, Origin, Shape, Value, View},
    Keywords, Schema, SchemaRef, Type,
};

/// Returns the schema of a value: the one that is given, else what its kind and parts say.
///
/// Scalars are constants, secret ones too; what is unknown or sealed may be anything.
#[must_use]
pub fn schema_of(value: View<'_>) -> SchemaRef {
    schema_of_shared(value, &mut HashMap::new())
}

fn schema_of_shared(value: View<'_>, done: &mut HashMap<NodeId, SchemaRef>) -> SchemaRef {
    if let Shape::Given(schema) = &value.node().shape {
        return Arc::clone(schema);
    }
    if let Some(schema) = done.get(&value.id()) {
        return Arc::clone(schema);
    }
    let mut inner = |part: View<'_>| stacker::maybe_grow(64 * 1024, 1024 * 1024, || schema_of_shared(part, done));
    let schema = match value.kind() {
        Kind::Unknown | Kind::Sealed(_) => return Schema::any(),
        Kind::Null => return Schema::of(Type::Null),
        Kind::Bool(_) => constant(value, Type::Boolean),
        Kind::Number(_) => constant(value, Type::Number),
        Kind::String(_) => constant(value, Type::String),
        Kind::List(_) => Keywords {
            kind: Some(Type::Array),
            prefix_items: value.items().map(&mut inner).collect(),
            items: Some(Schema::never()),
            ..Keywords::default()
        },
        Kind::Object(object) => Keywords {
            kind: Some(Type::Object),
            properties: object.listed().map(|(key, id)| (Arc::clone(key), inner(value.at(*id)))).collect(),
            required: object.listed().map(|(key, _)| Arc::clone(key)).collect(),
            ..Keywords::default()
        },
    };
    let schema = Arc::new(Schema::from(schema));
    done.insert(value.id(), Arc::clone(&schema));
    schema
}

fn constant(scalar: View<'_>, kind: Type) -> Keywords {
    let node = scalar.node();
    let copy = match &node.kind {
        Kind::String(text) if text.as_str().is_none() => Kind::String((&*text.to_str_lossy()).into()),
        kind => kind.clone(),
    };
    let mut graph = Graph::new();
    let flags = node.flags.only(Flags::SECRET);
    let id = graph.add(copy, flags, Origin::NONE);
    Keywords { kind: Some(kind), constant: Some(Value::new(graph, id)), ..Keywords::default() }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            super::{Object, Seal},
            to_json,
        },
        *,
    };

    #[test]
    fn kinds() {
        let graph = &mut Graph::new();
        let (null, yes, number) = (graph.null(), graph.bool(true), graph.number("1.50"));
        let (text, secret, bytes) = (graph.string("a\"b"), graph.secret("s"), graph.string(&b"a\xff\xfe"[..]));
        let given = graph.unknown(Schema::string());
        let unknown = graph.add(Kind::Unknown, Flags::empty(), Origin::NONE);
        let seal = Seal { provider: "p".into(), group: "g".into(), ciphertext: "c".into() };
        let sealed = graph.add(Kind::Sealed(Arc::new(seal)), Flags::empty(), Origin::NONE);
        let (empty, list) = (graph.list([]), graph.list([null, given]));
        let (nothing, object) = (graph.object([]), graph.object([("b".into(), null), ("a".into(), unknown)]));
        let frozen = Object {
            entries: [("a".into(), null), ("b".into(), null)].into(),
            own: Some(["b".into()].into()),
            frozen: true,
            ..Object::default()
        };
        let frozen = graph.add(Kind::Object(Arc::new(frozen)), Flags::empty(), Origin::NONE);
        let final_list = graph.add(Kind::List([given].into()), Flags::UNKNOWN, Origin::NONE);
        for (id, expected) in [
            (null, r#"{"type":"null"}"#),
            (yes, r#"{"type":"boolean","const":true}"#),
            (number, r#"{"type":"number","const":1.50}"#),
            (text, r#"{"type":"string","const":"a\"b"}"#),
            (secret, r#"{"type":"string","const":"s"}"#),
            (bytes, "{\"type\":\"string\",\"const\":\"a\u{fffd}\u{fffd}\"}"),
            (given, r#"{"type":"string"}"#),
            (unknown, "true"),
            (sealed, "true"),
            (empty, r#"{"type":"array","items":false}"#),
            (list, r#"{"type":"array","prefixItems":[{"type":"null"},{"type":"string"}],"items":false}"#),
            (nothing, r#"{"type":"object"}"#),
            (object, r#"{"type":"object","properties":{"a":true,"b":{"type":"null"}},"required":["a","b"]}"#),
            (frozen, r#"{"type":"object","properties":{"b":{"type":"null"}},"required":["b"]}"#),
            (final_list, r#"{"type":"array","prefixItems":[{"type":"string"}],"items":false}"#),
        ] {
            assert_eq!(to_json(&schema_of(graph.view(id))), expected);
        }
    }

    #[test]
    fn secrets_stay_secret_in_constants() {
        let graph = &mut Graph::new();
        let id = graph.secret("s");
        let schema = schema_of(graph.view(id));
        let constant = schema.keywords().and_then(|keywords| keywords.constant.as_ref());
        assert!(constant.is_some_and(|value| value.view().is_secret()));
    }

    #[test]
    fn deep_and_doubling_values() {
        let graph = &mut Graph::new();
        let mut deep = graph.null();
        let mut doubling = deep;
        for _ in 0..10_000 {
            deep = graph.list([deep]);
            doubling = graph.list([doubling, doubling]);
        }
        drop(schema_of(graph.view(deep)));
        let schema = schema_of(graph.view(doubling));
        let items = &schema.keywords().expect("a list has keywords").prefix_items;
        assert!(Arc::ptr_eq(&items[0], &items[1]));
    }
}

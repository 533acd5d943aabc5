//! Deep equality of values, as `const` and `enum` mean it.
//!
//! Numbers are equal by text, objects by the keys of their top layer; what is not known equals nothing.

use std::collections::HashSet;

use super::super::{Kind, NodeId, View};

/// Tells whether two values are equal.
pub(super) fn equal(one: View<'_>, other: View<'_>) -> bool {
    equal_shared(one, other, &mut HashSet::new())
}

/// Pairs of containers in `done` are equal.
fn equal_shared(one: View<'_>, other: View<'_>, done: &mut HashSet<(NodeId, NodeId)>) -> bool {
    if one.is_unknown() || other.is_unknown() {
        return false;
    }
    let pair = (one.id(), other.id());
    let parts: Vec<(NodeId, NodeId)> = match (one.kind(), other.kind()) {
        (Kind::Null, Kind::Null) => return true,
        (Kind::Bool(a), Kind::Bool(b)) => return a == b,
        (Kind::Number(a), Kind::Number(b)) => return a == b,
        (Kind::String(a), Kind::String(b)) => return a == b,
        (Kind::List(_) | Kind::Object(_), _) if done.contains(&pair) => return true,
        (Kind::List(a), Kind::List(b)) if a.len() == b.len() => a.iter().copied().zip(b.iter().copied()).collect(),
        (Kind::Object(a), Kind::Object(b)) => {
            if !a.own().map(|(key, _)| key).eq(b.own().map(|(key, _)| key)) {
                return false;
            }
            a.own().map(|(_, id)| *id).zip(b.own().map(|(_, id)| *id)).collect()
        }
        _ => return false,
    };
    let equal = parts
        .into_iter()
        .all(|(a, b)| stacker::maybe_grow(64 * 1024, 1024 * 1024, || equal_shared(one.at(a), other.at(b), done)));
    if equal {
        done.insert(pair);
    }
    equal
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{
        super::{
            super::{Flags, Graph, Object, Origin},
            Schema,
            testing::from_json,
        },
        *,
    };

    #[test]
    fn pairs() {
        let texts = [
            "null",
            "false",
            "true",
            "0",
            "1",
            "1.0",
            "1e0",
            r#""""#,
            r#""1""#,
            "[]",
            "[null]",
            "[[]]",
            "[1,2]",
            "[2,1]",
            "{}",
            r#"{"a":1}"#,
            r#"{"a":2}"#,
            r#"{"b":1}"#,
            r#"{"a":1,"b":1}"#,
            r#"{"a":{"b":[1]}}"#,
        ];
        for (a, one) in texts.iter().enumerate() {
            for (b, other) in texts.iter().enumerate() {
                assert_eq!(equal(from_json(one).view(), from_json(other).view()), a == b, "{one} {other}");
            }
        }
    }

    #[test]
    fn only_the_top_layer_counts() {
        let graph = &mut Graph::new();
        let (a, b) = (graph.number("1"), graph.number("2"));
        let merged = Object {
            entries: [("a".into(), a), ("b".into(), b)].into(),
            own: Some(["a".into()].into()),
            ..Object::default()
        };
        let merged = graph.add(Kind::Object(Arc::new(merged)), Flags::empty(), Origin::NONE);
        assert!(equal(graph.view(merged), from_json(r#"{"a":1}"#).view()));
        assert!(!equal(graph.view(merged), from_json(r#"{"a":1,"b":2}"#).view()));
    }

    #[test]
    fn unknowns_equal_nothing() {
        let graph = &mut Graph::new();
        let unknown = graph.unknown(Schema::any());
        let list = graph.list([unknown]);
        for id in [unknown, list] {
            assert!(!equal(graph.view(id), graph.view(id)));
        }
    }

    #[test]
    fn deep_and_doubling_values() {
        let build = || {
            let mut graph = Graph::new();
            let mut id = graph.null();
            for _ in 0..10_000 {
                id = graph.list([id, id]);
            }
            (graph, id)
        };
        let ((one, one_id), (other, other_id)) = (build(), build());
        assert!(equal(one.view(one_id), other.view(other_id)));
    }
}

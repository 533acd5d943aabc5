//! A YAML document as plain data: what `local-file` and `local-command` parse.

use std::sync::Arc;

use super::{
    compose,
    tree::{Data, NodeId, Scalar, Tree},
};
use crate::{
    diagnostic::{Failure, FailureKind, Problem, Sink},
    dialect::Dialect,
    source::{Source, SourceMap},
    value::{self, Flags, Graph, Key, Kind, Origin, Value},
};

/// Reads the first document of a text; an empty one is null. Of repeated keys the last wins.
///
/// # Errors
/// When it is no YAML, nests too deeply, or uses aliases or keys that are no strings: where and why, without its text.
pub fn data(text: &str) -> Result<Value, Failure> {
    let mut sources = SourceMap::default();
    let source = sources.add(Source::new("", "", text));
    let mut sink = Sink::default();
    let tree = compose::parse(&sources, source, Dialect::Local, &mut sink);
    if let Some(message) = sink.into_sorted().0.first() {
        let (line, column) = message.span.map_or((1, 1), |span| sources.get(source).line_column(span.start));
        let reason = match &message.problem {
            Problem::Alias => "aliases are not supported",
            Problem::MapKey => "a key is no string: quote it",
            Problem::Tag { .. } => "a tag does not fit its text",
            Problem::Limit(_) => "it nests too deeply",
            _ => "it is malformed",
        };
        return Err(Failure::new(FailureKind::Provider, format!("not YAML: {reason}, line {line}, column {column}")));
    }
    let mut graph = Graph::new();
    let root = match tree.root() {
        Some(root) => node(&tree, root, &mut graph),
        None => graph.null(),
    };
    Ok(Value::new(graph, root))
}

/// Documents nest 128 levels at most, so recursion is safe.
fn node(tree: &Tree, id: NodeId, graph: &mut Graph) -> value::NodeId {
    let kind = match &tree.node(id).data {
        Data::Scalar { scalar: Scalar::Null, .. } => Kind::Null,
        Data::Scalar { scalar: Scalar::Bool(value), .. } => Kind::Bool(*value),
        Data::Scalar { scalar: Scalar::Number(text), .. } => Kind::Number(Arc::clone(text)),
        Data::Scalar { scalar: Scalar::String | Scalar::NonFinite, text, .. } => Kind::String(text.as_ref().into()),
        Data::Sequence(items) => Kind::List(items.iter().map(|item| node(tree, *item, graph)).collect()),
        Data::Mapping(entries) => {
            let entries: Vec<(Key, value::NodeId)> =
                entries.iter().map(|(key, item)| (Arc::clone(tree.text(*key)), node(tree, *item, graph))).collect();
            return graph.object(entries);
        }
    };
    graph.add(kind, Flags::empty(), Origin::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{View, json};

    #[test]
    fn documents_become_data() {
        for (text, expected) in [
            ("", "null"),
            ("a: 1\nb: [x, ~, true, 1_0]\na: 2\n", r#"{"a":2,"b":["x",null,true,10]}"#),
            ("--- |\n  text\n", r#""text\n""#),
        ] {
            let value = data(text).expect("it is YAML");
            assert_eq!(json::compact(value.view()).expect("it is small"), expected, "{text}");
        }
    }

    #[test]
    fn failures_say_where_and_hold_no_text() {
        for text in ["a: [hunter2\n", "a: &x hunter2\nb: *x\n", "1: hunter2\n", "a: !!int hunter2\n"] {
            let failure = data(text).map(|value| View::id(value.view())).expect_err("it is no plain data");
            assert!(failure.message.contains("line"), "{failure}");
            assert!(!failure.message.contains("hunter2"), "{failure}");
        }
    }
}

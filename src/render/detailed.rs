//! The reference's own JSON of a value: what it is, its flags, where it is defined, and the layers beneath.

use super::RenderError;
use crate::{
    source::{Position, Range},
    value::{
        Flags, Key, Kind, MAX_VALUES, NodeId, Origin, SECRET, Secrets, TooLarge, View,
        json::{Emitter, Layout},
    },
};

/// What a value is of its environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of it: the outermost value has neither definition nor layers, as the reference makes it up for the output.
    Environment,
    /// A part.
    Value,
}

/// Renders the detailed JSON with a line feed at the end; `ranges` tells where an origin is in its source.
///
/// # Errors
/// [`RenderError::TooLarge`]: each layer beneath a value counts.
pub fn detailed(
    value: View<'_>,
    scope: Scope,
    ranges: impl Fn(Origin) -> Range,
    secrets: Secrets,
) -> Result<String, RenderError> {
    let mut writer = Writer { out: Emitter::new(Layout::Indented), steps: Vec::new(), secrets, left: MAX_VALUES };
    writer.value(value)?;
    let top = match scope {
        Scope::Environment => Step::Meta { view: value, range: Range::default(), base: None },
        Scope::Value => Step::of(value, &ranges),
    };
    writer.steps.insert(0, top);
    while let Some(step) = writer.steps.pop() {
        writer.step(step, &ranges)?;
    }
    Ok(writer.out.finish() + "\n")
}

/// What is left to write; the last step comes first.
enum Step<'g> {
    /// A value, and what follows its value.
    Value(Option<&'g Key>, View<'g>),
    /// The flags and the definition of a value, and its end.
    Meta { view: View<'g>, range: Range, base: Option<NodeId> },
    /// The end of a list or an object.
    Close(char),
}

impl<'g> Step<'g> {
    fn of(view: View<'g>, ranges: &impl Fn(Origin) -> Range) -> Self {
        Self::Meta { view, range: ranges(view.node().origin), base: view.node().base }
    }
}

struct Writer<'g> {
    out: Emitter,
    steps: Vec<Step<'g>>,
    secrets: Secrets,
    left: u32,
}

impl<'g> Writer<'g> {
    fn step(&mut self, step: Step<'g>, ranges: &impl Fn(Origin) -> Range) -> Result<(), TooLarge> {
        match step {
            Step::Value(key, view) => {
                if let Some(key) = key {
                    self.out.key(key);
                }
                self.steps.push(Step::of(view, ranges));
                self.value(view)
            }
            Step::Meta { view, range, base } => self.meta(view, &range, base),
            Step::Close(bracket) => self.out.close(bracket),
        }
    }

    /// Opens a value and writes its `value`, or the begin of it.
    fn value(&mut self, view: View<'g>) -> Result<(), TooLarge> {
        self.left = self.left.checked_sub(1).ok_or(TooLarge::Values)?;
        self.out.open('{')?;
        self.out.key("value");
        match view.kind() {
            Kind::Unknown | Kind::Sealed(_) | Kind::Null => self.out.literal("null"),
            _ if self.secrets == Secrets::Masked && view.is_secret() => self.out.string(SECRET.as_bytes()),
            Kind::Bool(true) => self.out.literal("true"),
            Kind::Bool(false) => self.out.literal("false"),
            Kind::Number(text) => self.out.literal(text),
            Kind::String(text) => self.out.string(text.as_bytes()),
            Kind::List(items) => {
                self.steps.push(Step::Close(']'));
                self.steps.extend(items.iter().rev().map(|id| Step::Value(None, view.at(*id))));
                self.out.open('[')
            }
            Kind::Object(_) => {
                self.steps.push(Step::Close('}'));
                let first = self.steps.len();
                self.steps.extend(view.entries().map(|(key, value)| Step::Value(Some(key), value)));
                self.steps[first..].reverse();
                self.out.open('{')
            }
        }
    }

    /// Writes what follows `value`, and the end; the layer beneath is written in between.
    fn meta(&mut self, view: View<'g>, range: &Range, base: Option<NodeId>) -> Result<(), TooLarge> {
        if view.is_secret() {
            self.out.key("secret");
            self.out.literal("true")?;
        }
        if view.has(Flags::UNKNOWN) || matches!(view.kind(), Kind::Sealed(_)) {
            self.out.key("unknown");
            self.out.literal("true")?;
        }
        self.out.key("trace");
        self.out.open('{')?;
        self.out.key("def");
        self.out.open('{')?;
        self.out.key("environment");
        self.out.string(range.environment.as_bytes())?;
        self.position("begin", range.begin)?;
        self.position("end", range.end)?;
        self.out.close('}')?;
        self.steps.extend([Step::Close('}'), Step::Close('}')]);
        if let Some(base) = base {
            self.out.key("base");
            self.steps.push(Step::Value(None, view.at(base)));
        }
        Ok(())
    }

    fn position(&mut self, key: &str, position: Position) -> Result<(), TooLarge> {
        self.out.key(key);
        self.out.open('{')?;
        for (key, number) in [("line", position.line), ("column", position.column), ("byte", position.byte)] {
            self.out.key(key);
            self.out.literal(&number.to_string())?;
        }
        self.out.close('}')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Graph, Node, schema::Schema};

    /// Renders without blanks, and with the empty position as `0`.
    fn short(graph: &Graph, id: NodeId, scope: Scope, secrets: Secrets) -> String {
        let ranges = |origin: Origin| match origin {
            Origin::NONE => Range::default(),
            Origin(line) => Range {
                environment: "p/e".into(),
                begin: Position { line, column: 2, byte: 3 },
                end: Position { line, column: 5, byte: 6 },
            },
        };
        let text = detailed(graph.view(id), scope, ranges, secrets).unwrap();
        text.split_whitespace()
            .collect::<String>()
            .replace(r#"{"line":0,"column":0,"byte":0}"#, "0")
            .replace(r#"{"def":{"environment":"","begin":0,"end":0}"#, "{none")
    }

    #[test]
    fn flags_come_between_value_and_trace() {
        let mut graph = Graph::new();
        let secret = graph.secret("s");
        let unknown = graph.unknown(Schema::any());
        let hidden = graph.add(Kind::Unknown, Flags::SECRET, Origin::NONE);
        let kept = graph.add(Kind::String("[unknown]".into()), Flags::UNKNOWN, Origin::NONE);
        let null = graph.null();
        let list = graph.list([]);
        let object = graph.object([]);
        let table = [
            (secret, r#"{"value":"s","secret":true,"trace":{none}}"#),
            (unknown, r#"{"value":null,"unknown":true,"trace":{none}}"#),
            (hidden, r#"{"value":null,"secret":true,"unknown":true,"trace":{none}}"#),
            (kept, r#"{"value":"[unknown]","unknown":true,"trace":{none}}"#),
            (null, r#"{"value":null,"trace":{none}}"#),
            (list, r#"{"value":[],"trace":{none}}"#),
            (object, r#"{"value":{},"trace":{none}}"#),
        ];
        for (id, expected) in table {
            assert_eq!(short(&graph, id, Scope::Value, Secrets::Shown), expected);
        }
        assert!(!short(&graph, secret, Scope::Value, Secrets::Masked).contains("\"s\""));
    }

    #[test]
    fn layers_are_shown_beneath_and_the_whole_environment_has_none() {
        let mut graph = Graph::new();
        let below = graph.add(Kind::Bool(true), Flags::empty(), Origin(1));
        let top = graph.add(Kind::Bool(false), Flags::empty(), Origin(4));
        let top = Node { base: Some(below), ..graph.node(top).clone() };
        let top = graph.push(top);
        let root = graph.object([("a".into(), top), ("b".into(), below)]);
        let root = Node { base: Some(below), origin: Origin(9), ..graph.node(root).clone() };
        let root = graph.push(root);
        let def = |line| {
            format!(
                r#"{{"def":{{"environment":"p/e","begin":{{"line":{line},"column":2,"byte":3}},"end":{{"line":{line},"column":5,"byte":6}}}}"#
            )
        };
        let b = format!(r#"{{"value":true,"trace":{}}}}}"#, def(1));
        let a = format!(r#"{{"value":false,"trace":{},"base":{b}}}}}"#, def(4));
        let all = format!(r#"{{"value":{{"a":{a},"b":{b}}},"trace":"#);
        assert_eq!(short(&graph, root, Scope::Environment, Secrets::Shown), format!("{all}{{none}}}}"));
        assert_eq!(short(&graph, root, Scope::Value, Secrets::Shown), format!(r#"{all}{},"base":{b}}}}}"#, def(9)));
    }

    #[test]
    fn layers_upon_layers_end() {
        let mut graph = Graph::new();
        let mut id = graph.null();
        for _ in 0..64 {
            let list = graph.list([id]);
            let node = Node { base: Some(id), ..graph.node(list).clone() };
            id = graph.push(node);
        }
        let text = detailed(graph.view(id), Scope::Value, |_| Range::default(), Secrets::Shown);
        assert!(matches!(text, Err(RenderError::TooLarge(_))));
    }
}

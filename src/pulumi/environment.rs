//! What Pulumi Cloud says of an environment: values, ranges and messages, read leniently.
//!
//! A value may leave out what is usual (`value` of null, ranges, flags) and hold what is not known; numbers keep their text.

use crate::{
    source::{Position, Range},
    value::{Flags, Graph, Key, Kind, Node, NodeId, Object, Origin, View, json},
};

/// An environment as Pulumi Cloud evaluated it.
#[derive(Default)]
pub struct Received {
    /// The values.
    pub graph: Graph,
    /// The environment's value, an object; absent when there is no environment.
    pub root: Option<NodeId>,
    /// The range of each [`Origin`] in the graph.
    pub ranges: Vec<Range>,
    /// What the service has to say.
    pub messages: Vec<Message>,
}

/// A message of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whether it is a warning only.
    pub warning: bool,
    /// What is wrong.
    pub summary: String,
    /// More about it.
    pub detail: Option<String>,
    /// Path in the document.
    pub path: String,
    /// The place; absent where none is meant.
    pub range: Option<Range>,
}

/// An answer that is not what it should be; nothing of it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Levels of lists and objects after which a conversion takes a new stack.
const RED_ZONE: usize = 64 * 1024;
const STACK: usize = 1024 * 1024;

impl Received {
    /// Reads an environment.
    ///
    /// # Errors
    /// When it is no JSON, or a value in it has no form that a value can have.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        let (source, root) = read(body)?;
        let mut received = Self::default();
        let json = source.view(root);
        received.messages = messages(json);
        let properties = json.get("properties").map(|properties| (properties, properties.kind()));
        received.root = match (json.kind(), properties) {
            (Kind::Null, _) => None,
            (Kind::Object(_), None | Some((_, Kind::Null))) => Some(received.graph.object([])),
            (Kind::Object(_), Some((properties, Kind::Object(_)))) => {
                Some(received.object(properties, Flags::empty(), Origin::NONE, Flags::empty())?)
            }
            _ => return Err(Malformed),
        };
        Ok(received)
    }

    fn object(&mut self, json: View<'_>, flags: Flags, origin: Origin, inherited: Flags) -> Result<NodeId, Malformed> {
        let mut entries: Vec<(Key, NodeId)> = Vec::new();
        for (key, value) in json.entries() {
            entries.push((key.clone(), self.value(value, inherited)?));
        }
        let object = Object { entries: entries.into(), ..Object::default() };
        Ok(self.graph.add(Kind::Object(object.into()), flags, origin))
    }

    /// Reads one value; what lies in a secret is secret too.
    fn value(&mut self, json: View<'_>, inherited: Flags) -> Result<NodeId, Malformed> {
        stacker::maybe_grow(RED_ZONE, STACK, || self.value_here(json, inherited))
    }

    fn value_here(&mut self, json: View<'_>, inherited: Flags) -> Result<NodeId, Malformed> {
        if !matches!(json.kind(), Kind::Object(_)) {
            return Err(Malformed);
        }
        let flag =
            |name, flag| if json.get(name).and_then(View::as_bool) == Some(true) { flag } else { Flags::empty() };
        let inherited = inherited | flag("secret", Flags::SECRET);
        let flags = inherited | flag("unknown", Flags::UNKNOWN);
        let trace = json.get("trace");
        let origin = self.origin(trace.and_then(|trace| trace.get("def")));
        let base = match trace.and_then(|trace| trace.get("base")).filter(|base| !matches!(base.kind(), Kind::Null)) {
            Some(base) => Some(self.value(base, Flags::empty())?),
            None => None,
        };
        let id = match json.get("value").map(|value| (value, value.kind())) {
            None | Some((_, Kind::Null)) if flags.has(Flags::UNKNOWN) => self.graph.add(Kind::Unknown, flags, origin),
            None => self.graph.add(Kind::Null, flags, origin),
            Some((value, Kind::Object(_))) => self.object(value, flags, origin, inherited)?,
            Some((value, Kind::List(_))) => {
                let items: Vec<NodeId> =
                    value.items().map(|item| self.value(item, inherited)).collect::<Result<_, _>>()?;
                self.graph.add(Kind::List(items.into()), flags, origin)
            }
            Some((_, scalar)) => self.graph.add(scalar.clone(), flags, origin),
        };
        Ok(match base {
            None => id,
            Some(base) => {
                let node = Node { base: Some(base), ..self.graph.node(id).clone() };
                self.graph.push(node)
            }
        })
    }

    /// Notes where a value is defined.
    fn origin(&mut self, definition: Option<View<'_>>) -> Origin {
        let Some(range) = definition.and_then(range) else { return Origin::NONE };
        if self.ranges.last() != Some(&range) {
            self.ranges.push(range);
        }
        Origin(u32::try_from(self.ranges.len() - 1).expect("an answer is far below 2^32 values"))
    }
}

/// Reads the answer to the opening of an environment: the session's id, and messages.
///
/// # Errors
/// When it is no object.
pub(super) fn opening(body: &[u8]) -> Result<(Option<String>, Vec<Message>), Malformed> {
    let (graph, root) = read(body)?;
    let json = graph.view(root);
    match json.kind() {
        Kind::Object(_) => {
            let id = json.get("id").and_then(View::as_str).filter(|id| !id.is_empty());
            Ok((id.map(str::to_owned), messages(json)))
        }
        _ => Err(Malformed),
    }
}

/// Reads the messages of an answer that refuses; nothing when it has none.
#[must_use]
pub(super) fn refusal(body: &[u8]) -> Vec<Message> {
    read(body).map(|(graph, root)| messages(graph.view(root))).unwrap_or_default()
}

fn read(body: &[u8]) -> Result<(Graph, NodeId), Malformed> {
    let mut graph = Graph::new();
    let body = if body.trim_ascii().is_empty() { b"null" } else { body };
    let root = json::parse(body, &mut graph, Origin::NONE, Flags::empty()).map_err(|_| Malformed)?;
    Ok((graph, root))
}

fn messages(json: View<'_>) -> Vec<Message> {
    let Some(list) = json.get("diagnostics") else { return Vec::new() };
    let message = |json: View<'_>| {
        let text = |name| json.get(name).and_then(View::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let warning = text("severity").is_some_and(|severity| severity.eq_ignore_ascii_case("warning"));
        let detail = text("detail");
        Message {
            warning,
            summary: text("summary")
                .or_else(|| detail.clone())
                .unwrap_or_else(|| "the service gives no reason".to_owned()),
            detail: text("summary").and(detail),
            path: text("path").unwrap_or_default(),
            range: json.get("range").and_then(range).filter(|range| *range != Range::default()),
        }
    };
    list.items().map(message).collect()
}

/// Reads a range; what it leaves out is zero.
fn range(json: View<'_>) -> Option<Range> {
    if !matches!(json.kind(), Kind::Object(_)) {
        return None;
    }
    let position = |name| {
        let position = json.get(name);
        let number = |name| position.and_then(|at| at.get(name)?.as_number()?.parse().ok()).unwrap_or_default();
        Position { line: number("line"), column: number("column"), byte: number("byte") }
    };
    let environment = json.get("environment").and_then(View::as_str).unwrap_or_default();
    Some(Range { environment: environment.into(), begin: position("begin"), end: position("end") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json::compact;

    fn parse(text: &str) -> Received {
        Received::parse(text.as_bytes()).unwrap()
    }

    fn root(received: &Received) -> View<'_> {
        received.graph.view(received.root.unwrap())
    }

    #[test]
    fn values_keep_their_text_and_their_flags() {
        let received = parse(
            r#"{"properties": {
                "n": {"value": 3.10}, "big": {"value": 1e400}, "none": {"trace": {}}, "null": {"value": null},
                "s": {"value": "x", "secret": true}, "u": {"unknown": true}, "v": {"value": null, "unknown": true},
                "w": {"value": "[unknown]", "unknown": true},
                "o": {"value": {"a": {"value": [{"value": true}]}}, "secret": true, "unheard": 1}
            }, "exprs": {}, "schema": true, "unheard": [1]}"#,
        );
        let root = root(&received);
        assert_eq!(
            compact(root).unwrap(),
            r#"{"big":1e400,"n":3.10,"none":null,"null":null,"o":{"a":[true]},"s":"x","u":"[unknown]","v":"[unknown]","w":"[unknown]"}"#
        );
        assert!(root.get("s").unwrap().is_secret() && !root.get("n").unwrap().is_secret());
        for name in ["u", "v", "w"] {
            assert!(root.get(name).unwrap().is_unknown(), "{name}");
        }
        // What lies in a secret is one.
        assert!(root.get("o").unwrap().get("a").unwrap().item(0).unwrap().is_secret());
    }

    #[test]
    fn places_and_layers_are_kept() {
        let def = |line| {
            format!(
                r#"{{"def":{{"environment":"p/e","begin":{{"line":{line},"column":2,"byte":3}},"end":{{"line":{line}}}}}"#
            )
        };
        let received = parse(&format!(
            r#"{{"properties":{{"a":{{"value":1,"trace":{},"base":{{"value":2,"trace":{}}}}}}}}}}}}}"#,
            def(7),
            def(4)
        ));
        let a = root(&received).get("a").unwrap();
        let range = |view: View<'_>| received.ranges[view.node().origin.0 as usize].clone();
        assert_eq!(range(a).begin, Position { line: 7, column: 2, byte: 3 });
        assert_eq!(range(a).end, Position { line: 7, column: 0, byte: 0 });
        let base = a.at(a.node().base.unwrap());
        assert_eq!((base.as_number(), range(base).begin.line, &*range(base).environment), (Some("2"), 4, "p/e"));
    }

    #[test]
    fn an_environment_may_be_empty_or_absent() {
        for text in ["{}", r#"{"properties":{}}"#, r#"{"properties":null}"#] {
            assert_eq!(compact(root(&parse(text))).unwrap(), "{}", "{text}");
        }
        for text in ["null", "", " "] {
            assert!(parse(text).root.is_none(), "{text}");
        }
        for text in [
            "[]",
            "1",
            "{",
            r#"{"properties":[]}"#,
            r#"{"properties":{"a":1}}"#,
            r#"{"properties":{"a":{"value":[1]}}}"#,
        ] {
            assert_eq!(Received::parse(text.as_bytes()).err(), Some(Malformed), "{text}");
        }
    }

    #[test]
    fn deep_values_are_read() {
        let levels = 4_000;
        let text = format!(
            r#"{{"properties":{{"a":{}{{"value":1}}{}}}}}"#,
            r#"{"value":["#.repeat(levels),
            "]}".repeat(levels)
        );
        assert!(root(&parse(&text)).get("a").is_some());
    }

    #[test]
    fn messages_are_read_in_every_spelling() {
        let list = r#""diagnostics":[
            {"summary":"no such property","detail":"more","path":"values.a","range":{"environment":"p/e","begin":{"line":2,"column":3,"byte":9},"end":{"line":2,"column":5,"byte":11}}},
            {"summary":"unused","severity":"warning"}, {"detail":"only this", "severity":"error", "range":{"environment":""}}, {}]"#;
        let expected = [
            ("no such property", Some("more"), false, "values.a", Some(2)),
            ("unused", None, true, "", None),
            ("only this", None, false, "", None),
            ("the service gives no reason", None, false, "", None),
        ];
        for body in [format!("{{{list}}}"), format!(r#"{{"code":"400","message":"m",{list}}}"#)] {
            let messages = refusal(body.as_bytes());
            let found: Vec<_> = messages
                .iter()
                .map(|m| {
                    (
                        &*m.summary,
                        m.detail.as_deref(),
                        m.warning,
                        &*m.path,
                        m.range.as_ref().map(|range| range.begin.line),
                    )
                })
                .collect();
            assert_eq!(found, expected);
        }
        assert_eq!(refusal(b"<html>"), []);
        assert_eq!(refusal(br#"{"diagnostics":null}"#), []);
        assert_eq!(opening(br#"{"id":"s-1"}"#), Ok((Some("s-1".to_owned()), Vec::new())));
        assert_eq!(opening(br#"{"id":""}"#), Ok((None, Vec::new())));
        assert_eq!(opening(b"[]"), Err(Malformed));
    }
}

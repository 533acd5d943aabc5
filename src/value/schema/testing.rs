//! Values and schemas for tests, from JSON.

use super::{
    super::{Graph, NodeId, Origin, Value, View},
    Blame, Keywords, SchemaRef, Violation, compile, decode, to_json, validate,
};

/// Reads valid JSON; number texts are kept.
pub(super) fn from_json(text: &str) -> Value {
    let mut graph = Graph::new();
    let id = read_json(&mut graph, text);
    Value::new(graph, id)
}

/// Reads valid JSON into a graph.
pub(super) fn read_json(graph: &mut Graph, text: &str) -> NodeId {
    let mut rest = text;
    let id = read(graph, &mut rest);
    assert!(rest.trim().is_empty(), "nothing follows {text}");
    id
}

/// Reads and compiles a schema.
pub(super) fn schema(text: &str) -> SchemaRef {
    let read = decode(from_json(text).view()).unwrap_or_else(|error| panic!("{text}: {error}"));
    compile(&read).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn read(graph: &mut Graph, rest: &mut &str) -> NodeId {
    *rest = rest.trim_start();
    match rest.as_bytes()[0] {
        b'"' => {
            let text = read_text(rest);
            graph.string(text)
        }
        b'[' => {
            let mut items = Vec::new();
            while !closes(rest, ']') {
                items.push(read(graph, rest));
            }
            graph.list(items)
        }
        b'{' => {
            let mut entries = Vec::new();
            while !closes(rest, '}') {
                *rest = rest.trim_start();
                let key = read_text(rest);
                *rest = rest.trim_start().strip_prefix(':').expect("a colon follows a key");
                entries.push((key.into(), read(graph, rest)));
            }
            graph.object(entries)
        }
        _ => {
            let end = rest.find([',', ']', '}', ' ']).unwrap_or(rest.len());
            let word = &rest[..end];
            *rest = &rest[end..];
            match word {
                "null" => graph.null(),
                "true" => graph.bool(true),
                "false" => graph.bool(false),
                number => graph.number(number),
            }
        }
    }
}

/// Takes the opening bracket or a comma, or nothing before the closing bracket, which is taken, too, if it is next.
fn closes(rest: &mut &str, bracket: char) -> bool {
    let trimmed = rest.trim_start();
    let inside = if trimmed.starts_with(bracket) { trimmed } else { trimmed[1..].trim_start() };
    let after = inside.strip_prefix(bracket);
    *rest = after.unwrap_or(inside);
    after.is_some()
}

fn read_text(rest: &mut &str) -> String {
    let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    let text = texts.next().expect("a text is next").expect("the text is valid");
    let end = texts.byte_offset();
    *rest = &rest[end..];
    text
}

/// A check in which no definition is a literal.
pub(super) struct NoLiterals;

impl Blame for NoLiterals {
    fn item(&self, _: Origin, _: usize) -> Option<Origin> {
        None
    }

    fn property(&self, _: Origin, _: &str) -> Option<Origin> {
        None
    }
}

/// Checks a value; returns whether it matches, and every finding as `prefix: violation`.
pub(super) fn check(value: View<'_>, accept: &SchemaRef) -> (bool, Vec<String>) {
    let mut findings = Vec::new();
    let matches = validate(value, accept, &NoLiterals, &mut findings);
    (matches, findings.iter().map(|finding| format!("{}: {}", finding.prefix, describe(&finding.violation))).collect())
}

fn describe(violation: &Violation) -> String {
    let json = |value: &Value| {
        to_json(&Keywords { constant: Some(value.clone()), ..Keywords::default() }.into())
            .replace(r#"{"type":"","const":"#, "")
            .trim_end_matches('}')
            .to_owned()
    };
    match violation {
        Violation::Type { expected, got } => format!("{expected}, not {got}"),
        Violation::Const(value) => format!("const {}", json(value)),
        Violation::Enum(values) => format!("enum {}", values.iter().map(json).collect::<Vec<_>>().join(" ")),
        Violation::NoneOf => "none of".to_owned(),
        Violation::OneOfNone => "one of none".to_owned(),
        Violation::OneOfMany => "one of many".to_owned(),
        Violation::MultipleOf(limit) => format!("multiple of {limit}"),
        Violation::Minimum(limit) => format!("at least {limit}"),
        Violation::ExclusiveMinimum(limit) => format!("more than {limit}"),
        Violation::Maximum(limit) => format!("at most {limit}"),
        Violation::ExclusiveMaximum(limit) => format!("less than {limit}"),
        Violation::MinLength(limit) => format!("at least {limit} bytes"),
        Violation::MaxLength(limit) => format!("at most {limit} bytes"),
        Violation::Pattern(pattern) => format!("like {pattern}"),
        Violation::MinItems(limit) => format!("at least {limit} items"),
        Violation::MaxItems(limit) => format!("at most {limit} items"),
        Violation::MinProperties(limit) => format!("at least {limit} properties"),
        Violation::MaxProperties(limit) => format!("at most {limit} properties"),
        Violation::Required(names) => format!("requires {}", names.join(" ")),
        Violation::RequiredSchema(names) => format!("must promise {}", names.join(" ")),
        Violation::TooLarge => "too large".to_owned(),
    }
}

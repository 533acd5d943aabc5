//! The layout, pinned, and a proof by another reader that values survive.

use proptest::{
    collection::{btree_map, vec},
    prelude::*,
    test_runner::RngSeed,
};

use super::*;
use crate::value::{Flags, Graph, NodeId, Origin, json::parse, schema::Schema};

fn yaml(json: &str) -> String {
    let mut graph = Graph::new();
    let id = parse(json, &mut graph, Origin::NONE, Flags::empty()).unwrap();
    text(graph.view(id)).unwrap()
}

#[test]
fn layout_is_block_style() {
    let table = [
        (r#"{"a": "b", "c": "d"}"#, "a: b\nc: d\n"),
        (
            r#"{"k": {"k": 1}, "l": [1, [2, 3], {"x": true, "w": {"z": null}}]}"#,
            "k:\n    k: 1\nl:\n    - 1\n    - - 2\n      - 3\n    - w:\n        z: null\n      x: true\n",
        ),
        (r#"[[[1], 2], {"a": []}, {}, []]"#, "- - - 1\n  - 2\n- a: []\n- {}\n- []\n"),
        ("{}", "{}\n"),
        ("[]", "[]\n"),
        ("null", "null\n"),
        (r#""a\nb\n""#, "|\n    a\n    b\n"),
        (
            r#"{"t": "a\n\n b", "u": "x\n\n", "v": ["l\nm"]}"#,
            "t: |-\n    a\n\n     b\nu: |+\n    x\n\nv:\n    - |-\n      l\n      m\n",
        ),
    ];
    for (json, expected) in table {
        assert_eq!(yaml(json), expected, "{json}");
    }
}

#[test]
fn a_long_key_is_written_with_a_question_mark() {
    let key = "k".repeat(200);
    assert_eq!(
        yaml(&format!(r#"{{"a": {{"{key}": {{"b": 1, "c": "d\ne"}}}}}}"#)),
        format!("a:\n    ? {key}\n    : b: 1\n      c: |-\n        d\n        e\n")
    );
}

#[test]
fn numbers_are_numbers_for_every_reader() {
    let table = [("1", "1"), ("1.50", "1.50"), ("1E5", "1.0e+5"), ("1e+06", "1.0e+06"), ("-2.5e-7", "-2.5e-7")];
    for (number, expected) in table {
        assert_eq!(yaml(number), format!("{expected}\n"));
    }
}

#[test]
fn what_could_be_taken_for_something_else_is_quoted() {
    let plain = ["a", "a b", "http://x:80/y#z", "${X}", "$(id)", "é", "nullx", "yes!", "a'b\"c\\d", "_", "x=y, {z}"];
    let quoted = [
        "",
        " ",
        "a ",
        " a",
        "1",
        "0x1F",
        "1_000",
        "1:30",
        "+1",
        "-1",
        ".5",
        ".inf",
        ".nan",
        "-",
        "- a",
        "--- a",
        "...",
        "?",
        ":",
        "a:",
        "a: b",
        "a #b",
        "#a",
        "~",
        "=",
        "<<",
        "null",
        "Null",
        "TRUE",
        "Yes",
        "no",
        "on",
        "OFF",
        "y",
        "N",
        "2026-01-01",
        "[a",
        "{a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "'a",
        "\"a",
        ",a",
        "]",
        "}",
        "a\tb",
        "a\rb",
        "\u{a0}",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "\0",
        "\x1b",
        "\u{e0001}",
        "\u{fffe}",
        "\n",
        "\na",
        " a\nb",
        "a \nb",
        "a\n\tb",
        "a\nb ",
    ];
    let graph = Graph::new();
    let write = |text: &str| {
        let mut graph = graph.clone();
        let id = graph.string(text);
        shown(graph.view(id), Secrets::Shown).unwrap()
    };
    for text in plain {
        assert_eq!(write(text), format!("{text}\n"));
    }
    for text in quoted {
        let yaml = write(text);
        assert!(yaml.starts_with('"') && yaml.ends_with("\"\n"), "{text:?} is written {yaml}");
    }
    assert_eq!(
        write("\"\\\n\r\t\x1b\u{85}\u{2028}\u{e0001}é "),
        "\"\\\"\\\\\\n\\r\\t\\u001b\\u0085\\u2028\\U000e0001é \"\n"
    );
}

#[test]
fn unknowns_secrets_and_bytes() {
    let mut graph = Graph::new();
    let secret = graph.secret("s");
    let unknown = graph.unknown(Schema::any());
    let bytes = graph.string(&b"a\xff"[..]);
    let inner = graph.object([("x".into(), secret)]);
    let node = crate::value::Node { flags: Flags::SECRET, ..graph.node(inner).clone() };
    let both = graph.push(node);
    let id = graph.object([("s", secret), ("u", unknown), ("b", bytes), ("o", both)].map(|(k, v)| (k.into(), v)));
    let view = graph.view(id);
    let clear = "b: a\u{fffd}\no:\n  x: s\ns: s\nu: \"[unknown]\"\n";
    let masked = "b: a\u{fffd}\no: \"[secret]\"\ns: \"[secret]\"\nu: \"[unknown]\"\n";
    assert_eq!(shown(view, Secrets::Shown).unwrap(), clear);
    assert_eq!(shown(view, Secrets::Masked).unwrap(), masked);
    assert_eq!(text(graph.view(bytes)).unwrap(), "!!binary \"Yf8=\"\n");
}

#[test]
fn deep_and_wide_values_end() {
    assert_eq!(yaml(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))), format!("{}[]\n", "- ".repeat(9_999)));
    let deep = format!("{}1{}", r#"{"a":"#.repeat(9_000), "}".repeat(9_000));
    let mut graph = Graph::new();
    let id = parse(deep, &mut graph, Origin::NONE, Flags::empty()).unwrap();
    let id = graph.list(vec![id; 10]);
    assert_eq!(text(graph.view(id)), Err(TooLarge::Bytes));
}

/// A value to write and to compare with what is read.
#[derive(Clone, Debug)]
enum Sample {
    Null,
    Bool(bool),
    Number(i64),
    String(String),
    List(Vec<Sample>),
    Object(std::collections::BTreeMap<String, Sample>),
}

impl Sample {
    fn add(&self, graph: &mut Graph) -> NodeId {
        match self {
            Self::Null => graph.null(),
            Self::Bool(value) => graph.bool(*value),
            Self::Number(value) => graph.number(value.to_string()),
            Self::String(value) => graph.string(value.as_str()),
            Self::List(items) => {
                let items: Vec<NodeId> = items.iter().map(|item| item.add(graph)).collect();
                graph.list(items)
            }
            Self::Object(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| (key.as_str().into(), value.add(graph))).collect();
                graph.object(entries)
            }
        }
    }

    fn is(&self, read: &serde_yaml::Value) -> bool {
        use serde_yaml::Value;
        match (self, read) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::Number(a), Value::Number(b)) => b.as_i64() == Some(*a),
            (Self::String(a), Value::String(b)) => a == b,
            (Self::List(a), Value::Sequence(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is(b)),
            (Self::Object(a), Value::Mapping(b)) => {
                a.len() == b.len() && a.iter().all(|(key, a)| b.get(key.as_str()).is_some_and(|b| a.is(b)))
            }
            _ => false,
        }
    }
}

/// Strings of what is special to YAML, and any others.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            " ", "  ", "\n", "\n\n", "\t", "\r", ":", ": ", " #", "#", "-", "- ", "---", "...", "?", "!", "&", "*", "|", ">", "%", "@",
            "`", "'", "\"", "\\", "\\n", "{", "}", "[", "]", ",", "~", "<<", "=", "$", "${X}", "0", "1", "0x", "_", ".", "e", "+", "y", "no",
            "true", "null", "a", "b", "é", "日", "\u{301}", "🚀", "\u{feff}", "\u{2028}", "\u{85}", "\u{a0}", "\0", "\x1b", "\u{fffe}",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn sample() -> impl Strategy<Value = Sample> {
    let leaf = prop_oneof![
        1 => Just(Sample::Null),
        1 => any::<bool>().prop_map(Sample::Bool),
        1 => any::<i64>().prop_map(Sample::Number),
        6 => nasty().prop_map(Sample::String),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Sample::List),
            btree_map(nasty(), inner, 0..5).prop_map(Sample::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn another_reader_reads_the_value_back(sample in sample()) {
        let mut graph = Graph::new();
        let id = sample.add(&mut graph);
        for yaml in [text(graph.view(id)).unwrap(), shown(graph.view(id), Secrets::Shown).unwrap()] {
            let read: serde_yaml::Value = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}: {yaml}")))?;
            prop_assert!(sample.is(&read), "{yaml}");
        }
    }
}

//! The JSON Schema for editors, made from the table of keys; `docs/esc-shell.schema.json` is compared with it.

use serde_json::{Map, Value, json};

use super::{
    keys::CONFIG,
    shape::{Keys, Object, Shape, Text},
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/esc-shell.schema.json");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");

fn schema() -> Value {
    let mut schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "esc-shell.yaml",
        "description": "Configuration of esc-shell",
    });
    merge(&mut schema, object(&CONFIG, true));
    schema
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}

fn types(name: &str, shape_may_be_empty: bool) -> Value {
    if shape_may_be_empty { json!([name, "null"]) } else { json!(name) }
}

fn of(shape: &Shape) -> Value {
    let empty = shape.may_be_empty();
    match shape {
        Shape::Text(kind) => text(*kind),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Count => json!({"type": "integer", "minimum": 0}),
        Shape::Number => json!({"type": "number"}),
        Shape::Scalar => json!({"type": ["string", "number", "boolean"]}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::OneOrMore(item) => json!({"anyOf": [of(item), {"type": "array", "items": of(item), "minItems": 1}]}),
        Shape::List(item, least) => json!({"type": types("array", empty), "items": of(item), "minItems": least}),
        Shape::Map(key, value) => {
            json!({"type": types("object", empty), "propertyNames": text(*key), "additionalProperties": of(value)})
        }
        Shape::Object(known) => object(known, empty),
        Shape::ChoiceOr(words, known) => json!({"anyOf": [{"enum": words}, object(known, false)]}),
    }
}

fn text(kind: Text) -> Value {
    let mut schema = json!({"type": "string", "minLength": 1});
    if let Some(pattern) = kind.pattern() {
        merge(&mut schema, json!({"pattern": pattern}));
    }
    schema
}

fn object(object: &Object, may_be_empty: bool) -> Value {
    let mut properties = Map::new();
    for field in object.fields {
        let mut schema = of(&field.shape);
        merge(&mut schema, json!({"description": field.about}));
        properties.insert(field.key.to_owned(), schema);
    }
    let mut schema =
        json!({"type": types("object", may_be_empty), "properties": properties, "additionalProperties": false});
    let required = |keys: &[&str]| -> Vec<Value> { keys.iter().map(|key| json!({"required": [key]})).collect() };
    merge(
        &mut schema,
        match object.keys {
            Keys::Any => json!({}),
            Keys::NotBoth(one, other) => json!({"not": {"required": [one, other]}}),
            Keys::OneOf(keys) => json!({"oneOf": required(keys)}),
            Keys::Some => json!({"minProperties": 1}),
        },
    );
    schema
}

/// Every key with its path, `variables.*.type`.
fn paths(object: &Object, prefix: &str, out: &mut Vec<String>) {
    for field in object.fields {
        let path = format!("{prefix}{}", field.key);
        inner(&field.shape, &path, out);
        out.push(path);
    }
}

fn inner(shape: &Shape, path: &str, out: &mut Vec<String>) {
    match shape {
        Shape::Object(object) | Shape::ChoiceOr(_, object) => paths(object, &format!("{path}."), out),
        Shape::Map(_, value) => inner(value, &format!("{path}.*"), out),
        Shape::List(item, _) | Shape::OneOrMore(item) => inner(item, &format!("{path}[]"), out),
        _ => {}
    }
}

/// Writes the file anew: `cargo test --lib config::json_schema -- --ignored`.
#[test]
#[ignore = "writes into the source tree"]
fn write() {
    let text = serde_json::to_string_pretty(&schema()).unwrap();
    std::fs::write(FILE, text + "\n").unwrap();
}

#[test]
fn the_file_says_what_the_parser_takes() {
    let file: Value = serde_json::from_slice(&std::fs::read(FILE).unwrap()).unwrap();
    assert!(file == schema(), "run `cargo test --lib config::json_schema -- --ignored`");
}

#[test]
fn the_page_has_every_key_and_no_other() {
    let mut known = Vec::new();
    paths(&CONFIG, "", &mut known);
    known.sort();
    let page = std::fs::read_to_string(PAGE).unwrap();
    // Rows of the tables begin with the key in ticks; variables have a table of their own.
    let (keys, _) = page.split_once("\n## Variables of the environment\n").unwrap();
    let mut listed: Vec<String> = keys
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(key, _)| key.to_owned())
        .collect();
    listed.sort();
    assert_eq!(listed, known);
}

#[test]
fn every_key_of_the_table_has_a_field() {
    let mut known = Vec::new();
    paths(&CONFIG, "", &mut known);
    // The two keys that exclude one another cannot both stand in one file.
    let sample = format!("{}user:", super::tests::EVERY_KEY);
    for path in known {
        let key = path.rsplit('.').next().unwrap_or_default();
        assert!(sample.contains(&format!("{key}:")), "{path}");
    }
}

#[test]
fn the_patterns_say_what_the_parser_takes() {
    for (kind, key, good, bad) in [
        (Text::Variable, "variables: {'VALUE': }", &["A", "_a1", "PATH"][..], &["1A", "A-B", "A B", "é", ""][..]),
        (Text::Stack, "pulumi: {stacks: {'VALUE': }}", &["a/b", "o/a/b"], &["a", "a/", "/a", "a/b/c/d"]),
        (
            Text::Duration,
            "cloud: {oidc: {expiration: 'VALUE'}}",
            &["0", "2h", "1h30m", ".5s", "+1.5h"],
            &["2", "2d", "h", "-1s"],
        ),
    ] {
        let pattern = regex::Regex::new(kind.pattern().unwrap()).unwrap();
        for (values, expected) in [(good, true), (bad, false)] {
            for value in values {
                let root = super::tree::read(&key.replace("VALUE", value)).unwrap();
                assert_eq!(super::check::check(&root, &CONFIG).is_empty(), expected, "{value}");
                assert_eq!(pattern.is_match(value), expected, "{value}");
            }
        }
    }
}

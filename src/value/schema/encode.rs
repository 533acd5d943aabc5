//! Writes a schema as JSON.
//!
//! `type` is always written, the other keywords where they are said; numbers keep their text. What is shared is written
//! as often as it occurs.

use std::fmt::Write as _;

use super::{
    super::{Key, Kind, View},
    Keywords, Rare, Schema, SchemaRef, Type,
};

/// Returns the JSON text of a schema, compact.
#[must_use]
pub fn to_json(schema: &Schema) -> String {
    let mut out = String::new();
    write_schema(&mut out, schema);
    out
}

fn write_schema(out: &mut String, schema: &Schema) {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match schema {
        Schema::Any => out.push_str("true"),
        Schema::Never => out.push_str("false"),
        Schema::Keywords(keywords) => write_keywords(out, keywords),
    });
}

fn write_keywords(out: &mut String, keywords: &Keywords) {
    let none = Rare::default();
    let rare = keywords.rare.as_deref().unwrap_or(&none);
    out.push_str("{\"type\":");
    write_text(out, keywords.kind.map_or("", Type::name));
    if !rare.defs.is_empty() {
        member(out, "$defs", &rare.defs, write_schemas_by_name);
    }
    if let Some(reference) = &rare.reference {
        member(out, "$ref", &reference.text, |out, text| write_text(out, text));
    }
    branches(out, "anyOf", &rare.any_of);
    branches(out, "oneOf", &rare.one_of);
    if let Some(constant) = &keywords.constant {
        member(out, "const", &constant.view(), |out, view| write_value(out, *view));
    }
    if !keywords.one_of_values.is_empty() {
        member(out, "enum", &keywords.one_of_values, |out, list| {
            sequence(out, list, |out, value| write_value(out, value.view()));
        });
    }
    if !keywords.properties.is_empty() {
        member(out, "properties", &keywords.properties, write_schemas_by_name);
    }
    if let Some(schema) = &keywords.additional_properties {
        member(out, "additionalProperties", schema, |out, schema| write_schema(out, schema));
    }
    names(out, "required", &keywords.required);
    if !rare.dependent_required.is_empty() {
        member(out, "dependentRequired", &rare.dependent_required, |out, map| {
            mapping(out, map, |out, list| sequence(out, list, |out, name| write_text(out, name)));
        });
    }
    branches(out, "prefixItems", &keywords.prefix_items);
    if let Some(schema) = &keywords.items {
        member(out, "items", schema, |out, schema| write_schema(out, schema));
    }
    if keywords.rare.is_some() {
        write_limits(out, rare);
        write_notes(out, rare);
    }
    out.push('}');
}

fn write_limits(out: &mut String, rare: &Rare) {
    for (name, limit) in [
        ("minProperties", &rare.min_properties),
        ("maxProperties", &rare.max_properties),
        ("minItems", &rare.min_items),
        ("maxItems", &rare.max_items),
        ("multipleOf", &rare.multiple_of),
        ("minimum", &rare.minimum),
        ("maximum", &rare.maximum),
        ("exclusiveMinimum", &rare.exclusive_minimum),
        ("exclusiveMaximum", &rare.exclusive_maximum),
        ("minLength", &rare.min_length),
        ("maxLength", &rare.max_length),
    ] {
        if let Some(text) = limit {
            member(out, name, text, |out, text| out.push_str(text));
        }
    }
    if let Some(pattern) = &rare.pattern {
        member(out, "pattern", &pattern.text, |out, text| write_text(out, text));
    }
}

fn write_notes(out: &mut String, rare: &Rare) {
    for (name, text) in [("title", &rare.title), ("description", &rare.description)] {
        if let Some(text) = text {
            member(out, name, text, |out, text| write_text(out, text));
        }
    }
    if let Some(default) = &rare.default {
        member(out, "default", &default.view(), |out, view| write_value(out, *view));
    }
    if !rare.examples.is_empty() {
        member(out, "examples", &rare.examples, |out, list| {
            sequence(out, list, |out, value| write_value(out, value.view()));
        });
    }
    for (name, set) in [("uniqueItems", rare.unique_items), ("deprecated", rare.deprecated), ("secret", rare.secret)] {
        if set {
            member(out, name, &(), |out, ()| out.push_str("true"));
        }
    }
    names(out, "rotateOnly", &rare.rotate_only);
}

/// Writes a value; what is not known is `null`, but no constant is unknown.
fn write_value(out: &mut String, value: View<'_>) {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || match value.kind() {
        Kind::Null | Kind::Unknown | Kind::Sealed(_) => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(text) => out.push_str(text),
        Kind::String(text) => write_text(out, &text.to_str_lossy()),
        Kind::List(_) => sequence(out, value.items(), write_value),
        Kind::Object(_) => mapping(out, value.entries(), write_value),
    });
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ..' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

fn write_schemas_by_name(out: &mut String, schemas: &std::collections::BTreeMap<Key, SchemaRef>) {
    mapping(out, schemas, |out, schema| write_schema(out, schema));
}

fn branches(out: &mut String, name: &str, schemas: &[SchemaRef]) {
    if !schemas.is_empty() {
        member(out, name, schemas, |out, list| sequence(out, list, |out, schema| write_schema(out, schema)));
    }
}

fn names(out: &mut String, keyword: &str, names: &[Key]) {
    if !names.is_empty() {
        member(out, keyword, names, |out, list| sequence(out, list, |out, name| write_text(out, name)));
    }
}

/// Writes a member that is not the first.
fn member<T: ?Sized>(out: &mut String, name: &str, value: &T, write: impl FnOnce(&mut String, &T)) {
    out.push(',');
    write_text(out, name);
    out.push(':');
    write(out, value);
}

fn sequence<T>(out: &mut String, list: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    let mut separator = '[';
    for item in list {
        out.push(separator);
        write(out, item);
        separator = ',';
    }
    out.push_str(if separator == '[' { "[]" } else { "]" });
}

fn mapping<'a, T>(
    out: &mut String,
    entries: impl IntoIterator<Item = (&'a Key, T)>,
    mut write: impl FnMut(&mut String, T),
) {
    let mut separator = '{';
    for (key, value) in entries {
        out.push(separator);
        write_text(out, key);
        out.push(':');
        write(out, value);
        separator = ',';
    }
    out.push_str(if separator == '{' { "{}" } else { "}" });
}

//! The text of values that do not match a schema.
//!
//! Constants of a schema may be secrets, so they are counted and never shown.

use super::{
    Count, Wording,
    words::{foreign, tick, ticks},
};
use crate::value::schema::Violation;

/// Words a violation by the part of the value that is blamed; an empty prefix is the value itself.
pub(super) fn wording(prefix: &str, violation: &Violation) -> Wording {
    let mut wording = whole(violation);
    if !prefix.is_empty() {
        wording.message = format!("{}: {}", tick(prefix), wording.message);
    }
    wording
}

fn whole(violation: &Violation) -> Wording {
    let at_least = |limit: &str, noun| format!("expected at least {}", counted(limit, noun));
    let at_most = |limit: &str, noun| format!("expected at most {}", counted(limit, noun));
    match violation {
        Violation::Type { expected, got } => {
            Wording::new(format!("expected {expected}, found {got}")).maybe(conversion(expected, got))
        }
        Violation::Const(_) => Wording::new("expected the constant of the schema").help("write the schema's `const`"),
        Violation::Enum(values) if values.len() == 1 => {
            Wording::new("expected the only value of the schema").help("write the value in the schema's `enum`")
        }
        Violation::Enum(values) => {
            Wording::new(format!("expected one of {} of the schema", Count(values.len(), "value")))
                .help("write one of the values in the schema's `enum`")
        }
        Violation::NoneOf | Violation::OneOfNone => Wording::new("matches none of the schema's alternatives")
            .help("the messages at the same place tell what each alternative wants"),
        Violation::OneOfMany => Wording::new("matches more than one of the schema's alternatives")
            .help("change the value, or the schema's `oneOf`, so that exactly one matches"),
        Violation::MultipleOf(limit) => Wording::new(format!("expected a multiple of {}", foreign(limit))),
        Violation::Minimum(limit) => Wording::new(format!("expected at least {}", foreign(limit))),
        Violation::ExclusiveMinimum(limit) => Wording::new(format!("expected more than {}", foreign(limit))),
        Violation::Maximum(limit) => Wording::new(format!("expected at most {}", foreign(limit))),
        Violation::ExclusiveMaximum(limit) => Wording::new(format!("expected less than {}", foreign(limit))),
        Violation::MinLength(limit) => Wording::new(at_least(limit, "byte")),
        Violation::MaxLength(limit) => Wording::new(at_most(limit, "byte")),
        Violation::Pattern(pattern) => Wording::new(format!("does not match the pattern {}", tick(pattern))),
        Violation::MinItems(limit) => Wording::new(at_least(limit, "element")),
        Violation::MaxItems(limit) => Wording::new(at_most(limit, "element")),
        Violation::MinProperties(limit) => Wording::new(at_least(limit, "property")),
        Violation::MaxProperties(limit) => Wording::new(at_most(limit, "property")),
        Violation::Required(names) if names.len() == 1 => {
            Wording::new(format!("missing property {}", ticks(names))).help("add the property")
        }
        Violation::Required(names) => {
            Wording::new(format!("missing properties {}", ticks(names))).help("add the properties")
        }
        Violation::RequiredSchema(names) if names.len() == 1 => {
            Wording::new(format!("property {} may be missing", ticks(names)))
                .help("add the property, or refer to a value that always has it")
        }
        Violation::RequiredSchema(names) => Wording::new(format!("properties {} may be missing", ticks(names)))
            .help("add the properties, or refer to a value that always has them"),
        Violation::TooLarge => {
            Wording::new("too many values to compare with the schema").help("validate a smaller part of the value")
        }
    }
}

/// Counts by a limit that a schema gives as text.
fn counted(limit: &str, noun: &'static str) -> String {
    match limit.parse() {
        Ok(count) => Count(count, noun).to_string(),
        Err(_) => format!("{} {noun}", foreign(limit)),
    }
}

/// Tells how to come from one type to another.
fn conversion(expected: &str, got: &str) -> Option<String> {
    let help = match (expected, got) {
        ("string", "number" | "boolean") => "put the value in quotes, or convert it with `fn::toString`",
        ("string", "object" | "array") => "convert the value with `fn::toJSON`",
        ("number" | "boolean", "string") => "remove the quotes, or convert the value with `fn::fromJSON`",
        ("object" | "array", "string") => "if the string holds JSON, decode it with `fn::fromJSON`",
        ("array", _) => "write a list: `[a, b]`, or `- a` on lines of their own",
        _ => return None,
    };
    Some(help.to_owned())
}

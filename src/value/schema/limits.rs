//! The limits of a schema on numbers, texts, lists and objects.
//!
//! They are texts: lengths and counts are read as integers, limits on numbers as floats of 64 bits. One that can't be read
//! is told by [`check`] and limits nothing.

use std::sync::Arc;

use super::{
    super::{Kind, View, number::Extended},
    CompileError, Rare, Violation,
};

/// A limit as it stands in a schema.
type Limit = Option<Arc<str>>;

/// Tells the first limit that can't be read.
pub(super) fn check(rare: &Rare) -> Result<(), CompileError> {
    let counts = [
        ("minProperties", &rare.min_properties),
        ("maxProperties", &rare.max_properties),
        ("minItems", &rare.min_items),
        ("maxItems", &rare.max_items),
        ("minLength", &rare.min_length),
        ("maxLength", &rare.max_length),
    ];
    for (name, limit) in counts {
        if limit.as_deref().is_some_and(|text| count(text).is_none()) {
            return Err(CompileError(format!("`{name}` must be an integer that is not negative")));
        }
    }
    let numbers = [
        ("multipleOf", &rare.multiple_of),
        ("minimum", &rare.minimum),
        ("maximum", &rare.maximum),
        ("exclusiveMinimum", &rare.exclusive_minimum),
        ("exclusiveMaximum", &rare.exclusive_maximum),
    ];
    for (name, limit) in numbers {
        if limit.as_deref().is_some_and(|text| Extended::parse(text).is_none()) {
            return Err(CompileError(format!("`{name}` must be a finite number")));
        }
    }
    Ok(())
}

/// Returns the limits of a value's own type that it does not keep.
pub(super) fn broken(value: View<'_>, rare: &Rare) -> Vec<Violation> {
    let mut broken = Vec::new();
    match value.kind() {
        Kind::Number(text) => {
            let mut hold =
                |limit: &Limit, keeps: fn(Extended, Extended) -> bool, violation: fn(Arc<str>) -> Violation| {
                    if let Some(text_of_limit) = limit
                        && let (Some(value), Some(limit)) = (Extended::parse(text), Extended::parse(text_of_limit))
                        && !keeps(value, limit)
                    {
                        broken.push(violation(Arc::clone(text_of_limit)));
                    }
                };
            hold(&rare.multiple_of, Extended::is_multiple_of, Violation::MultipleOf);
            hold(&rare.minimum, |value, limit| value >= limit, Violation::Minimum);
            hold(&rare.exclusive_minimum, |value, limit| value > limit, Violation::ExclusiveMinimum);
            hold(&rare.maximum, |value, limit| value <= limit, Violation::Maximum);
            hold(&rare.exclusive_maximum, |value, limit| value < limit, Violation::ExclusiveMaximum);
        }
        Kind::String(text) => {
            at_least(&rare.min_length, text.as_bytes().len(), Violation::MinLength, &mut broken);
            at_most(&rare.max_length, text.as_bytes().len(), Violation::MaxLength, &mut broken);
            if let Some(pattern) = &rare.pattern
                && !pattern.is_match(text)
            {
                broken.push(Violation::Pattern(Arc::clone(&pattern.text)));
            }
        }
        Kind::List(items) => {
            at_least(&rare.min_items, items.len(), Violation::MinItems, &mut broken);
            at_most(&rare.max_items, items.len(), Violation::MaxItems, &mut broken);
        }
        Kind::Object(object) => {
            let size = object.listed().count();
            at_least(&rare.min_properties, size, Violation::MinProperties, &mut broken);
            at_most(&rare.max_properties, size, Violation::MaxProperties, &mut broken);
        }
        Kind::Null | Kind::Bool(_) | Kind::Unknown | Kind::Sealed(_) => {}
    }
    broken
}

fn at_least(limit: &Limit, size: usize, violation: fn(Arc<str>) -> Violation, broken: &mut Vec<Violation>) {
    if let Some(text) = limit
        && count(text).is_some_and(|least| (size as u64) < least)
    {
        broken.push(violation(Arc::clone(text)));
    }
}

fn at_most(limit: &Limit, size: usize, violation: fn(Arc<str>) -> Violation, broken: &mut Vec<Violation>) {
    if let Some(text) = limit
        && count(text).is_some_and(|most| size as u64 > most)
    {
        broken.push(violation(Arc::clone(text)));
    }
}

/// Reads a length or count: digits only.
fn count(text: &str) -> Option<u64> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok())?
}

//! What a scalar's text means: the rules of yaml.v3, which differ from YAML 1.2 and 1.1.

use std::sync::Arc;

use super::tree::Scalar;
use crate::value::number::format_float;

/// Resolves the text of a plain scalar.
#[must_use]
pub fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "true" | "True" | "TRUE" => return Scalar::Bool(true),
        "false" | "False" | "FALSE" => return Scalar::Bool(false),
        _ if is_special_float(text) => return Scalar::NonFinite,
        _ => {}
    }
    match text.as_bytes()[0] {
        b'0'..=b'9' | b'+' | b'-' => number(text),
        b'.' => fraction(text),
        _ => None,
    }
    .map_or(Scalar::String, Scalar::Number)
}

/// Resolves the text of a scalar under an explicit core tag (`int`, `float`, `bool`, `null`, `timestamp`); `None` when it does not fit.
#[must_use]
pub fn resolve_as(tag: &str, text: &str) -> Option<Scalar> {
    let scalar = resolve(text);
    match (tag, &scalar) {
        ("null", Scalar::Null) | ("bool", Scalar::Bool(_)) | ("float", Scalar::NonFinite) => Some(scalar),
        ("int", Scalar::Number(number)) if is_integer(text, number) => Some(scalar),
        ("float", Scalar::Number(number)) => {
            let float = if is_integer(text, number) { format_float(number.parse().ok()?) } else { number.to_string() };
            Some(Scalar::Number(float.into()))
        }
        ("timestamp", _) if is_timestamp(text) => Some(Scalar::String),
        _ => None,
    }
}

/// Tells whether a text is one of the float specials that no JSON can express (`.inf`, `.nan`).
fn is_special_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(text, ".nan" | ".NaN" | ".NAN") || matches!(unsigned, ".inf" | ".Inf" | ".INF")
}

/// A number was written as an integer when it has no float form: base prefixes and underscores count, `e` and `.` do not.
fn is_integer(text: &str, number: &str) -> bool {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    integer(&plain).is_some_and(|found| found.as_ref() == number)
}

fn number(text: &str) -> Option<Arc<str>> {
    let plain: String;
    let digits = if text.contains('_') {
        plain = text.chars().filter(|c| *c != '_').collect();
        &plain
    } else {
        text
    };
    integer(digits).or_else(|| float(digits))
}

/// A leading dot: underscores only singly between digits.
fn fraction(text: &str) -> Option<Arc<str>> {
    let bytes = text.as_bytes();
    let between_digits =
        |at: usize| at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    if bytes.iter().enumerate().any(|(at, byte)| *byte == b'_' && !between_digits(at)) {
        return None;
    }
    float(&text.replace('_', ""))
}

fn integer(text: &str) -> Option<Arc<str>> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = unsigned.len() != text.len();
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    let limit = i64::MAX.unsigned_abs();
    match (signed, negative) {
        (true, true) if value <= limit + 1 => Some(if value == 0 { "0".into() } else { format!("-{value}").into() }),
        (true, true) => None,
        (true, false) if value > limit => None,
        _ => Some(value.to_string().into()),
    }
}

fn float(text: &str) -> Option<Arc<str>> {
    if !has_float_form(text) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then(|| format_float(value).into())
}

/// `[-+]?(\.D+|D+(\.D*)?)([eE][-+]?D+)?`
fn has_float_form(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits(rest);
    rest = &rest[whole..];
    if let Some(after) = rest.strip_prefix('.') {
        let part = digits(after);
        if whole + part == 0 {
            return false;
        }
        rest = &after[part..];
    } else if whole == 0 {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

/// `Y-M-D`, with an optional time behind `T`, `t` or a space.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let part = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let in_range = |text: &str, low: u32, high: u32| text.parse().is_ok_and(|n: u32| (low..=high).contains(&n));
    let mut fields = date.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (fields.next(), fields.next(), fields.next()) else { return false };
    let dated =
        part(year, 4, 4) && part(month, 1, 2) && part(day, 1, 2) && in_range(month, 1, 12) && in_range(day, 1, 31);
    dated
        && time.is_none_or(|time| {
            let clock = time.trim_start();
            let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
            let mut fields = clock[..end].splitn(3, ':');
            let (Some(hour), Some(minute), Some(second)) = (fields.next(), fields.next(), fields.next()) else {
                return false;
            };
            let zone = clock[end..].trim();
            in_range(hour, 0, 23)
                && in_range(minute, 0, 59)
                && second.parse::<f64>().is_ok_and(|s| (0.0..60.0).contains(&s))
                && (zone.is_empty() || zone == "Z" || zone.starts_with(['+', '-']))
        })
}

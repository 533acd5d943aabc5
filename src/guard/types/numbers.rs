//! Numbers, booleans and durations.

use super::{OTHER, Surroundings, Wrong};
use crate::{duration, value::number::Extended};

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

pub(super) fn int(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if is_digits(unsigned(text)) { Ok(()) } else { Err(OTHER) }
}

pub(super) fn number(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if Extended::parse(text).is_some() { Ok(()) } else { Err(OTHER) }
}

pub(super) fn boolean(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if matches!(text, "true" | "false") { Ok(()) } else { Err(OTHER) }
}

pub(super) fn port(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let fits = is_digits(text) && !text.starts_with('0') && text.parse::<u16>().is_ok();
    if fits { Ok(()) } else { Err(OTHER) }
}

pub(super) fn duration(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let reason = |error| match error {
        duration::DurationError::MissingUnit => Some("it has no unit"),
        duration::DurationError::UnknownUnit => Some("it has a unit that Go does not know"),
        duration::DurationError::Negative => Some("it is negative"),
        _ => None,
    };
    duration::parse(text).map(|_| ()).map_err(|error| Wrong::Form(reason(error)))
}

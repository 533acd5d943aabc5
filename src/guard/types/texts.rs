//! Texts of a given form, and paths.

use std::{fs, path::Path};

use jiff::{Timestamp, civil};

use super::{OTHER, Surroundings, Wrong};
use crate::value::schema::Pattern;

fn fits(fits: bool) -> Result<(), Wrong> {
    if fits { Ok(()) } else { Err(OTHER) }
}

#[expect(clippy::unnecessary_wraps, reason = "each row of the table has a check of one form")]
pub(super) fn any(_: &str, _: &Surroundings) -> Result<(), Wrong> {
    Ok(())
}

pub(super) fn path(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    fits(!text.is_empty() && !text.chars().any(char::is_control))
}

pub(super) fn file(text: &str, surroundings: &Surroundings) -> Result<(), Wrong> {
    exists(text, surroundings, fs::Metadata::is_file, "it is a folder, or no regular file")
}

pub(super) fn dir(text: &str, surroundings: &Surroundings) -> Result<(), Wrong> {
    exists(text, surroundings, fs::Metadata::is_dir, "it is no folder")
}

fn exists(
    text: &str,
    surroundings: &Surroundings,
    is_right: fn(&fs::Metadata) -> bool,
    otherwise: &'static str,
) -> Result<(), Wrong> {
    path(text, surroundings)?;
    let Some(folder) = &surroundings.folder else { return Ok(()) };
    match fs::metadata(folder.join(Path::new(text))) {
        Ok(metadata) if is_right(&metadata) => Ok(()),
        Ok(_) => Err(Wrong::Form(Some(otherwise))),
        Err(_) if text.starts_with("~/") => Err(Wrong::Form(Some("no program resolves `~/` in a variable"))),
        Err(_) => Err(Wrong::Form(Some("there is nothing at that path"))),
    }
}

pub(super) fn json(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    fits(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}

/// Takes both alphabets, but not both in one text; the padding may be left out, and must be right where it stands.
pub(super) fn base64(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if text.contains(['\n', '\r']) {
        return Err(Wrong::Form(Some("it has line breaks")));
    }
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let has = |characters: [char; 2]| digits.contains(characters);
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    let rest = digits.len() % 4;
    let padded = padding == 0 || padding == (4 - rest) % 4;
    // Bits that stand for nothing are zero in the last digit, or a decoder would refuse it.
    let unused = match rest {
        2 => 0b1111,
        3 => 0b11,
        _ => 0,
    };
    let last = digits.bytes().next_back().map_or(0, value);
    fits(
        !digits.is_empty()
            && digits.bytes().all(is_digit)
            && !(has(['+', '/']) && has(['-', '_']))
            && rest != 1
            && padded
            && last & unused == 0,
    )
}

/// Returns the six bits of a base64 digit.
fn value(digit: u8) -> u8 {
    match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        _ => 63,
    }
}

pub(super) fn hex(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if text.starts_with("0x") {
        return Err(Wrong::Form(Some("it begins with `0x`")));
    }
    fits(!text.is_empty() && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

pub(super) fn uuid(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let parts: Vec<&str> = text.split('-').collect();
    let is_hex = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits(parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(is_hex))
}

pub(super) fn semver(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if text.starts_with(['v', 'V']) {
        return Err(Wrong::Form(Some("it begins with `v`")));
    }
    let (version, build) = text.split_once('+').map_or((text, None), |(version, build)| (version, Some(build)));
    let (core, before) = version.split_once('-').map_or((version, None), |(core, before)| (core, Some(before)));
    let is_number = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    let is_word =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_before = |part: &str| is_word(part) && (is_number(part) || !part.bytes().all(|byte| byte.is_ascii_digit()));
    fits(
        core.split('.').count() == 3
            && core.split('.').all(is_number)
            && before.is_none_or(|before| before.split('.').all(is_before))
            && build.is_none_or(|build| build.split('.').all(is_word)),
    )
}

pub(super) fn date(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let Some((day, time)) = text.split_at_checked("2026-01-31".len()) else { return Err(OTHER) };
    let shape = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let is_day = shape && day.parse::<civil::Date>().is_ok();
    // Names of time zones in brackets are no part of RFC 3339.
    let is_time = time.starts_with('T') && !time.contains('[') && text.parse::<Timestamp>().is_ok();
    fits(is_day && (time.is_empty() || is_time))
}

pub(super) fn regex(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    fits(Pattern::parse(text).is_ok())
}

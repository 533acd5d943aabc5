//! Strings of JSON text: decoding and encoding, both the way Go's `encoding/json` does it.

use std::fmt::Write as _;

use super::{JsonErrorKind, error::JsonErrorKind as Kind};
use crate::value::Text;

/// Decodes a string that starts after its opening quote; returns it with the offset after its closing quote, or the error with
/// its offset.
pub(super) fn decode(bytes: &[u8], start: usize) -> Result<(String, usize), (JsonErrorKind, usize)> {
    let mut out = Vec::new();
    let mut at = start;
    loop {
        let run = bytes[at..]
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))
            .ok_or((Kind::End, bytes.len()))?;
        out.extend_from_slice(&bytes[at..at + run]);
        at += run;
        match bytes[at] {
            b'"' => return Ok((lossy(out), at + 1)),
            b'\\' => at = unescape(bytes, at, &mut out)?,
            _ => return Err((Kind::ControlCharacter, at)),
        }
    }
}

/// Decodes one escape at its backslash; returns the offset after it.
fn unescape(bytes: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, (JsonErrorKind, usize)> {
    let plain = match bytes.get(at + 1).ok_or((Kind::End, bytes.len()))? {
        b'"' => b'"',
        b'\\' => b'\\',
        b'/' => b'/',
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode(bytes, at, out),
        _ => return Err((Kind::Escape, at)),
    };
    out.push(plain);
    Ok(at + 2)
}

/// Decodes `\uXXXX`, or two of them that are a surrogate pair; a surrogate alone becomes U+FFFD.
fn unicode(bytes: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, (JsonErrorKind, usize)> {
    let unit = code_unit(bytes, at)
        .ok_or_else(|| if bytes.len() < at + 6 { (Kind::End, bytes.len()) } else { (Kind::Escape, at) })?;
    let pair = matches!(unit, 0xd800..0xdc00)
        .then(|| code_unit(bytes, at + 6))
        .flatten()
        .filter(|low| matches!(low, 0xdc00..0xe000))
        .map(|low| 0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
    let (code, end) = pair.map_or((unit, at + 6), |code| (code, at + 12));
    let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(end)
}

/// Reads `\uXXXX`.
fn code_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(br"\u")?;
    digits.iter().try_fold(0, |code, digit| Some(code * 16 + char::from(*digit).to_digit(16)?))
}

/// Returns a string with U+FFFD for each byte that is no UTF-8.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| Text::from(error.into_bytes()).to_str_lossy().into_owned())
}

/// Appends a quoted string. `<`, `>`, `&` and the Unicode line separators are escaped, as is each byte that is no UTF-8.
pub(super) fn encode(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        encode_str(chunk.valid(), out);
        chunk.invalid().iter().for_each(|_| out.push_str(r"\ufffd"));
    }
    out.push('"');
}

/// Appends the inside of a quoted string.
fn encode_str(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) =
        rest.find(|char: char| matches!(char, '\0'..' ' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}'))
    {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        let char = special.chars().next().expect("a match is a character");
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str(r"\\"),
            '\u{8}' => out.push_str(r"\b"),
            '\u{c}' => out.push_str(r"\f"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            _ => write!(out, r"\u{:04x}", u32::from(char)).expect("a String takes any text"),
        }
        rest = &special[char.len_utf8()..];
    }
    out.push_str(rest);
}

//! How a scalar is written so that every reader takes it for what it is.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::value::go_quote::is_printable;

/// Plain words, in lower case, that a reader of YAML 1.1 or 1.2 takes for something else than a string.
const WORDS: [&str; 12] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity"];

/// Appends a key.
pub(super) fn push_key(out: &mut String, key: &str) {
    if is_plain(key) { out.push_str(key) } else { push_quoted(out, key) }
}

/// Appends a string; the lines of one that has several stand at the column.
pub(super) fn push_string(out: &mut String, text: &str, column: usize) {
    if is_plain(text) {
        out.push_str(text);
    } else if is_literal(text) {
        push_literal(out, text, column);
    } else {
        push_quoted(out, text);
    }
}

/// Appends a number. One with an exponent gets the point and the sign that readers of YAML 1.1 need to see a number.
pub(super) fn push_number(out: &mut String, text: &str) {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        out.push_str(text);
        return;
    };
    out.push_str(mantissa);
    if !mantissa.contains('.') {
        out.push_str(".0");
    }
    out.push('e');
    if !exponent.starts_with(['+', '-']) {
        out.push('+');
    }
    out.push_str(exponent);
}

/// Appends bytes that are no text.
pub(super) fn push_binary(out: &mut String, bytes: &[u8]) {
    write!(out, "!!binary \"{}\"", STANDARD.encode(bytes)).expect("a String takes any text");
}

/// Tells whether a string is safe without quotes. Few are allowed on purpose: whatever begins with a digit, a sign or an
/// indicator is quoted, so that no reader's numbers, dates, sexagesimals or merge keys need to be known here.
fn is_plain(text: &str) -> bool {
    let begins = |char: char| matches!(char, '_' | '/' | '$' | '(') || char.is_alphabetic();
    text.starts_with(begins)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(is_printable)
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Tells whether a string of several lines is safe as a literal block: no line ends in a blank or begins with a tab, and the
/// first one shows where the indentation ends.
fn is_literal(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with(['\n', ' '])
        && text.split('\n').all(|line| !line.ends_with(' ') && line.chars().all(is_printable))
}

/// Appends a literal block without the line feed that ends its last line.
fn push_literal(out: &mut String, text: &str, column: usize) {
    let body = text.strip_suffix('\n');
    out.push_str(match body {
        None => "|-",
        Some(body) if body.ends_with('\n') => "|+",
        Some(_) => "|",
    });
    for line in body.unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', column));
            out.push_str(line);
        }
    }
}

/// Appends a string in double quotes, with the escapes that all readers have in common.
fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str(r"\\"),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            char if is_printable(char) => out.push(char),
            char => {
                let code = u32::from(char);
                let written = if code < 0x1_0000 { write!(out, r"\u{code:04x}") } else { write!(out, r"\U{code:08x}") };
                written.expect("a String takes any text");
            }
        }
    }
    out.push('"');
}

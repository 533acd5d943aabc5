//! Pieces of sentences that are written once: counts, lists, names.
//!
//! Names come from definitions that nobody has vetted, so what goes through here holds no control characters and is short.

use std::{borrow::Cow, fmt, fmt::Write};

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Characters of a name that are shown.
const NAME: usize = 120;

/// Characters of a failure's own text that are shown.
const TEXT: usize = 1_000;

/// Names of a list that are shown, where a definition decides how many there are.
const NAMES: usize = 10;

/// A count with its noun, given in the singular: `1 value`, `2 values`, `3 properties`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, noun) = *self;
        write!(f, "{count} ")?;
        match noun.strip_suffix('y') {
            _ if count == 1 => f.write_str(noun),
            Some(stem) if !stem.ends_with('a') => write!(f, "{stem}ies"),
            _ => write!(f, "{noun}s"),
        }
    }
}

/// Joins items as a sentence does: `a, b and c`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    let mut out = String::new();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(if at + 1 == items.len() { " and " } else { ", " });
        }
        out.push_str(item.as_ref());
    }
    out
}

/// Joins names in backticks, the first ten and how many more there are.
pub(super) fn ticks<T: AsRef<str>>(names: &[T]) -> String {
    let mut shown: Vec<String> = names.iter().take(NAMES).map(|name| tick(name.as_ref())).collect();
    if names.len() > NAMES {
        shown.push(format!("{} more", names.len() - NAMES));
    }
    list(&shown)
}

/// Puts a name in backticks, cut to 120 characters and without control characters.
pub(in crate::diagnostic) fn tick(name: &str) -> String {
    format!("`{}`", cut(name, NAME))
}

/// Returns a text that came from elsewhere, cut to 1,000 characters and without control characters.
pub(super) fn foreign(text: &str) -> String {
    cut(text, TEXT)
}

/// Asks whether a name was meant.
pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean {}?", tick(name))
}

/// Escapes control characters, and those that are invisible or turn the direction of writing, as `\n` or `\u{202e}`.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.chars().for_each(|char| push(&mut out, char));
    Cow::Owned(out)
}

/// Tells whether a character shows itself on a terminal and does nothing else.
pub(in crate::diagnostic) fn is_printable(char: char) -> bool {
    match char {
        ' '..='~' => true,
        _ => !matches!(
            char.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        ),
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    chars.by_ref().take(most).for_each(|char| push(&mut out, char));
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

fn push(out: &mut String, char: char) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ if is_printable(char) => out.push(char),
        _ => write!(out, "\\u{{{:x}}}", u32::from(char)).expect("a String takes everything"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        let cases = [
            (Count(0, "value"), "0 values"),
            (Count(1, "value"), "1 value"),
            (Count(1, "property"), "1 property"),
            (Count(2, "property"), "2 properties"),
            (Count(2, "day"), "2 days"),
        ];
        for (count, expected) in cases {
            assert_eq!(count.to_string(), expected);
        }
    }

    #[test]
    fn lists() {
        assert_eq!(list::<&str>(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn shows_ten_names_of_a_list() {
        let names: Vec<String> = (0..10_000).map(|at| format!("n{at}")).collect();
        assert_eq!(ticks(&names[..2]), "`n0` and `n1`");
        assert!(ticks(&names[..10]).ends_with("`n8` and `n9`"));
        assert!(ticks(&names).ends_with("`n8`, `n9` and 9990 more"));
    }

    #[test]
    fn escapes_what_a_terminal_would_obey() {
        let cases = [
            ("größe ✓ 日本", "größe ✓ 日本"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31m", "\\u{1b}[31m"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{202e}b\u{200b}c\u{feff}\u{2028}", "a\\u{202e}b\\u{200b}c\\u{feff}\\u{2028}"),
            ("\0\u{7f}", "\\u{0}\\u{7f}"),
        ];
        for (text, expected) in cases {
            assert_eq!(printable(text), expected);
            assert_eq!(tick(text), format!("`{expected}`"));
        }
    }

    #[test]
    fn cuts_names() {
        assert_eq!(tick(&"ä".repeat(120)), format!("`{}`", "ä".repeat(120)));
        assert_eq!(tick(&"ä".repeat(121)), format!("`{}…`", "ä".repeat(120)));
        assert_eq!(foreign(&"x".repeat(1_000_000)).chars().count(), TEXT + 1);
    }
}

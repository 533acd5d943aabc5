//! Property paths: the accessors of `${…}`, and the paths that people type.

use std::{fmt::Write as _, sync::Arc};

use super::{append_index, append_key};
use crate::diagnostic::Problem;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A property name.
    Key(Arc<str>),
    /// A list index; negative ones parse and never match.
    Index(i64),
}

/// One accessor as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accessor {
    /// What it names.
    pub step: Step,
    /// Its bytes in the decoded string, the dot or the brackets included.
    pub range: (usize, usize),
}

/// The accessors of one `${…}`; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The accessors.
    pub accessors: Vec<Accessor>,
}

/// A mistake in a path: what and where in the decoded string.
pub type PathError = (Problem, (usize, usize));

/// Reads a path behind `${`; returns it with the offset behind its end. Mistakes are collected, what was recognised is kept.
pub(super) fn scan(text: &str, start: usize, errors: &mut Vec<PathError>) -> (Path, usize) {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: start, accessors: Vec::new() };
    scanner.run(errors);
    if scanner.accessors.is_empty() {
        let at = scanner.at.saturating_sub(1).max(start);
        scanner.accessors.push(Accessor { step: Step::Key("".into()), range: (at, scanner.at) });
    }
    (Path { accessors: scanner.accessors }, scanner.at)
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    accessors: Vec<Accessor>,
}

impl Scanner<'_> {
    fn run(&mut self, errors: &mut Vec<PathError>) {
        loop {
            let Some(byte) = self.bytes.get(self.at) else {
                errors.push((Problem::PathBrace, (self.at, self.at)));
                return;
            };
            match byte {
                b'}' => {
                    self.at += 1;
                    return;
                }
                b'.' => {
                    self.at += 1;
                    self.name(self.at - 1, errors);
                }
                b'[' => self.subscript(errors),
                byte if is_blank(*byte) => {
                    errors.push((Problem::PathBrace, (self.at, self.at)));
                    return;
                }
                _ => self.name(self.at, errors),
            }
        }
    }

    /// Takes bytes until one of the given ends, a blank, or the end of the string.
    fn take(&mut self, ends: &[u8]) -> String {
        let from = self.at;
        while let Some(byte) = self.bytes.get(self.at)
            && !ends.contains(byte)
            && !is_blank(*byte)
        {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.bytes[from..self.at]).into_owned()
    }

    fn name(&mut self, start: usize, errors: &mut Vec<PathError>) {
        let name = self.take(b".[}");
        if name.is_empty() {
            errors.push((Problem::PathEmptyName, (start, self.at)));
        }
        self.accessors.push(Accessor { step: Step::Key(name.into()), range: (start, self.at) });
    }

    fn subscript(&mut self, errors: &mut Vec<PathError>) {
        let open = self.at;
        self.at += 1;
        let step = match self.bytes.get(self.at) {
            None => {
                errors.push((Problem::PathBracket, (open, self.at)));
                self.accessors.push(Accessor { step: Step::Key("".into()), range: (open, self.at) });
                return;
            }
            Some(b'"') => Step::Key(self.quoted(errors).into()),
            Some(_) => self.index(open, errors),
        };
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
        } else {
            errors.push((Problem::PathBracket, (open, self.at)));
        }
        self.accessors.push(Accessor { step, range: (open, self.at) });
    }

    fn quoted(&mut self, errors: &mut Vec<PathError>) -> String {
        let open = self.at;
        self.at += 1;
        let mut key = Vec::new();
        loop {
            match self.bytes.get(self.at) {
                None => {
                    errors.push((Problem::PathQuote, (open, self.at)));
                    break;
                }
                Some(b'"') => {
                    self.at += 1;
                    if key.is_empty() {
                        errors.push((Problem::PathEmptyKey, (open, self.at)));
                    }
                    break;
                }
                Some(b'\\') if self.bytes.get(self.at + 1) == Some(&b'"') => {
                    key.push(b'"');
                    self.at += 2;
                }
                Some(byte) => {
                    key.push(*byte);
                    self.at += 1;
                }
            }
        }
        String::from_utf8_lossy(&key).into_owned()
    }

    fn index(&mut self, open: usize, errors: &mut Vec<PathError>) -> Step {
        let from = self.at;
        let text = self.take(b"].[}");
        match text.parse::<i64>() {
            Ok(index) => {
                if self.accessors.is_empty() {
                    errors.push((Problem::PathFirstIndex, (open, self.at)));
                }
                Step::Index(index)
            }
            Err(_) => {
                errors.push((Problem::PathIndex, (from, self.at)));
                Step::Key(text.into())
            }
        }
    }
}

/// Q6: blanks are told byte by byte as Latin-1, so a character with one of these bytes ends a name.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | 0x85 | 0xA0)
}

/// Why a path that somebody typed can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedPathError {
    /// A dot without a name before it.
    #[error("the path begins with a dot")]
    LeadingDot,
    /// A dot without a name behind it.
    #[error("the path ends with a dot")]
    TrailingDot,
    /// `["…` without its end.
    #[error("a quote is not closed")]
    Quote,
    /// `[…` without its end.
    #[error("a bracket is not closed")]
    Bracket,
    /// An index that is no number.
    #[error("an index is no number: quote it as [\"name\"] if it is a name")]
    Index,
}

/// Reads a path that somebody typed (`a.b[0]["c d"]`); an empty text is the whole environment.
///
/// # Errors
/// When the text is no path: see [`TypedPathError`].
pub fn parse_typed(text: &str) -> Result<Vec<Step>, TypedPathError> {
    let mut steps = Vec::new();
    let mut rest = text;
    if rest.starts_with('.') {
        return Err(TypedPathError::LeadingDot);
    }
    while let Some(first) = rest.chars().next() {
        match first {
            '.' => {
                rest = &rest[1..];
                if rest.is_empty() {
                    return Err(TypedPathError::TrailingDot);
                }
            }
            '[' => {
                let (step, after) = typed_subscript(&rest[1..])?;
                steps.push(step);
                rest = after;
            }
            _ => {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                steps.push(Step::Key(rest[..end].into()));
                rest = &rest[end..];
            }
        }
    }
    Ok(steps)
}

fn typed_subscript(text: &str) -> Result<(Step, &str), TypedPathError> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut key = String::new();
        let mut rest = quoted;
        loop {
            let at = rest.find(['"', '\\']).ok_or(TypedPathError::Quote)?;
            key.push_str(&rest[..at]);
            let escaped = rest[at..].starts_with("\\\"");
            if rest[at..].starts_with('"') {
                let after = rest[at + 1..].strip_prefix(']').ok_or(TypedPathError::Bracket)?;
                return Ok((Step::Key(key.into()), after));
            }
            key.push(if escaped { '"' } else { '\\' });
            rest = &rest[at + if escaped { 2 } else { 1 }..];
        }
    }
    let end = text.find(']').ok_or(TypedPathError::Bracket)?;
    let step = match &text[..end] {
        "*" => Step::Key("*".into()),
        index => Step::Index(index.parse().map_err(|_| TypedPathError::Index)?),
    };
    Ok((step, &text[end + 1..]))
}

/// Writes steps as a path: `a.b[0]["c d"]`.
#[must_use]
pub fn display(steps: &[Step]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Key(key) if key.is_empty() => path.push_str("[\"\"]"),
            Step::Key(key) => append_key(&mut path, key),
            Step::Index(index) => match u64::try_from(*index) {
                Ok(index) => append_index(&mut path, index),
                Err(_) => {
                    let _ = write!(path, "[{index}]");
                }
            },
        }
    }
    path
}

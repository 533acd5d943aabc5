//! Why a text is no JSON, told without the text.

use std::fmt;

/// Why and where a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Why.
    pub kind: JsonErrorKind,
    /// The byte at which it shows.
    pub offset: usize,
}

/// Why a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonErrorKind {
    /// It ends within a value, or before one.
    End,
    /// Something else is needed here.
    Expected(&'static str),
    /// A number without digits where they are needed.
    Number,
    /// A line feed or another control character within a string.
    ControlCharacter,
    /// A backslash before something that is no escape.
    Escape,
    /// More text after the value.
    Trailing,
    /// More levels than [`MAX_DEPTH`](super::MAX_DEPTH).
    Depth,
}

impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("unexpected end"),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::Number => f.write_str("unfinished number"),
            Self::ControlCharacter => f.write_str("control character in a string"),
            Self::Escape => f.write_str("unknown escape in a string"),
            Self::Trailing => f.write_str("text after the value"),
            Self::Depth => write!(f, "nested more than {} levels deep", super::MAX_DEPTH),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl std::error::Error for JsonError {}

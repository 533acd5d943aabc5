//! Why something cannot be written in a format.

use std::fmt::Write as _;

use crate::value::TooLarge;

/// Why something cannot be written in a format; names of variables are told, values never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A name that no shell takes.
    #[error("`{}` is not a valid variable name: use letters, digits and `_` only, no digit first", name.escape_debug())]
    InvalidName {
        /// The variable.
        name: String,
    },
    /// A value that no environment can hold.
    #[error("the value of `{name}` contains a NUL byte: move it to `files`, or encode it with `fn::toBase64`")]
    Nul {
        /// The variable.
        name: String,
    },
    /// A value that is no text.
    #[error("the value of `{name}` is not UTF-8: move it to `files`, or encode it with `fn::toBase64`")]
    NotUtf8 {
        /// The variable.
        name: String,
    },
    /// A value that is not known.
    #[error("the value of `{name}` is unknown")]
    Unknown {
        /// The variable.
        name: String,
    },
    /// A value that dotenv readers do not agree on.
    #[error(
        "direnv and node's dotenv have no common way to write the value of `{name}`: move it to `files`, or use another format"
    )]
    NoCommonDotenv {
        /// The variable.
        name: String,
    },
    /// A variable that somebody keeps for itself.
    #[error("{by} keeps `{name}` for itself: give the variable another name")]
    Kept {
        /// The variable.
        name: String,
        /// Who does.
        by: &'static str,
    },
    /// A value that the format can't hold.
    #[error("the value of `{name}` can't be written in this format: {reason}")]
    CantHold {
        /// The variable.
        name: String,
        /// Why, without the value.
        reason: &'static str,
    },
    /// A value that no program could be started with.
    #[error("the value of `{name}` has {} KiB, and no program starts with a variable of 128 KiB: move it to `files`", bytes.div_ceil(1024))]
    ValueTooLarge {
        /// The variable.
        name: String,
        /// Its size.
        bytes: usize,
    },
    /// More than fits into the variable in which direnv keeps what it changed.
    #[error(
        "the variables have {} KiB together with the values that they replace, and direnv can't hold more than 90 KiB: move the largest to `files` ({})",
        bytes.div_ceil(1024), sizes(largest)
    )]
    TooMuchForDirenv {
        /// The size of all.
        bytes: usize,
        /// The largest variables with their sizes.
        largest: Vec<(String, usize)>,
    },
    /// Too many values, or too much text.
    #[error("the output would be too large: {0}")]
    TooLarge(#[from] TooLarge),
    /// A template that cannot be rendered.
    #[error("the template can't be rendered: {reason}")]
    Template {
        /// Where in the template, when that is known.
        place: Option<TemplatePlace>,
        /// What is wrong, without any value.
        reason: String,
    },
}

/// A place in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplatePlace {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The byte, from 0.
    pub byte: usize,
}

/// Writes names with their sizes.
fn sizes(variables: &[(String, usize)]) -> String {
    let mut text = String::new();
    for (name, bytes) in variables {
        let lead = if text.is_empty() { "" } else { ", " };
        let _ = write!(text, "{lead}`{name}`: {} KiB", bytes.div_ceil(1024));
    }
    text
}

/// Everything for which variables cannot be written, told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderErrors(pub Vec<RenderError>);

impl RenderErrors {
    /// Collects what is right, or else everything that is wrong.
    ///
    /// # Errors
    /// All errors, in their order.
    pub(super) fn collect<T>(results: impl IntoIterator<Item = Result<T, RenderError>>) -> Result<Vec<T>, Self> {
        let (mut right, mut wrong) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(one) => right.push(one),
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() { Ok(right) } else { Err(Self(wrong)) }
    }
}

impl From<RenderError> for RenderErrors {
    fn from(error: RenderError) -> Self {
        Self(vec![error])
    }
}

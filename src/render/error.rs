//! Why something cannot be written in a format.

use crate::{environment::Assignment, shell::is_name, value::TooLarge};

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
    /// Too many values, or too much text.
    #[error("the output would be too large: {0}")]
    TooLarge(#[from] TooLarge),
    /// A template that cannot be rendered.
    #[error("template `{template}`, line {line}: {reason}")]
    Template {
        /// The template's name.
        template: String,
        /// The line, from 1; 0 when it is not known.
        line: usize,
        /// What is wrong, without any value.
        reason: String,
    },
}

/// Returns the value of an assignment that a process's environment can hold, as text.
pub(super) fn checked_text<'v>(assignment: &'v Assignment<'_>) -> Result<&'v str, RenderError> {
    let name = || assignment.name.to_owned();
    if !is_name(assignment.name) {
        Err(RenderError::InvalidName { name: name() })
    } else if assignment.unknown {
        Err(RenderError::Unknown { name: name() })
    } else if assignment.text.as_bytes().contains(&0) {
        Err(RenderError::Nul { name: name() })
    } else {
        assignment.text.as_str().ok_or_else(|| RenderError::NotUtf8 { name: name() })
    }
}

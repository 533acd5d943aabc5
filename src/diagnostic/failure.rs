//! What went wrong outside of a definition: with an identity, a provider, a file.

use std::fmt;

/// Whose fault a failure is; it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The definition asks for something that cannot be (exit 1).
    Definition,
    /// No credentials, expired, denied (exit 3).
    Identity,
    /// A provider: missing secret, unreachable, deadline, not in this build (exit 4).
    Provider,
    /// A local file: unreadable, too large (exit 5).
    File,
}

/// A failure of the world around the evaluation, told without any value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whose fault it is.
    pub kind: FailureKind,
    /// What happened: lower case, no full stop.
    pub message: String,
    /// What to do, most useful first.
    pub hints: Vec<String>,
}

impl Failure {
    /// Makes a failure without hints.
    #[must_use]
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new() }
    }

    /// Adds a line that says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

//! The text of every problem: message, label and help, in one place.
//!
//! Messages are lower case, have no full stop and never show a value of an environment; names in them are escaped and cut.

mod contract;
mod extension;
mod limit;
mod situation;
mod violation;
mod words;

#[cfg(test)]
mod gallery;

use super::{Extension, Failure, LimitKind, Problem};

pub use words::{Count, list, printable};
pub(super) use words::{is_printable, tick};

/// What is said about a problem.
struct Wording {
    message: String,
    label: Option<&'static str>,
    help: Vec<String>,
}

impl Wording {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), label: None, help: Vec::new() }
    }

    /// Puts a short text under the place.
    fn label(mut self, label: &'static str) -> Self {
        self.label = Some(label);
        self
    }

    /// Adds a line that says what to do.
    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a line where there is one.
    fn maybe(mut self, help: Option<String>) -> Self {
        self.help.extend(help);
        self
    }

    /// Adds what a failure tells to do.
    fn hints(mut self, failure: &Failure) -> Self {
        self.help.extend(failure.hints.iter().map(|hint| words::foreign(hint)));
        self
    }
}

impl Problem {
    /// Returns what is wrong, in one line.
    #[must_use]
    pub fn message(&self) -> String {
        situation::wording(self).message
    }

    /// Returns what to write beside the marked place, where that says more than the message.
    #[must_use]
    pub fn label(&self) -> Option<&'static str> {
        situation::wording(self).label
    }

    /// Returns what to do, a line each, most useful first.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        situation::wording(self).help
    }
}

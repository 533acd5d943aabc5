//! Messages as data: what is wrong with a definition, where, and what to do.
//!
//! A [`Problem`] is one situation with its fields; `wording` turns it into text in one place, `render` into output. Nothing
//! here prints. A field never holds a value of an environment, so no message can leak one.

mod contract;
pub mod failure;
pub mod mask;
mod problem;
pub mod redact;
pub mod render;
mod sink;
pub mod suggest;
mod wording;

use crate::source::{Range, Span};

pub use contract::{Breach, BreachKind};
pub use failure::{Failure, FailureKind};
pub use problem::{Extension, LimitKind, Problem};
pub use sink::{MAX_MESSAGES, Omitted, Reported, Sink};
use wording::is_printable;
pub use wording::{Count, list, printable};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is delivered.
    Error,
    /// The run goes on.
    Warning,
}

/// One message about a definition.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub problem: Problem,
    /// The bytes meant; absent when there is no place.
    pub span: Option<Span>,
    /// The same place in the reference's arithmetic; absent when the reference gives none.
    pub range: Option<Range>,
    /// The document path (`values.a["x-y"][0]`); empty for the whole document.
    pub path: String,
    /// The local extension that would allow it: where hosted ESC's judgement is asked for.
    pub extension: Option<Extension>,
}

impl Diagnostic {
    /// Tells whether the run fails because of it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

//! Why a command fails.

use super::{
    complaint::{Complaint, Point},
    exit,
};
use crate::{
    config::{ConfigError, ConfigErrors, Place},
    diagnostic::{self, Diagnostic, FailureKind, Problem},
    guard::ContractError,
    render::{RenderError, RenderErrors},
    store::{ResolveError, reference::ReferenceError},
};

/// The order in which kinds of errors decide the exit code, when several come together.
const ORDER: [u8; 6] = [exit::USAGE, exit::IDENTITY, exit::PROVIDER, exit::FILE, exit::DEFINITION, exit::CONTRACT];

/// Why a command fails; the kind decides the exit code.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    /// What is said; nothing when it was told before.
    pub(super) complaints: Vec<Complaint>,
}

impl Failure {
    /// Makes a failure: its message is lower case and has no full stop.
    pub(super) fn new(code: u8, message: impl Into<String>) -> Self {
        Self { code, complaints: vec![Complaint::error(name(code), message)] }
    }

    /// Makes a failure with what to do about it.
    fn with(code: u8, message: impl Into<String>, hints: Vec<String>) -> Self {
        Self { code, complaints: vec![Complaint { hints, ..Complaint::error(name(code), message) }] }
    }

    /// Makes one failure of several with a code; none of them may be left out.
    pub(super) fn all(code: u8, messages: impl IntoIterator<Item = String>) -> Self {
        Self { code, complaints: messages.into_iter().map(|message| Complaint::error(name(code), message)).collect() }
    }

    /// Makes a failure that was told before.
    pub(super) fn told(code: u8) -> Self {
        Self { code, complaints: Vec::new() }
    }

    /// Adds a line that says what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Some(last) = self.complaints.last_mut() {
            last.hints.push(hint.into());
        }
        self
    }

    /// Returns the exit code.
    pub(super) fn code(&self) -> u8 {
        self.code
    }

    /// Makes the failure that told ones come to: usage before identity before provider before file before definition.
    pub(super) fn worst(codes: impl IntoIterator<Item = u8>) -> Option<Self> {
        codes.into_iter().min_by_key(|code| ORDER.iter().position(|known| known == code)).map(Self::told)
    }

    /// Makes the failure that diagnostics stand for. `None` without errors.
    pub(super) fn of<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Option<Self> {
        let errors = diagnostics.into_iter().filter(|diagnostic| diagnostic.is_error());
        Self::worst(errors.map(|diagnostic| code(&diagnostic.problem)))
    }
}

/// Returns the code of messages that end with an exit code.
fn name(code: u8) -> &'static str {
    match code {
        exit::DEFINITION => "definition",
        exit::USAGE => "usage",
        exit::IDENTITY => "identity",
        exit::PROVIDER => "provider",
        exit::FILE => "file",
        exit::CONTRACT => "missing",
        exit::NOT_STARTED | exit::NOT_FOUND => "command",
        exit::BUG => "bug",
        _ => "interrupted",
    }
}

/// Returns the exit code of a problem.
fn code(problem: &Problem) -> u8 {
    match (problem.failure(), problem) {
        (Some(failure), _) => kind_code(failure.kind),
        (None, Problem::Contract(_)) => exit::CONTRACT,
        (None, _) => exit::DEFINITION,
    }
}

fn kind_code(kind: FailureKind) -> u8 {
    match kind {
        FailureKind::Definition => exit::DEFINITION,
        FailureKind::Identity => exit::IDENTITY,
        FailureKind::Provider => exit::PROVIDER,
        FailureKind::File => exit::FILE,
    }
}

impl From<diagnostic::Failure> for Failure {
    fn from(failure: diagnostic::Failure) -> Self {
        Self::with(kind_code(failure.kind), failure.message, failure.hints)
    }
}

impl From<ReferenceError> for Failure {
    fn from(error: ReferenceError) -> Self {
        Self::with(exit::USAGE, error.to_string(), error.hints())
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        let usage = matches!(
            error,
            ResolveError::Reference(_)
                | ResolveError::CloudRevision { .. }
                | ResolveError::NoOrganization(_)
                | ResolveError::Ambiguous { .. }
        );
        let code = if usage { exit::USAGE } else { kind_code(error.kind()) };
        Self::with(code, error.to_string(), error.hints())
    }
}

impl Failure {
    /// Makes the failure of a configuration; `shown` writes a path for people.
    pub(super) fn config(errors: ConfigErrors, shown: impl Fn(&std::path::Path) -> String) -> Self {
        let complaint = |ConfigError { file, place, message, hints }: ConfigError| Complaint {
            file: Some(shown(&file)),
            at: place.map(|Place { line, column, byte }| Point { line, column, byte }),
            hints,
            ..Complaint::error("config", message)
        };
        Self { code: exit::USAGE, complaints: errors.0.into_iter().map(complaint).collect() }
    }
}

impl From<RenderErrors> for Failure {
    fn from(errors: RenderErrors) -> Self {
        let complaint = |error: RenderError| Complaint::error(name(exit::DEFINITION), error.to_string());
        Self { code: exit::DEFINITION, complaints: errors.0.into_iter().map(complaint).collect() }
    }
}

impl Failure {
    /// Makes the failure of a contract that is wrong itself; `shown` writes a path for people.
    pub(super) fn contract(errors: Vec<ContractError>, shown: impl Fn(&std::path::Path) -> String) -> Self {
        let complaint = |ContractError { site, other, message, mut hints }: ContractError| {
            hints.extend(other.map(|other| format!("the other declaration is {}", other.text(&shown))));
            Complaint {
                file: site.file().map(&shown),
                at: site.place().map(|Place { line, column, byte }| Point { line, column, byte }),
                hints,
                ..Complaint::error(site.file().map_or("usage", |_| "config"), message)
            }
        };
        Self { code: exit::USAGE, complaints: errors.into_iter().map(complaint).collect() }
    }

    /// Makes the failure of a template of the user, with its place.
    pub(super) fn of_template(file: &str, errors: RenderErrors) -> Self {
        let complaint = |error: RenderError| {
            let place = match &error {
                RenderError::Template { place, .. } => Some(place),
                _ => None,
            };
            let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
            let at = place.and_then(|place| *place);
            Complaint {
                file: place.map(|_| file.to_owned()),
                at: at.map(|at| Point { line: wide(at.line), column: wide(at.column), byte: wide(at.byte) }),
                ..Complaint::error(name(exit::DEFINITION), error.to_string())
            }
        };
        Self { code: exit::DEFINITION, complaints: errors.0.into_iter().map(complaint).collect() }
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::new(exit::DEFINITION, error.to_string())
    }
}

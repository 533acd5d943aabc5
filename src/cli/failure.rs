//! Why a command fails.

use super::exit;
use crate::{
    config::{ConfigError, ConfigErrors},
    diagnostic::{self, Diagnostic, FailureKind, Problem},
    render::RenderError,
    store::{ResolveError, reference::ReferenceError},
};

/// Why a command fails; the kind decides the exit code.
#[derive(Debug)]
pub(super) struct Failure {
    code: u8,
    /// What is said: lower case, no full stop; nothing when diagnostics said it.
    pub(super) message: Option<String>,
    /// What to do.
    pub(super) hints: Vec<String>,
}

impl Failure {
    /// Makes a failure.
    pub(super) fn new(code: u8, message: impl Into<String>) -> Self {
        Self { code, message: Some(message.into()), hints: Vec::new() }
    }

    /// Makes a failure that diagnostics have told.
    pub(super) fn told(code: u8) -> Self {
        Self { code, message: None, hints: Vec::new() }
    }

    /// Adds a line that says what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns the exit code.
    pub(super) fn code(&self) -> u8 {
        self.code
    }

    /// Makes the failure that diagnostics stand for: identity before provider before file before definition. `None` without errors.
    pub(super) fn of<'d>(diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Option<Self> {
        const ORDER: [u8; 4] = [exit::IDENTITY, exit::PROVIDER, exit::FILE, exit::DEFINITION];
        let errors = diagnostics.into_iter().filter(|diagnostic| diagnostic.is_error());
        let code = errors
            .map(|diagnostic| code(&diagnostic.problem))
            .min_by_key(|code| ORDER.iter().position(|known| known == code))?;
        Some(Self::told(code))
    }
}

/// Returns the exit code of a problem.
fn code(problem: &Problem) -> u8 {
    match problem {
        Problem::Load { failure, .. }
        | Problem::ProviderLoad { failure, .. }
        | Problem::Open { failure, .. }
        | Problem::Rotate { failure, .. }
        | Problem::Decrypt { failure } => kind_code(failure.kind),
        _ => exit::DEFINITION,
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
        Self { code: kind_code(failure.kind), message: Some(failure.message), hints: failure.hints }
    }
}

impl From<ReferenceError> for Failure {
    fn from(error: ReferenceError) -> Self {
        Self { code: exit::USAGE, message: Some(error.to_string()), hints: error.hints() }
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        let usage = matches!(error, ResolveError::Reference(_) | ResolveError::CloudRevision { .. });
        let code = if usage { exit::USAGE } else { kind_code(error.kind()) };
        Self { code, message: Some(error.to_string()), hints: error.hints() }
    }
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        let message = errors.0.iter().map(ConfigError::to_string).collect::<Vec<_>>().join("\n");
        let hints = if let [error] = errors.0.as_slice() { error.hints.clone() } else { Vec::new() };
        Self { code: exit::USAGE, message: Some(message), hints }
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::new(exit::DEFINITION, error.to_string())
    }
}

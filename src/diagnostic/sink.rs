//! Where problems are collected.

use super::{Diagnostic, Severity};

/// Proof that a problem was reported: only a [`Sink`] gives one, so a failure can't be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported(());

/// Collects diagnostics in the order of evaluation.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// Adds a diagnostic.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.push(diagnostic);
        Reported(())
    }

    /// Adds all of another sink's, after these.
    pub fn append(&mut self, mut other: Self) {
        self.diagnostics.append(&mut other.diagnostics);
    }

    /// Tells whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Returns them in the order of addition.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns them sorted by place: those without one first, then by file, position and code.
    #[must_use]
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut list = self.diagnostics;
        list.sort_by(|a, b| {
            let place = |d: &Diagnostic| d.range.as_ref().map(|r| (r.environment.clone(), r.begin, r.end));
            place(a).cmp(&place(b)).then_with(|| a.problem.code().cmp(b.problem.code()))
        });
        list
    }
}

//! What a command writes: one buffered write of data, and talk beside it.

use std::{
    collections::HashSet,
    io::{self, ErrorKind, Write as _},
};

use super::{
    args::{Color, Global, Style},
    complaint::Complaint,
    exit,
    failure::Failure,
};
use crate::{
    diagnostic::{
        Diagnostic, Omitted,
        render::{self, Options, Renderer},
    },
    source::SourceMap,
};

/// Collects data until everything passed; talk goes out at once.
pub(super) struct Output {
    data: Vec<u8>,
    style: Style,
    color: bool,
    quiet: bool,
    pub(super) verbose: bool,
    told: HashSet<String>,
}

impl Output {
    pub(super) fn new(global: &Global) -> Self {
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        };
        Self {
            data: Vec::new(),
            style: global.diagnostics,
            color,
            quiet: global.quiet,
            verbose: global.verbose,
            told: HashSet::new(),
        }
    }

    /// Adds data, which is written when the command has passed.
    pub(super) fn data(&mut self, text: &str) {
        self.data.extend_from_slice(text.as_bytes());
    }

    /// Adds data that is no text.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.data.extend_from_slice(bytes);
    }

    /// Says something, unless it is to be quiet or a program listens.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet && self.style != Style::Json {
            talk(&format!("{text}\n"));
        }
    }

    /// Tells diagnostics and returns them; what was told before is not told again. Local extensions are told where `extensions` says so.
    pub(super) fn tell<'d>(
        &mut self,
        diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
        sources: &SourceMap,
        extensions: bool,
    ) -> Vec<&'d Diagnostic> {
        let quiet = self.quiet;
        let wanted = diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.is_error() || !quiet)
            .filter(|diagnostic| diagnostic.is_error() || extensions || !diagnostic.problem.is_extension());
        let mut told = Vec::new();
        let style = match self.style {
            Style::Human => render::Style::Human,
            Style::Short => render::Style::Short,
            Style::Json => render::Style::Json,
            Style::Github => render::Style::Github,
        };
        let options = Options { style, color: self.color, width: 120 };
        let mut renderer = Renderer::new(sources, options);
        let mut text = String::new();
        for diagnostic in wanted {
            let one = renderer.render(diagnostic);
            if self.told.insert(one.clone()) {
                if self.style == Style::Human && !(text.is_empty() && self.told.len() == 1) {
                    text.push('\n');
                }
                text.push_str(&one);
                told.push(diagnostic);
            }
        }
        talk(&text);
        told
    }

    /// Says how many messages of an evaluation are not shown.
    pub(super) fn omit(&self, omitted: Omitted, extensions: bool) {
        let Omitted { errors, warnings, extensions: more } = omitted;
        let warnings = if self.quiet { 0 } else { warnings + if extensions { more } else { 0 } };
        let (make, count): (fn(_, String) -> _, _) = match (errors, warnings) {
            (0, 0) => return,
            (0, warnings) => (Complaint::warning, more_of(warnings, "warning")),
            (errors, 0) => (Complaint::error, more_of(errors, "error")),
            (errors, warnings) => {
                (Complaint::error, format!("{} and {}", more_of(errors, "error"), more_of(warnings, "warning")))
            }
        };
        let verb = if errors + warnings == 1 { "is" } else { "are" };
        talk(&make("omitted", format!("{count} {verb} not shown")).render(self.style, self.color));
    }

    /// Says why the command failed.
    pub(super) fn fail(&self, failure: &Failure) {
        talk(&failure.complaints.iter().map(|complaint| complaint.render(self.style, self.color)).collect::<String>());
    }

    /// Says what was left out, unless it is to be quiet.
    pub(super) fn warn(&self, warning: &Complaint) {
        if !self.quiet {
            talk(&warning.render(self.style, self.color));
        }
    }

    /// Writes the data and returns the exit code.
    pub(super) fn finish(self) -> u8 {
        let mut out = io::stdout().lock();
        match out.write_all(&self.data).and_then(|()| out.flush()) {
            Ok(()) => exit::OK,
            // Whoever read enough has closed the pipe.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => exit::OK,
            Err(error) => {
                self.fail(&Failure::new(exit::FILE, format!("cannot write to standard output: {error}")));
                exit::FILE
            }
        }
    }
}

/// Returns `1 more error` or `999,000 more errors`.
fn more_of(count: u64, noun: &str) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} more {noun}{}", if count == 1 { "" } else { "s" })
}

/// Writes to standard error; where that is closed nobody listens.
fn talk(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

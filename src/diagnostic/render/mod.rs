//! Diagnostics as output: for people, one line each, JSON, GitHub.
//!
//! Every style is made from the same report, in which nothing can do harm any more: no control characters, no secrets.
//! [`render`] shows identical messages once.

mod excerpt;
mod github;
mod human;
mod json;
mod short;

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
};

use super::{Diagnostic, Problem, Severity, mask::mask, printable};
use crate::source::{Position, Source, SourceId, SourceMap, Span};

/// What diagnostics look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// With the line of the definition and what to do.
    #[default]
    Human,
    /// One line: `file:line:column: error[code]: message; help`.
    Short,
    /// One JSON object a line.
    Json,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
}

/// How diagnostics are rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// What they look like.
    pub style: Style,
    /// Whether the human style has colors.
    pub color: bool,
    /// Columns of the terminal: longer lines of a definition are cut.
    pub width: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { style: Style::Human, color: false, width: 100 }
    }
}

/// Renders diagnostics in the order given; every line ends with a line feed.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &SourceMap, options: Options) -> String {
    let mut renderer = Renderer::new(sources, options);
    let mut seen = HashSet::new();
    let mut out = String::new();
    for diagnostic in diagnostics {
        let text = renderer.render(diagnostic);
        if seen.insert(text.clone()) {
            if options.style == Style::Human && !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&text);
        }
    }
    out
}

/// Renders the diagnostics of a run one at a time; each text is looked through for secrets once.
pub struct Renderer<'s> {
    sources: &'s SourceMap,
    options: Options,
    masks: Masks,
}

impl<'s> Renderer<'s> {
    /// Makes a renderer.
    #[must_use]
    pub fn new(sources: &'s SourceMap, options: Options) -> Self {
        Self { sources, options, masks: Masks::default() }
    }

    /// Renders one diagnostic; every line ends with a line feed.
    pub fn render(&mut self, diagnostic: &Diagnostic) -> String {
        let report = Report::new(diagnostic, self.sources);
        match self.options.style {
            Style::Human => {
                let width = self.options.width;
                // The line of a value that violates a contract is the value.
                let quoted = report.place.as_ref().filter(|_| !matches!(diagnostic.problem, Problem::Contract(_)));
                let excerpt = quoted.and_then(|place| excerpt::cut(place, &mut self.masks, width));
                human::render(&report, excerpt.as_ref(), self.options.color)
            }
            Style::Short => short::render(&report),
            Style::Json => json::render(&report),
            Style::Github => github::render(&report),
        }
    }
}

/// A diagnostic as it may be shown.
struct Report<'a> {
    code: &'static str,
    severity: &'static str,
    level: Severity,
    message: String,
    label: Option<&'static str>,
    help: Vec<String>,
    /// File, also where the place in it is not known.
    file: Option<String>,
    place: Option<Place<'a>>,
    /// Path in the document; empty for all of it.
    path: String,
}

/// Where a diagnostic points to.
struct Place<'a> {
    /// The text and the bytes in it; absent where somebody else has the text.
    text: Option<(&'a Source, Span)>,
    start: Point,
    end: Point,
}

/// A position as people count it.
#[derive(Clone, Copy, PartialEq, Eq, serde::Serialize)]
struct Point {
    /// From 1.
    line: u32,
    /// From 1, in characters.
    column: u32,
    /// From 0.
    byte: u32,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &Diagnostic, sources: &'a SourceMap) -> Self {
        let place = diagnostic.span.map(|span| Place::new(sources.get(span.source), span));
        let place = place.or_else(|| Place::elsewhere(diagnostic));
        let source = place.as_ref().and_then(|place| place.text).map(|(source, _)| source).or_else(|| {
            let environment = &diagnostic.range.as_ref()?.environment;
            sources.iter().map(|(_, source)| &**source).find(|source| source.environment == *environment)
        });
        // An environment that only Pulumi Cloud has read goes by its name there.
        let elsewhere = place.as_ref().filter(|place| place.text.is_none()).and(diagnostic.range.as_ref());
        let file = source.map(|source| &source.file).or_else(|| elsewhere.map(|range| &range.environment));
        Self {
            code: diagnostic.problem.code(),
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            level: diagnostic.severity,
            message: diagnostic.problem.message(),
            label: diagnostic.problem.label(),
            help: help(diagnostic),
            file: file.filter(|file| !file.is_empty()).map(|file| printable(file).into_owned()),
            place,
            path: printable(above_secret(&diagnostic.path)).into_owned(),
        }
    }
}

/// Returns what to do; where hosted ESC's judgement is asked for, the extension that would allow it and the portable way come first.
fn help(diagnostic: &Diagnostic) -> Vec<String> {
    let allowed = diagnostic.extension.map(|extension| {
        let code = extension.code();
        [format!("the local extension `{code}` allows it in esc-shell only"), extension.portable().to_owned()]
    });
    allowed.into_iter().flatten().chain(diagnostic.problem.help()).collect()
}

impl<'a> Place<'a> {
    fn new(source: &'a Source, span: Span) -> Self {
        let point = |byte| {
            let (line, column) = source.line_column(byte);
            Point { line, column, byte }
        };
        let length = u32::try_from(source.text.len()).unwrap_or(u32::MAX);
        let start = span.start.min(length);
        let end = span.end.clamp(start, length);
        Self { text: Some((source, Span { start, end, ..span })), start: point(start), end: point(end) }
    }

    /// Returns the place that Pulumi Cloud names in a definition that only it has read.
    fn elsewhere(diagnostic: &Diagnostic) -> Option<Self> {
        let range = diagnostic.range.as_ref().filter(|range| range.begin.line > 0)?;
        let point = |Position { line, column, byte }: Position| Point { line, column, byte };
        matches!(diagnostic.problem, Problem::Cloud { .. } | Problem::Contract(_)).then(|| Self {
            text: None,
            start: point(range.begin),
            end: point(range.end.max(range.begin)),
        })
    }
}

/// Cuts a document path behind the first `fn::secret`: keys below it may be a secret that is not quoted.
fn above_secret(path: &str) -> &str {
    const KEY: &str = "[\"fn::secret\"]";
    path.find(KEY).map_or(path, |at| &path[..at + KEY.len()])
}

/// The masks of the texts that were shown so far.
#[derive(Default)]
struct Masks(BTreeMap<SourceId, Vec<Range<usize>>>);

impl Masks {
    fn of(&mut self, id: SourceId, source: &Source) -> &[Range<usize>] {
        self.0.entry(id).or_insert_with(|| mask(&source.text))
    }
}

//! What is said beside diagnostics: why a command fails, or what it leaves out. Every style of `--diagnostics` has a form for it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Colors};
use serde::Serialize;

use super::args::Style;
use crate::diagnostic::{Severity, printable};

/// One message: lower case, no full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// Stable, as the codes of diagnostics are; none of them.
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    /// The file, relative to the working directory; absent when none is meant.
    pub(super) file: Option<String>,
    /// Where in the file.
    pub(super) at: Option<Point>,
    /// What is said.
    pub(super) message: String,
    /// What to do.
    pub(super) hints: Vec<String>,
}

/// A position: line and column from 1, the column in characters; the byte from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Point {
    pub(super) line: u64,
    pub(super) column: u64,
    pub(super) byte: u64,
}

/// The keys that the JSON of a diagnostic has, in its order.
#[derive(Serialize)]
struct Object<'c> {
    code: &'c str,
    severity: &'c str,
    message: &'c str,
    help: &'c [String],
    file: Option<&'c str>,
    start: Option<Point>,
    end: Option<Point>,
    path: &'c str,
}

impl Complaint {
    /// Makes an error.
    pub(super) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, file: None, at: None, message: message.into(), hints: Vec::new() }
    }

    /// Makes a warning.
    pub(super) fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a line that says what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Writes it, without anything that would do more on a terminal than be seen; every line ends with a line feed.
    pub(super) fn render(&self, style: Style, color: bool) -> String {
        let harmless = |text: &String| printable(text).into_owned();
        let harmless = Self {
            file: self.file.as_ref().map(harmless),
            message: harmless(&self.message),
            hints: self.hints.iter().map(harmless).collect(),
            ..self.clone()
        };
        match style {
            Style::Human => harmless.human(color),
            Style::Short => harmless.short(),
            Style::Json => harmless.json(),
            Style::Github => harmless.github(),
        }
    }

    fn severity(&self) -> &'static str {
        match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }

    /// Returns `file:line:column: `, or as much of it as is known.
    fn place(&self) -> String {
        match (&self.file, self.at) {
            (None, _) => String::new(),
            (Some(file), None) => format!("{file}: "),
            (Some(file), Some(at)) => format!("{file}:{}:{}: ", at.line, at.column),
        }
    }

    fn human(&self, color: bool) -> String {
        let paint = |style: Colors, text: &str| {
            if color { format!("{style}{text}{style:#}") } else { text.to_owned() }
        };
        let head = match self.severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
        };
        let severity = paint(head.on_default().bold(), self.severity());
        let mut text = format!("{severity}: {}{}\n", self.place(), self.message);
        for hint in &self.hints {
            let _ = writeln!(text, "  {} {hint}", paint(AnsiColor::Cyan.on_default(), "help:"));
        }
        text
    }

    fn short(&self) -> String {
        let hint = self.hints.first().map(|hint| format!("; {hint}")).unwrap_or_default();
        format!("{}{}[{}]: {}{hint}\n", self.place(), self.severity(), self.code, self.message)
    }

    fn json(&self) -> String {
        let object = Object {
            code: self.code,
            severity: self.severity(),
            message: &self.message,
            help: &self.hints,
            file: self.file.as_deref(),
            start: self.at,
            end: self.at,
            path: "",
        };
        serde_json::to_string(&object).expect("strings and numbers are always JSON") + "\n"
    }

    fn github(&self) -> String {
        let escaped = |text: &str| text.replace('%', "%25");
        let mut properties = String::new();
        if let Some(file) = &self.file {
            let _ = write!(properties, "file={},", escaped(file).replace(':', "%3A").replace(',', "%2C"));
        }
        if let Some(at) = self.at {
            let _ = write!(properties, "line={},col={},", at.line, at.column);
        }
        let lines: Vec<String> = [&self.message].into_iter().chain(&self.hints).map(|line| escaped(line)).collect();
        format!("::{} {properties}title={}::{}\n", self.severity(), self.code, lines.join("%0A"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_style_has_a_form() {
        let plain = Complaint::warning("dropped", "100% of it\nis gone").hint("a").hint("b");
        let at = Some(Point { line: 3, column: 5, byte: 21 });
        let placed = Complaint { file: Some("a:b,c.yaml".into()), at, ..Complaint::error("config", "no") };
        for (complaint, style, expected) in [
            (&plain, Style::Human, "warning: 100% of it\\nis gone\n  help: a\n  help: b\n"),
            (&plain, Style::Short, "warning[dropped]: 100% of it\\nis gone; a\n"),
            (&plain, Style::Github, "::warning title=dropped::100%25 of it\\nis gone%0Aa%0Ab\n"),
            (&placed, Style::Human, "error: a:b,c.yaml:3:5: no\n"),
            (&placed, Style::Short, "a:b,c.yaml:3:5: error[config]: no\n"),
            (&placed, Style::Github, "::error file=a%3Ab%2Cc.yaml,line=3,col=5,title=config::no\n"),
        ] {
            assert_eq!(complaint.render(style, false), expected);
        }
        let read: serde_json::Value = serde_json::from_str(&placed.render(Style::Json, true)).unwrap();
        assert_eq!(read["start"], json!({"line": 3, "column": 5, "byte": 21}));
        assert_eq!(read["help"], json!([]));
        assert!(placed.render(Style::Human, true).contains('\u{1b}'));
    }
}

//! Workflow commands of GitHub Actions: annotations at the place in the file.

use std::fmt::Write;

use super::Report;
use crate::diagnostic::Severity;

pub(super) fn render(report: &Report<'_>) -> String {
    let command = match report.level {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut out = format!("::{command} ");
    if let Some(file) = &report.file {
        out.push_str("file=");
        property(&mut out, file);
        out.push(',');
    }
    if let Some(place) = &report.place {
        let (start, end) = (place.start, place.end);
        let mut number = |name, value| write!(out, "{name}={value},").expect("a String takes everything");
        number("line", start.line);
        number("endLine", end.line);
        // Columns are refused when the place has several lines.
        if start.line == end.line {
            number("col", start.column);
            number("endColumn", end.column);
        }
    }
    out.push_str("title=");
    property(&mut out, report.code);
    out.push_str("::");
    data(&mut out, &report.message);
    for help in &report.help {
        out.push_str("%0A");
        data(&mut out, help);
    }
    out.push('\n');
    out
}

/// Writes the text of a command.
fn data(out: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            _ => out.push(char),
        }
    }
}

/// Writes a value among others.
fn property(out: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            _ => data(out, char.encode_utf8(&mut [0; 4])),
        }
    }
}

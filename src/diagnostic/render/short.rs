//! One line a message, for editors and `grep`.

use std::fmt::Write;

use super::Report;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    if let Some(file) = &report.file {
        out.push_str(file);
        if let Some(place) = &report.place {
            write!(out, ":{}:{}", place.start.line, place.start.column).expect("a String takes everything");
        }
        out.push_str(": ");
    }
    let Report { severity, code, message, .. } = report;
    write!(out, "{severity}[{code}]: {message}").expect("a String takes everything");
    if let Some(help) = report.help.first() {
        out.push_str("; ");
        out.push_str(help);
    }
    out.push('\n');
    out
}

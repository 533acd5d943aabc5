//! One JSON object a message, for programs.
//!
//! `file`, `start` and `end` are null where there is no place; `end` is the position behind the last character.

use serde::Serialize;

use super::{Point, Report};

#[derive(Serialize)]
struct Object<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    help: &'a [String],
    file: Option<&'a str>,
    start: Option<Point>,
    end: Option<Point>,
    path: &'a str,
}

pub(super) fn render(report: &Report<'_>) -> String {
    let object = Object {
        code: report.code,
        severity: report.severity,
        message: &report.message,
        help: &report.help,
        file: report.file.as_deref(),
        start: report.place.as_ref().map(|place| place.start),
        end: report.place.as_ref().map(|place| place.end),
        path: &report.path,
    };
    let mut line = serde_json::to_string(&object).expect("strings and numbers are always JSON");
    line.push('\n');
    line
}

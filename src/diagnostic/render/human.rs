//! The style for people: the line of the definition with the place marked, and what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Report, excerpt::Excerpt};
use crate::diagnostic::{Severity, wording::tick};

/// Columns that no line has: excerpts are cut before.
const UNLIMITED: usize = 10_000;

pub(super) fn render(report: &Report<'_>, excerpt: Option<&Excerpt>, color: bool) -> String {
    let level = match report.level {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    // Two groups: in one, annotate-snippets would count line and column in the excerpt.
    let mut head = Group::with_title(level.clone().primary_title(&report.message).id(report.code));
    let mut body = Group::with_level(level);
    if let Some(file) = &report.file {
        let mut origin = Origin::path(file);
        if let Some(place) = &report.place {
            origin = origin.line(place.start.line as usize).char_column(place.start.column as usize);
        }
        head = head.element(origin);
    }
    if let (Some(place), Some(excerpt)) = (&report.place, excerpt) {
        let mark = AnnotationKind::Primary.span(excerpt.marked.clone()).label(report.label);
        body = body.element(Snippet::source(&excerpt.text).line_start(place.start.line as usize).annotation(mark));
    } else if !report.path.is_empty() {
        body = body.element(Level::NOTE.message(format!("at {}", tick(&report.path))));
    }
    body = body.elements(report.help.iter().map(|help| Level::HELP.message(help)));
    // An empty group would leave a separator behind.
    let says_more = excerpt.is_some() || !report.path.is_empty() || !report.help.is_empty();
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let groups = if says_more { vec![head, body] } else { vec![head] };
    let text = renderer.term_width(UNLIMITED).render(&groups);
    // Between the place and its line stand two separators, one of each group.
    let mut lines: Vec<&str> = text.lines().collect();
    lines.dedup();
    lines.join("\n") + "\n"
}

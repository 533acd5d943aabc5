//! The reference's arithmetic of positions, which its data formats show: ends are computed from decoded lengths.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::tree::{Data, NodeId, Style, Tree};
use crate::source::{Position, Range, Source, Span};

impl Tree {
    /// Returns the range of a node as the reference computes it.
    #[must_use]
    pub fn range(&self, id: NodeId, source: &Source) -> Range {
        let node = self.node(id);
        let (line, column) = source.line_column(node.start);
        let begin = position(source, line, column);
        let end = match &node.data {
            Data::Scalar { text, style, tag, .. } => {
                let length = offset(text.len());
                match (style, tag) {
                    (Style::Literal, _) => {
                        let breaks = offset(text.bytes().filter(|byte| *byte == b'\n').count());
                        let last = text.rfind('\n').map_or(length, |at| length - offset(at) - 1);
                        position(source, line + breaks, column + last)
                    }
                    (Style::Plain, Some(tag)) => position(source, line, column + length + tag + 1),
                    _ => position(source, line, column + length),
                }
            }
            Data::Sequence(items) => items.last().map_or(begin, |last| self.range(*last, source).end),
            Data::Mapping(entries) => entries.last().map_or(begin, |last| self.range(last.1, source).end),
        };
        Range { environment: std::sync::Arc::clone(&source.environment), begin, end }
    }

    /// Returns the range of a part of a scalar's decoded text: only plain, untagged scalars have one.
    #[must_use]
    pub fn sub_range(&self, id: NodeId, part: (usize, usize), source: &Source) -> Option<Range> {
        let Data::Scalar { text, style: Style::Plain, tag: None, .. } = &self.node(id).data else { return None };
        let whole = self.range(id, source);
        let at = |to: usize| Position {
            line: whole.begin.line,
            column: whole.begin.column + text.get(..to).map_or(0, width),
            byte: whole.begin.byte + offset(to),
        };
        Some(Range { environment: whole.environment, begin: at(part.0), end: at(part.1) })
    }

    /// Returns the bytes that a part of a scalar's decoded text really has, or of the whole scalar where escapes or folding hide them.
    #[must_use]
    pub fn sub_span(&self, id: NodeId, part: (usize, usize), source: &Source) -> Span {
        let whole = self.span(id);
        let Data::Scalar { text, .. } = &self.node(id).data else { return whole };
        let raw = source.text.get(whole.start as usize..whole.end as usize).unwrap_or_default();
        let Some(piece) = text.get(part.0..part.1) else { return whole };
        // The raw text holds the decoded one literally unless escapes, folding or several lines intervene.
        match raw.find(text.trim_end_matches('\n')) {
            Some(at) => {
                let start = whole.start + offset(at + part.0);
                Span { source: whole.source, start, end: (start + offset(piece.len())).min(whole.end.max(start)) }
            }
            None => match (raw.find(piece), piece.is_empty()) {
                (Some(at), false) if raw.matches(piece).count() == 1 => {
                    let start = whole.start + offset(at);
                    Span { source: whole.source, start, end: start + offset(piece.len()) }
                }
                _ => whole,
            },
        }
    }
}

/// Completes line and column with the byte that the reference finds there.
fn position(source: &Source, line: u32, column: u32) -> Position {
    Position { line, column, byte: byte_of(source, line, column) }
}

/// Q5: zero on the last line; elsewhere display widths are counted, not characters.
fn byte_of(source: &Source, line: u32, column: u32) -> u32 {
    let lines = source.lines();
    if line >= lines.count() {
        return 0;
    }
    let start = lines.start(line - 1).unwrap_or(0);
    let end = lines.start(line).unwrap_or(start).max(start + 1) - 1;
    let characters = lines.characters(&source.text, start as usize, end as usize);
    if characters == end.saturating_sub(start) as usize {
        return start + column - 1;
    }
    let text = source.text.get(start as usize..end as usize).unwrap_or_default();
    let mut counter = 1;
    let mut byte = start;
    for cluster in text.graphemes(true) {
        if counter >= column {
            break;
        }
        counter += width(cluster);
        byte += offset(cluster.len());
    }
    byte.min(end)
}

/// Display width: wide characters two, combining and control characters none.
fn width(text: &str) -> u32 {
    text.graphemes(true)
        .map(|cluster| if cluster.chars().all(char::is_control) { 0 } else { offset(cluster.width()) })
        .sum()
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

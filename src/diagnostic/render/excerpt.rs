//! Cuts the line that a message is about out of a definition.
//!
//! What is cut is harmless to show: secrets are replaced, control characters too, and a line is no longer than a terminal's.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::{Masks, Place};
use crate::diagnostic::{is_printable, mask::PLACEHOLDER};

/// Columns of a terminal that line number and margin take.
const MARGIN: usize = 12;

/// Columns below which an excerpt tells nothing.
const NARROWEST: usize = 40;

/// Stands for what was cut off.
const ELLIPSIS: char = '…';

/// Stands for a tab: its width does not depend on the column, so the marks below it fit.
const TAB: &str = "    ";

/// One line of a definition, or a part of it, as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// What is shown.
    pub text: String,
    /// The bytes of it that the message is about; empty where it is about a place between two characters.
    pub marked: Range<usize>,
}

/// A piece of a line that is shown whole or not at all.
struct Cell {
    /// Its bytes in the source.
    bytes: Range<usize>,
    shown: Shown,
}

enum Shown {
    Char(char),
    Text(&'static str),
}

impl Cell {
    fn is_blank(&self) -> bool {
        matches!(self.shown, Shown::Char(' ') | Shown::Text(TAB))
    }

    fn width(&self) -> usize {
        match self.shown {
            Shown::Char(char) => char.width().unwrap_or(1),
            Shown::Text(text) => text.len(),
        }
    }
}

/// Cuts the first line of a place; returns `None` when the line is empty, or nobody here has the text.
pub(super) fn cut(place: &Place<'_>, masks: &mut Masks, width: usize) -> Option<Excerpt> {
    let (source, span) = place.text?;
    let text: &str = &source.text;
    let lines = source.lines();
    let line = lines.line(span.start);
    let start = lines.start(line)? as usize;
    let end = lines.start(line + 1).map_or(text.len(), |next| next as usize - 1);
    let end = start + text[start..end].trim_end().len();
    if start == end {
        return None;
    }
    let width = width.saturating_sub(MARGIN).max(NARROWEST);
    let marked = text.floor_char_boundary(span.start as usize).min(end)..(span.end as usize).min(end);

    // A character takes four bytes at most, so this is more than can be shown, and no more than that is looked at.
    let near = text.floor_char_boundary(marked.start.saturating_sub(4 * width)).max(start)
        ..text.floor_char_boundary(marked.start + 4 * width).min(end);
    let cells = cells(text, near.clone(), masks.of(span.source, source));
    let shown = window(&cells, marked.start, width);

    let mut excerpt = Excerpt { text: String::new(), marked: 0..0 };
    if shown.start > 0 || near.start > start {
        excerpt.text.push(ELLIPSIS);
    }
    excerpt.marked = excerpt.text.len()..excerpt.text.len();
    for cell in &cells[shown.clone()] {
        let before = excerpt.text.len();
        match cell.shown {
            Shown::Char(char) => excerpt.text.push(char),
            Shown::Text(text) => excerpt.text.push_str(text),
        }
        if cell.bytes.end <= marked.start {
            excerpt.marked = excerpt.text.len()..excerpt.text.len();
        } else if cell.bytes.start < marked.end || is_inside(marked.start, cell) {
            excerpt.marked = excerpt.marked.start.min(before)..excerpt.text.len();
        }
    }
    if shown.end < cells.len() || near.end < end {
        excerpt.text.push(ELLIPSIS);
    }
    Some(excerpt)
}

/// Tells whether a place lies within a cell that stands for many characters.
fn is_inside(at: usize, cell: &Cell) -> bool {
    matches!(cell.shown, Shown::Text(PLACEHOLDER)) && cell.bytes.contains(&at)
}

/// Splits a part of a line into what is shown of it.
fn cells(text: &str, part: Range<usize>, masks: &[Range<usize>]) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut at = part.start;
    let first = masks.partition_point(|mask| mask.end <= at);
    let mut masks = masks[first..].iter().take_while(|mask| mask.start < part.end);
    loop {
        let mask = masks.next();
        let plain = mask.map_or(part.end, |mask| mask.start.max(at));
        cells.extend(text[at..plain].char_indices().map(|(offset, char)| Cell {
            bytes: at + offset..at + offset + char.len_utf8(),
            shown: match char {
                '\t' => Shown::Text(TAB),
                _ if is_printable(char) => Shown::Char(char),
                _ => Shown::Char(char::REPLACEMENT_CHARACTER),
            },
        }));
        let Some(mask) = mask else {
            return cells;
        };
        at = mask.end.min(part.end);
        cells.push(Cell { bytes: plain..at, shown: Shown::Text(PLACEHOLDER) });
    }
}

/// Chooses the cells to show: all if there is room, else those around a place, with more behind than before it.
fn window(cells: &[Cell], place: usize, width: usize) -> Range<usize> {
    if cells.iter().map(Cell::width).sum::<usize>() <= width {
        return 0..cells.len();
    }
    let room = width - 2;
    let anchor = cells.partition_point(|cell| cell.bytes.end <= place);
    let mut used = 0;
    let mut take = |cell: &Cell, limit: usize| {
        used += cell.width();
        used <= limit || {
            used -= cell.width();
            false
        }
    };
    let before = cells[..anchor].iter().rev().take_while(|cell| take(cell, room / 3)).count();
    let behind = cells[anchor..].iter().take_while(|cell| take(cell, room)).count();
    let more = cells[..anchor - before].iter().rev().take_while(|cell| take(cell, room)).count();
    let start = anchor - before - more;
    let blank = cells[start..anchor].iter().take_while(|cell| start > 0 && cell.is_blank()).count();
    start + blank..anchor + behind
}

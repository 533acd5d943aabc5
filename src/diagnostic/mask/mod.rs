//! Finds the plaintexts of `fn::secret` in a definition, so that none is shown with a message.
//!
//! The text may be broken, that is what messages are about: it is scanned, not parsed. A text that is well-formed as far as
//! quotes and brackets go is read as YAML reads it. Where they do not match, everything from the next secret on is
//! masked. In doubt more is masked than is secret, never less.

mod key;
mod scan;

#[cfg(test)]
mod tests;

use std::ops::Range;

/// What stands for a masked text; always the same, so that it does not tell the length.
pub const PLACEHOLDER: &str = "[secret]";

/// Returns the byte ranges of a definition that must not be shown, ascending and apart from each other.
///
/// They cover the arguments of `fn::secret`, also of misspelled ones, with comments behind them, and what follows the words
/// `fn::secret` on a line anywhere else. A range may go over several lines and begins and ends at a character.
#[must_use]
pub fn mask(text: &str) -> Vec<Range<usize>> {
    let scan = scan::scan(text);
    let mut ranges = scan.secrets;
    let mut from = 0;
    while let Some(mention) = key::mention(text, from) {
        from = mention.end;
        let key = scan.keys.partition_point(|key| key.end <= mention.start);
        if scan.keys.get(key).is_none_or(|key| key.start > mention.start) {
            let start = key::value(text, mention.end);
            from = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
            ranges.push(start..from);
        }
    }
    join(ranges)
}

/// Sorts ranges and joins those that touch.
fn join(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

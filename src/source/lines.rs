//! Line starts of a text, so that a byte offset can be told as line and column.

/// Bytes between two places whose characters are counted beforehand: a definition may be one line of megabytes.
const STEP: usize = 1024;

/// The byte offset at which each line of a text starts, and how many characters stand before places at regular distances.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    characters: Vec<u32>,
}

impl LineIndex {
    /// Indexes a text; lines end at `\n`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| offset(at + 1)));
        let mut before = 0;
        let counted = text.as_bytes().chunks(STEP).map(|part| {
            before += characters(part);
            offset(before)
        });
        let characters = std::iter::once(0).chain(counted).collect();
        Self { starts, characters }
    }

    /// Returns the zero-based line that holds a byte offset.
    #[must_use]
    pub fn line(&self, byte: u32) -> u32 {
        offset(self.starts.partition_point(|start| *start <= byte) - 1)
    }

    /// Returns the byte offset at which a zero-based line starts, or `None` behind the last line.
    #[must_use]
    pub fn start(&self, line: u32) -> Option<u32> {
        self.starts.get(line as usize).copied()
    }

    /// Returns how many lines there are: one more than there are line feeds.
    #[must_use]
    pub fn count(&self) -> u32 {
        offset(self.starts.len())
    }

    /// Returns how many characters of the indexed text begin between two byte offsets; its cost does not depend on how many.
    #[must_use]
    pub fn characters(&self, text: &str, start: usize, end: usize) -> usize {
        let before = |at: usize| {
            let known = at / STEP;
            self.characters[known] as usize + characters(&text.as_bytes()[known * STEP..at])
        };
        let (start, end) = (start.min(text.len()), end.min(text.len()));
        before(end).saturating_sub(before(start))
    }
}

/// Counts the bytes that begin a character.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| byte.cast_signed() >= -0x40).count()
}

/// Narrows an offset; texts are limited to 10 MB long before this could saturate.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_anywhere() {
        let text = "a\u{fc}\u{1f600}".repeat(1_000);
        let lines = LineIndex::new(&text);
        for start in [0, 1, 1_023, 1_024, 1_025, 6_000] {
            for end in [start, start + 1, 1_024, 2_048, 6_999, 7_000, 9_000] {
                let (from, to) = (text.floor_char_boundary(start), text.floor_char_boundary(end));
                let expected = text.get(from..to).map_or(0, |part| part.chars().count());
                assert_eq!(lines.characters(&text, from, to), expected, "{from}..{to}");
            }
        }
    }
}

//! Line starts of a text, so that a byte offset can be told as line and column.

/// The byte offset at which each line of a text starts.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes a text; lines end at `\n`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| offset(at + 1)));
        Self { starts }
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
}

/// Narrows an offset; texts are limited to 10 MB long before this could saturate.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

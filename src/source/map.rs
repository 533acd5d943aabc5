//! The texts of a run.

use std::sync::{Arc, OnceLock};

use super::{LineIndex, SourceId, Span};

/// One definition: its text and the two names it goes by.
#[derive(Debug)]
pub struct Source {
    /// Name of the environment (`project/env`), as ranges of the reference's formats show it.
    pub environment: Arc<str>,
    /// File as people know it: a path relative to the working directory, or `org/project/env@revision` of a cloud definition.
    pub file: Arc<str>,
    /// The text, decoded to UTF-8, without a byte-order mark.
    pub text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// Wraps a decoded text.
    #[must_use]
    pub fn new(environment: impl Into<Arc<str>>, file: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { environment: environment.into(), file: file.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// Returns the line index, made when first asked for: a run without messages never needs it.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Returns line and column of a byte offset, both from 1, the column in characters.
    #[must_use]
    pub fn line_column(&self, byte: u32) -> (u32, u32) {
        let lines = self.lines();
        let line = lines.line(byte);
        let start = lines.start(line).unwrap_or(0) as usize;
        let end = (byte as usize).clamp(start, self.text.len());
        let column = lines.characters(&self.text, start, end);
        (line + 1, u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1))
    }
}

/// Owns every text of a run; ids are given in the order of addition.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Arc<Source>>,
}

impl SourceMap {
    /// Adds a text and returns its id.
    ///
    /// # Panics
    /// After 2^32 texts; the limits on definitions end a run long before.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).expect("a run reads far fewer than 2^32 files"));
        self.sources.push(Arc::new(source));
        id
    }

    /// Returns a text.
    ///
    /// # Panics
    /// When the id comes from another map.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Arc<Source> {
        &self.sources[id.0 as usize]
    }

    /// Returns the text that a span covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Returns all texts in the order of addition.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Arc<Source>)> {
        (0..).map(SourceId).zip(&self.sources)
    }
}

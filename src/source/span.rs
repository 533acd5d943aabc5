//! Places in a text: byte ranges for people's snippets, and the reference's ranges for its data formats.

use std::sync::Arc;

/// Identifies one text of a [`SourceMap`](super::SourceMap).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// A byte range in one source: `start` inclusive, `end` exclusive, in bytes of its UTF-8 text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
}

/// A position as the reference counts it: line and column from 1, byte from 0; all zero when there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1, in code points at the start of a node.
    pub column: u32,
    /// Byte offset, from 0.
    pub byte: u32,
}

/// A range in the reference's own arithmetic, which differs from the bytes that a node really covers (`docs/esc-language.md`, positions).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Range {
    /// Name of the environment whose definition this is; empty when there is none.
    pub environment: Arc<str>,
    /// First position.
    pub begin: Position,
    /// Position after the last one.
    pub end: Position,
}

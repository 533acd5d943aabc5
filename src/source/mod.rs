//! Text and positions: the definitions that were read, and places in them.
//!
//! A [`SourceMap`] owns every text of a run; a [`Span`] is a byte range in one of them. Nothing here knows YAML or ESC.

mod lines;
mod map;
mod span;

pub use lines::LineIndex;
pub use map::{Source, SourceMap};
pub use span::{Position, Range, SourceId, Span};

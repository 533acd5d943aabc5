//! JSON text written piece by piece, compact or indented by two spaces.

use super::escape;
use crate::value::{TooLarge, limit::MAX_BYTES};

/// How JSON text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Without a blank.
    Compact,
    /// A line for each value, two spaces a level; empty lists and objects stay on their line.
    Indented,
}

/// Writes commas, line feeds and indentation between the pieces it is given; the caller closes what it opens.
pub(crate) struct Emitter {
    out: String,
    layout: Layout,
    depth: usize,
    /// Nothing stands yet in the container that was opened last.
    empty: bool,
    /// A key was written, so the next piece follows it on its line.
    after_key: bool,
    limit: usize,
}

impl Emitter {
    /// Starts an empty text.
    pub(crate) fn new(layout: Layout) -> Self {
        Self::limited(layout, MAX_BYTES)
    }

    fn limited(layout: Layout, limit: usize) -> Self {
        Self { out: String::new(), layout, depth: 0, empty: true, after_key: false, limit }
    }

    /// Opens a list (`[`) or an object (`{`).
    pub(crate) fn open(&mut self, bracket: char) -> Result<(), TooLarge> {
        self.place();
        self.out.push(bracket);
        self.depth += 1;
        self.empty = true;
        self.check()
    }

    /// Closes what was opened last, with `]` or `}`.
    pub(crate) fn close(&mut self, bracket: char) -> Result<(), TooLarge> {
        self.depth -= 1;
        if !self.empty {
            self.line();
        }
        self.empty = false;
        self.out.push(bracket);
        self.check()
    }

    /// Writes the key of the next piece.
    pub(crate) fn key(&mut self, key: &str) {
        self.place();
        escape::encode(key.as_bytes(), &mut self.out);
        self.out.push_str(if self.layout == Layout::Compact { ":" } else { ": " });
        self.after_key = true;
    }

    /// Writes a string.
    pub(crate) fn string(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        self.place();
        escape::encode(bytes, &mut self.out);
        self.check()
    }

    /// Writes a number, `true`, `false` or `null`.
    pub(crate) fn literal(&mut self, text: &str) -> Result<(), TooLarge> {
        self.place();
        self.out.push_str(text);
        self.check()
    }

    /// Returns the text, without a line feed at its end.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Separates the next piece from the one before it.
    fn place(&mut self) {
        if !std::mem::take(&mut self.after_key) && self.depth > 0 {
            if !self.empty {
                self.out.push(',');
            }
            self.line();
        }
        self.empty = false;
    }

    fn line(&mut self) {
        if self.layout == Layout::Indented {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }

    fn check(&self) -> Result<(), TooLarge> {
        if self.out.len() > self.limit { Err(TooLarge::Bytes) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_separated() {
        let write = |layout| {
            let mut out = Emitter::new(layout);
            out.open('{')?;
            out.key("<k>");
            out.open('[')?;
            out.literal("1")?;
            out.string(b"\xff")?;
            out.open('{')?;
            out.close('}')?;
            out.close(']')?;
            out.key("n");
            out.literal("null")?;
            out.close('}')?;
            Ok::<_, TooLarge>(out.finish())
        };
        assert_eq!(write(Layout::Compact).unwrap(), r#"{"\u003ck\u003e":[1,"\ufffd",{}],"n":null}"#);
        let indented = "{\n  \"\\u003ck\\u003e\": [\n    1,\n    \"\\ufffd\",\n    {}\n  ],\n  \"n\": null\n}";
        assert_eq!(write(Layout::Indented).unwrap(), indented);
    }

    #[test]
    fn a_text_that_grows_too_large_is_given_up() {
        let mut out = Emitter::limited(Layout::Compact, 10);
        assert_eq!(out.string(b"12345678"), Ok(()));
        assert_eq!(out.string(b"9"), Err(TooLarge::Bytes));
    }
}

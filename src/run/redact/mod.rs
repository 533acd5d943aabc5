//! The stream that masks secrets in what a child prints, whatever the places where it is cut into reads.
//!
//! What may be the beginning of a secret is held back until more comes, or until the stream is quiet. Everything else goes on
//! at once and unchanged.

mod beginnings;
mod matcher;
mod spelling;
#[cfg(test)]
mod tests;
mod trie;
mod words;

use std::{fmt, sync::Arc};

use matcher::{Matcher, Walk};
use words::Words;

/// What stands in the place of a secret, as in every other output.
pub const MARK: &str = crate::value::SECRET;

/// The secrets to mask; made once for all streams. `Debug` does not show them.
#[derive(Clone)]
pub struct Secrets(Arc<Matcher>);

impl Secrets {
    /// Gets ready to look for values: for each as it is, for its lines, and for encoded forms of both.
    pub fn new<'s>(values: impl IntoIterator<Item = &'s [u8]>) -> Self {
        let mut words = Words::default();
        values.into_iter().for_each(|value| words.add(value));
        Self(Arc::new(Matcher::new(words)))
    }

    /// Tells whether there is nothing to mask; values below four bytes are not masked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// One stream. Bytes go in as they come, and come out with each secret replaced by `[secret]`.
pub struct Redactor {
    secrets: Secrets,
    /// What is not decided, or was written and may be the beginning of a secret nevertheless.
    buffer: Vec<u8>,
    /// How much of it is written.
    written: usize,
    /// The last that was written is a mark.
    after_mark: bool,
    marks: usize,
    walk: Walk,
}

impl Redactor {
    /// Begins a stream.
    #[must_use]
    pub fn new(secrets: Secrets) -> Self {
        Self { secrets, buffer: Vec::new(), written: 0, after_mark: false, marks: 0, walk: Walk::default() }
    }

    /// Takes bytes, and appends to `out` what is decided.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.buffer.extend_from_slice(bytes);
        let open = self.scan(true, out).unwrap_or(self.buffer.len());
        self.write_clear(open, out);
        self.forget(open);
    }

    /// Appends what is held back: the stream is quiet. Should the rest of a secret come later, it is masked still.
    pub fn flush(&mut self, out: &mut Vec<u8>) {
        let open = self.scan(false, out).unwrap_or(self.buffer.len());
        self.write_clear(self.buffer.len(), out);
        self.forget(open);
    }

    /// Appends what is held back: nothing more will come.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.flush(out);
        self.forget(self.buffer.len());
    }

    /// Tells whether something is held back.
    #[must_use]
    pub fn holds_back(&self) -> bool {
        self.written < self.buffer.len()
    }

    /// Returns how many marks were written.
    #[must_use]
    pub fn marks(&self) -> usize {
        self.marks
    }

    /// Masks secrets; returns the first place where there might be a longer one with more text, and stops there if `waits`.
    fn scan(&mut self, waits: bool, out: &mut Vec<u8>) -> Option<usize> {
        let secrets = Arc::clone(&self.secrets.0);
        let (mut from, mut open) = (0, None);
        while let Some(start) = secrets.candidate(&self.buffer, from) {
            let found = secrets.at(&self.buffer, start, &mut self.walk);
            if found.open {
                open = open.or(Some(start));
                if waits {
                    break;
                }
            }
            if let Some(end) = found.end {
                self.mask(start, end, out);
            }
            from = start + 1;
        }
        open
    }

    /// Writes a mark for a part of the buffer, one for all that overlaps or touches.
    fn mask(&mut self, start: usize, end: usize, out: &mut Vec<u8>) {
        if end <= self.written {
            return;
        }
        self.write_clear(start, out);
        if !self.after_mark {
            out.extend_from_slice(MARK.as_bytes());
            self.marks += 1;
        }
        self.written = end;
        self.after_mark = true;
    }

    /// Writes the buffer as it is up to a place.
    fn write_clear(&mut self, end: usize, out: &mut Vec<u8>) {
        if end > self.written {
            out.extend_from_slice(&self.buffer[self.written..end]);
            self.written = end;
            self.after_mark = false;
        }
    }

    /// Drops the beginning of the buffer.
    fn forget(&mut self, end: usize) {
        self.buffer.drain(..end);
        self.written -= end;
    }
}

//! Reads scalars: quoted, plain, literal and folded ones.

use std::ops::Range;

use super::{Mismatch, Scalar, Scanner, key};

impl Scanner<'_> {
    /// Reads a quoted scalar, over lines of any indentation.
    pub(super) fn quoted(&mut self, quote: u8) -> Result<(), Mismatch> {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.layout.byte(at) {
                None => return Err(Mismatch(start)),
                Some(b'\\') if quote == b'"' => at += 2,
                Some(byte) if byte == quote => {
                    if quote == b'"' || self.layout.byte(at + 1) != Some(quote) {
                        break;
                    }
                    at += 2;
                }
                Some(_) => at += 1,
            }
        }
        let inside = &self.text[start + 1..at];
        let secret = if quote == b'"' { key::is_secret_quoted(inside) } else { key::is_secret(inside) };
        let mentioned = !secret && key::mention(inside, 0).is_some();
        if mentioned && inside.contains(['\n', '\r']) {
            // This looks as if a quote were missing somewhere before.
            return Err(Mismatch(start));
        }
        self.at = at + 1;
        if let Some(line) = inside.rfind('\n') {
            self.line = start + 1 + line + 1;
        }
        self.end_scalar(start..self.at, secret || mentioned);
        self.ended = Some(start);
        Ok(())
    }

    /// Reads a plain scalar; in block style it goes on over the lines that are indented enough.
    pub(super) fn plain(&mut self, block: bool) {
        let mut start = self.at;
        loop {
            let end = self.plain_line(block);
            let line = self.text[start..end].trim_end();
            let bare = if self.layout.byte(end) == Some(b':') { None } else { key::lone(line) };
            if let Some(length) = key::run_on(line).or(bare) {
                // The colon is missing, or the space behind it.
                self.at = start + length;
                self.begin_secret(start..start + length, start - self.line);
                self.content();
            }
            self.at = end;
            let broken = matches!(self.layout.byte(end), Some(b'\n' | b'\r'));
            if !(block && broken && self.continues(end)) {
                break;
            }
            self.next_plain_line(end);
            start = self.at;
        }
        let end = start + self.text[start..self.at].trim_end().len();
        let scalar = &self.text[start..end];
        let secret = key::is_secret(scalar) || key::mention(scalar, 0).is_some();
        self.end_scalar(start..end, secret);
    }

    /// Returns where a plain scalar ends on its line.
    fn plain_line(&self, block: bool) -> usize {
        let mut at = self.at;
        while let Some(byte) = self.layout.byte(at) {
            let ends = match byte {
                b'\n' | b'\r' => true,
                b':' => self.layout.is_space(at + 1) || (!block && self.layout.is_flow(at + 1)),
                b'#' => at > self.at && self.layout.is_space(at - 1),
                b',' | b'[' | b']' | b'{' | b'}' => !block,
                _ => false,
            };
            if ends {
                break;
            }
            at += 1;
        }
        at
    }

    /// Tells whether the next line with content goes on with the plain scalar that a line break interrupts.
    fn continues(&self, end: usize) -> bool {
        let mut line = end;
        for (at, byte) in self.text.bytes().enumerate().skip(end) {
            match byte {
                b'\n' | b'\r' => line = at + 1,
                b' ' | b'\t' => {}
                b'#' => return false,
                _ => return self.layout.indentation(line) >= self.least,
            }
        }
        false
    }

    /// Goes to the line that continues a plain scalar, and keeps the indentation that it needs.
    fn next_plain_line(&mut self, end: usize) {
        let least = self.least;
        self.next_line(end);
        self.least = least;
    }

    /// Reads a literal or folded scalar: all lines that are blank or indented enough.
    pub(super) fn block_scalar(&mut self) {
        let start = self.at;
        let header = self.layout.line_end(start);
        let mut end = header;
        let mut next = header + 1;
        while next < self.text.len() {
            let line_end = self.layout.line_end(next);
            let blank = self.text[next..line_end].trim().is_empty();
            if !blank && self.layout.indentation(next) < self.least.max(1) {
                break;
            }
            self.line = next;
            end = line_end;
            next = line_end + 1;
        }
        self.at = end;
        let content = &self.text[header..end];
        let secret = key::is_secret(content);
        // If the indentation is wrong, what looks like text may be the secret.
        if !secret && let Some(mention) = key::mention(content, 0) {
            self.out.secrets.push(key::value(self.text, header + mention.end)..end);
        }
        self.end_scalar(start..end, secret);
    }

    fn end_scalar(&mut self, range: Range<usize>, secret: bool) {
        let node = self.properties.take().unwrap_or(range.start);
        self.scalar = Some(Scalar { range, node, secret });
    }
}

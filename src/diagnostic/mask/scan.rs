//! Scans a definition for the values of `fn::secret`, following indentation, quotes and brackets as YAML does.
//!
//! The scan is linear and never fails. At the first quote or bracket that does not match it gives up, and masks everything
//! that may be secret from there to the end of the text.

use std::ops::Range;

use super::key;

/// What a scan finds, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Values to be masked; they may overlap.
    pub secrets: Vec<Range<usize>>,
    /// The keys they belong to.
    pub keys: Vec<Range<usize>>,
}

/// Scans a text.
pub(super) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        line: 0,
        least: 0,
        brackets: Vec::new(),
        properties: None,
        scalar: None,
        ended: None,
        value: None,
        out: Scan::default(),
    };
    scanner.next_line(0);
    while scanner.at < text.len() {
        if let Err(Mismatch(from)) = scanner.token() {
            scanner.give_up(from);
            return scanner.out;
        }
    }
    if let Some(&first) = scanner.brackets.first() {
        scanner.give_up(first);
    }
    scanner.finish(text.len());
    scanner.out
}

/// A quote or bracket does not match; what was read from this offset on may mean something else.
struct Mismatch(usize);

/// A scalar that may turn out to be a key.
struct Scalar {
    range: Range<usize>,
    /// Where its tag or anchor starts, else the scalar itself.
    node: usize,
    secret: bool,
}

/// The value of a secret that is being read.
struct Value {
    start: usize,
    extent: Extent,
}

/// How the end of a value is found.
#[derive(Clone, Copy)]
enum Extent {
    /// In flow style it ends at the bracket that closes this many.
    Brackets(usize),
    /// In block style it ends at the next entry that is not indented more than its own line.
    Lines { indent: usize, list: List },
}

/// Whether a value may be a list whose dashes are not indented.
#[derive(Clone, Copy, PartialEq)]
enum List {
    /// Something else was read.
    No,
    /// Nothing was read yet.
    Perhaps,
    /// It is one.
    Yes,
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Start of the line.
    line: usize,
    /// Least indentation of the lines that continue a scalar.
    least: usize,
    /// Offsets of open brackets.
    brackets: Vec<usize>,
    /// Start of a tag or anchor whose node was not read yet.
    properties: Option<usize>,
    scalar: Option<Scalar>,
    /// Start of the quoted scalar or collection that was just read: only punctuation may follow.
    ended: Option<usize>,
    value: Option<Value>,
    out: Scan,
}

impl Scanner<'_> {
    /// Reads a token, or white space.
    fn token(&mut self) -> Result<(), Mismatch> {
        let block = self.brackets.is_empty();
        match self.bytes[self.at] {
            b' ' | b'\t' => self.at += 1,
            b'\n' | b'\r' => self.newline()?,
            b'#' if self.after_space() => self.at = self.line_end(self.at),
            b':' if self.is_value() => self.begin_value(),
            b',' if !block => self.punctuation(1),
            b']' | b'}' if !block => self.close()?,
            _ => {
                if let Some(start) = self.ended {
                    return Err(Mismatch(start));
                }
                return self.node(block);
            }
        }
        Ok(())
    }

    /// Reads a token that is a node, a part of one, or announces one.
    fn node(&mut self, block: bool) -> Result<(), Mismatch> {
        match self.bytes[self.at] {
            b'!' | b'&' => self.property(),
            b'?' if self.is_space(self.at + 1) => self.indicator(),
            b'-' if block && self.is_space(self.at + 1) => self.indicator(),
            b'-' | b'.' if block && self.is_marker() => self.at += 3,
            quote @ (b'"' | b'\'') => {
                self.content();
                self.quoted(quote)?;
            }
            b'[' | b'{' => {
                self.content();
                self.scalar = None;
                self.brackets.push(self.at);
                self.at += 1;
            }
            b'|' | b'>' if block && self.is_header() => {
                self.content();
                self.block_scalar();
            }
            _ => {
                self.content();
                self.plain(block);
            }
        }
        Ok(())
    }

    /// Goes to the next line that holds something, and ends the value that is not continued there.
    fn newline(&mut self) -> Result<(), Mismatch> {
        let least = self.least;
        self.next_line(self.at);
        if !self.brackets.is_empty() {
            return Ok(());
        }
        if let Some(start) = self.ended.take()
            && self.at < self.bytes.len()
            && !self.is_marker()
            && indentation(self.bytes, self.line) >= least
        {
            return Err(Mismatch(start));
        }
        let Some(Value { extent: Extent::Lines { indent, list }, .. }) = &mut self.value else {
            return Ok(());
        };
        let here = indentation(self.bytes, self.line);
        if here == *indent && *list != List::No && self.bytes.get(self.at) == Some(&b'-') {
            *list = List::Yes;
        } else if here <= *indent {
            if self.begins_entry() {
                self.finish(self.line);
            } else {
                // A line that belongs to nothing: most likely the value, not indented enough.
                self.least = here + 1;
            }
        }
        Ok(())
    }

    /// Goes to the first byte of content at or behind the line break at an offset; blank lines and comments are left out.
    fn next_line(&mut self, from: usize) {
        self.at = from;
        self.properties = None;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' | b'\r' => {
                    self.at += 1;
                    self.line = self.at;
                }
                b' ' | b'\t' => self.at += 1,
                b'#' => self.at = self.line_end(self.at),
                _ => break,
            }
        }
        if self.brackets.is_empty() {
            self.least = spaces(self.bytes, self.line);
        }
    }

    /// Reads `:` and begins a secret value when it belongs to a secret's key.
    fn begin_value(&mut self) {
        self.at += 1;
        self.ended = None;
        let scalar = self.scalar.take();
        let column =
            scalar.as_ref().filter(|scalar| scalar.node >= self.line).map_or(self.at - 1, |scalar| scalar.node)
                - self.line;
        if self.brackets.is_empty() {
            self.least = column + 1;
        }
        if let Some(scalar) = scalar.filter(|scalar| scalar.secret) {
            self.begin_secret(scalar.range, column);
        }
    }

    /// Begins a secret value here, whose key starts at a column.
    fn begin_secret(&mut self, key: Range<usize>, column: usize) {
        self.out.keys.push(key);
        if self.value.is_some() {
            return;
        }
        let indent = spaces(self.bytes, self.line);
        let extent = match self.brackets.len() {
            0 => Extent::Lines { indent, list: if column == indent { List::Perhaps } else { List::No } },
            count => Extent::Brackets(count),
        };
        self.value = Some(Value { start: self.at, extent });
    }

    /// Notes that a secret value is no list without indentation, unless it is known to be one.
    fn content(&mut self) {
        if let Some(Value { extent: Extent::Lines { list: list @ List::Perhaps, .. }, .. }) = &mut self.value {
            *list = List::No;
        }
    }

    /// Ends the secret value that is being read.
    fn finish(&mut self, end: usize) {
        if let Some(value) = self.value.take() {
            let text = &self.text[value.start..end];
            let start = value.start + (text.len() - text.trim_start().len());
            self.out.secrets.push(start..value.start + text.trim_end().len());
        }
    }

    /// Masks to the end what may be secret from an offset on.
    fn give_up(&mut self, from: usize) {
        let from = self.brackets.first().map_or(from, |first| from.min(*first));
        self.finish(self.text.len());
        let end = self.text.len();
        let read = self.out.secrets.iter().filter(|secret| secret.end > from).map(|secret| secret.start).min();
        let mentioned = key::mention(self.text, from).map(|mention| key::value(self.text, mention.end));
        if let Some(start) = read.into_iter().chain(mentioned).min() {
            self.out.secrets.push(start..end);
        }
    }

    /// Reads `- ` or `? `.
    fn indicator(&mut self) {
        if self.brackets.is_empty() {
            self.least = self.at - self.line + 1;
        }
        self.punctuation(1);
    }

    fn punctuation(&mut self, length: usize) {
        self.at += length;
        self.scalar = None;
        self.ended = None;
    }

    /// Reads a closing bracket.
    fn close(&mut self) -> Result<(), Mismatch> {
        let count = self.brackets.len();
        if let Some(Value { extent: Extent::Brackets(depth), .. }) = self.value
            && depth == count
        {
            self.finish(self.at);
        }
        let open = self.brackets.pop().expect("only called within brackets");
        if (self.bytes[open] == b'{') != (self.bytes[self.at] == b'}') {
            return Err(Mismatch(open));
        }
        self.punctuation(1);
        self.ended = Some(open);
        Ok(())
    }

    /// Reads a quoted scalar, over lines of any indentation.
    fn quoted(&mut self, quote: u8) -> Result<(), Mismatch> {
        let start = self.at;
        let mut at = start + 1;
        loop {
            match self.bytes.get(at) {
                None => return Err(Mismatch(start)),
                Some(b'\\') if quote == b'"' => at += 2,
                Some(byte) if *byte == quote => {
                    if quote == b'"' || self.bytes.get(at + 1) != Some(&quote) {
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
    fn plain(&mut self, block: bool) {
        let mut start = self.at;
        loop {
            let end = self.plain_line(block);
            if let Some(length) = key::run_on(self.text[start..end].trim_end()) {
                self.at = start + length;
                self.begin_secret(start..start + length, start - self.line);
                self.content();
            }
            self.at = end;
            let broken = matches!(self.bytes.get(end), Some(b'\n' | b'\r'));
            if !(block && broken && self.continues(end)) {
                break;
            }
            self.next_plain_line(end);
            start = self.at;
        }
        let end = start + self.text[start..self.at].trim_end().len();
        let scalar = &self.text[start..end];
        self.end_scalar(start..end, key::is_secret(scalar) || key::mention(scalar, 0).is_some());
    }

    /// Returns where a plain scalar ends on its line.
    fn plain_line(&self, block: bool) -> usize {
        let mut at = self.at;
        while let Some(byte) = self.bytes.get(at) {
            let ends = match byte {
                b'\n' | b'\r' => true,
                b':' => self.is_space(at + 1) || (!block && self.is_flow(at + 1)),
                b'#' => at > self.at && self.is_space(at - 1),
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
        for (at, byte) in self.bytes.iter().enumerate().skip(end) {
            match byte {
                b'\n' | b'\r' => line = at + 1,
                b' ' | b'\t' => {}
                b'#' => return false,
                _ => return indentation(self.bytes, line) >= self.least,
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
    fn block_scalar(&mut self) {
        let start = self.at;
        let header = self.line_end(start);
        let mut end = header;
        let mut next = self.after_break(header);
        while next < self.bytes.len() {
            let line_end = self.line_end(next);
            let blank = self.text[next..line_end].trim().is_empty();
            if !blank && indentation(self.bytes, next) < self.least.max(1) {
                break;
            }
            self.line = next;
            end = line_end;
            next = self.after_break(line_end);
        }
        self.at = end;
        self.end_scalar(start..end, key::is_secret(&self.text[header..end]));
    }

    fn end_scalar(&mut self, range: Range<usize>, secret: bool) {
        let node = self.properties.take().unwrap_or(range.start);
        self.scalar = Some(Scalar { range, node, secret });
    }

    /// Reads a tag or an anchor.
    fn property(&mut self) {
        self.properties.get_or_insert(self.at);
        let verbatim = self.bytes.get(self.at + 1) == Some(&b'<');
        while self.at < self.bytes.len() && !self.is_space(self.at) {
            if !verbatim && !self.brackets.is_empty() && self.is_flow(self.at) {
                break;
            }
            self.at += 1;
        }
    }

    /// Tells whether a `:` here ends a key.
    fn is_value(&self) -> bool {
        let in_flow = !self.brackets.is_empty();
        let secret = self.scalar.as_ref().is_some_and(|scalar| scalar.secret);
        self.is_space(self.at + 1) || (in_flow && (self.ended.is_some() || self.is_flow(self.at + 1))) || secret
    }

    /// Tells whether the rest of the line is that of a literal or folded scalar's header.
    fn is_header(&self) -> bool {
        let rest = &self.text[self.at + 1..self.line_end(self.at)];
        let rest = rest.trim_start_matches(['+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        rest.trim_start().is_empty() || (rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
    }

    /// Tells whether the line whose content begins here is an entry of a mapping or list, or ends the document.
    fn begins_entry(&self) -> bool {
        let line = self.text[self.at..self.line_end(self.at)].trim_end();
        let dash_or_mark = line.starts_with(['-', '?', ':']) && self.is_space(self.at + 1);
        line.is_empty()
            || line.ends_with(':')
            || line.contains(": ")
            || line.contains(":\t")
            || dash_or_mark
            || self.is_marker()
    }

    /// Tells whether a line begins here, with `---` or `...`.
    fn is_marker(&self) -> bool {
        let marker = self.bytes[self.at..].get(..3);
        self.at == self.line && matches!(marker, Some(b"---" | b"...")) && self.is_space(self.at + 3)
    }

    /// Tells whether white space, or the beginning of the text, is before this byte.
    fn after_space(&self) -> bool {
        self.at == 0 || self.is_space(self.at - 1)
    }

    /// Tells whether a byte is white space; the end of the text is, too.
    fn is_space(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn is_flow(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), Some(b',' | b'[' | b']' | b'{' | b'}'))
    }

    fn line_end(&self, from: usize) -> usize {
        self.bytes[from..]
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(self.bytes.len(), |at| from + at)
    }

    /// Returns the offset behind a line break.
    fn after_break(&self, end: usize) -> usize {
        (end + 1).min(self.bytes.len())
    }
}

/// Counts the spaces that a line starts with.
fn spaces(bytes: &[u8], line: usize) -> usize {
    bytes[line..].iter().take_while(|byte| **byte == b' ').count()
}

/// Counts like [`spaces`], but takes a tab for more than any number of them: nobody can tell what it was meant to be.
fn indentation(bytes: &[u8], line: usize) -> usize {
    let count = spaces(bytes, line);
    if bytes.get(line + count) == Some(&b'\t') { usize::MAX } else { count }
}

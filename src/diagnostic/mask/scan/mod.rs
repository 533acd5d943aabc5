//! Scans a definition for the values of `fn::secret`, following indentation, quotes and brackets as YAML does.
//!
//! The scan is linear and never fails. At the first quote or bracket that does not match it gives up, and masks everything
//! that may be secret from there to the end of the text.

mod layout;
mod scalar;

use std::ops::Range;

use super::key;
use layout::Layout;

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
        layout: Layout(text),
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

/// Where the scan is, and what it remembers.
struct Scanner<'a> {
    text: &'a str,
    layout: Layout<'a>,
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
        match self.text.as_bytes()[self.at] {
            b' ' | b'\t' => self.at += 1,
            b'\n' | b'\r' => self.newline()?,
            b'#' if self.layout.is_after_space(self.at) => self.at = self.layout.line_end(self.at),
            b':' if self.is_value() => self.begin_value(),
            b',' if !block => self.punctuation(),
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
        match self.text.as_bytes()[self.at] {
            b'!' | b'&' => self.property(),
            b'?' if self.layout.is_space(self.at + 1) => self.indicator(),
            b'-' if block && self.layout.is_space(self.at + 1) => self.indicator(),
            b'-' | b'.' if block && self.layout.is_marker(self.line, self.at) => self.at += 3,
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
            b'|' | b'>' if block && self.layout.is_header(self.at) => {
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
            && self.at < self.text.len()
            && !self.layout.is_marker(self.line, self.at)
            && self.layout.indentation(self.line) >= least
        {
            return Err(Mismatch(start));
        }
        let Some(Value { extent: Extent::Lines { indent, list }, .. }) = &mut self.value else {
            return Ok(());
        };
        let here = self.layout.indentation(self.line);
        if here == *indent && *list != List::No && self.layout.byte(self.at) == Some(b'-') {
            *list = List::Yes;
        } else if here <= *indent {
            if self.layout.is_entry(self.line, self.at) {
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
        while let Some(byte) = self.layout.byte(self.at) {
            match byte {
                b'\n' | b'\r' => {
                    self.at += 1;
                    self.line = self.at;
                }
                b' ' | b'\t' => self.at += 1,
                b'#' => self.at = self.layout.line_end(self.at),
                _ => break,
            }
        }
        if self.brackets.is_empty() {
            self.least = self.layout.spaces(self.line);
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
        let extent = match self.brackets.len() {
            0 => {
                let indent = self.layout.spaces(self.line);
                Extent::Lines { indent, list: if column == indent { List::Perhaps } else { List::No } }
            }
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
            const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];
            let text = self.text[value.start..end].trim_end_matches(SPACE);
            let start = value.start + text.len() - text.trim_start_matches(SPACE).len();
            self.out.secrets.push(start..value.start + text.len());
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
        self.punctuation();
    }

    /// Reads a byte that ends what is before it.
    fn punctuation(&mut self) {
        self.at += 1;
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
        let bytes = self.text.as_bytes();
        if (bytes[open] == b'{') != (bytes[self.at] == b'}') {
            return Err(Mismatch(open));
        }
        self.punctuation();
        self.ended = Some(open);
        Ok(())
    }

    /// Reads a tag or an anchor.
    fn property(&mut self) {
        self.properties.get_or_insert(self.at);
        let verbatim = self.layout.byte(self.at + 1) == Some(b'<');
        while self.at < self.text.len() && !self.layout.is_space(self.at) {
            if !verbatim && !self.brackets.is_empty() && self.layout.is_flow(self.at) {
                break;
            }
            self.at += 1;
        }
    }

    /// Tells whether a `:` here ends a key.
    fn is_value(&self) -> bool {
        let in_flow = !self.brackets.is_empty();
        let secret = self.scalar.as_ref().is_some_and(|scalar| scalar.secret);
        self.layout.is_space(self.at + 1)
            || (in_flow && (self.ended.is_some() || self.layout.is_flow(self.at + 1)))
            || secret
    }
}

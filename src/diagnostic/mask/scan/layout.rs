//! Answers questions about the text at an offset, as YAML sees it.

/// The text of a definition; offsets are bytes, and the end of the text counts as white space.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a>(pub &'a str);

impl<'a> Layout<'a> {
    /// Returns the byte at an offset.
    pub(super) fn byte(self, at: usize) -> Option<u8> {
        self.0.as_bytes().get(at).copied()
    }

    /// Tells whether a byte is white space.
    pub(super) fn is_space(self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Tells whether white space, or the beginning of the text, is before a byte.
    pub(super) fn is_after_space(self, at: usize) -> bool {
        at == 0 || self.is_space(at - 1)
    }

    /// Tells whether a byte has a meaning within brackets.
    pub(super) fn is_flow(self, at: usize) -> bool {
        matches!(self.byte(at), Some(b',' | b'[' | b']' | b'{' | b'}'))
    }

    /// Returns the rest of a line.
    pub(super) fn rest(self, from: usize) -> &'a str {
        &self.0[from..self.line_end(from)]
    }

    /// Returns where a line ends.
    pub(super) fn line_end(self, from: usize) -> usize {
        self.0[from..].find(['\n', '\r']).map_or(self.0.len(), |at| from + at)
    }

    /// Counts the spaces that a line starts with.
    pub(super) fn spaces(self, line: usize) -> usize {
        self.0[line..].bytes().take_while(|byte| *byte == b' ').count()
    }

    /// Counts like [`Self::spaces`], but takes a tab for more than any number of them: nobody can tell what it was meant to be.
    pub(super) fn indentation(self, line: usize) -> usize {
        let count = self.spaces(line);
        if self.byte(line + count) == Some(b'\t') { usize::MAX } else { count }
    }

    /// Tells whether the rest of a line is a literal or folded scalar's header.
    pub(super) fn is_header(self, at: usize) -> bool {
        let indicators = ['|', '>', '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
        let rest = self.rest(at).trim_start_matches(indicators).trim_start();
        rest.is_empty() || rest.starts_with('#')
    }

    /// Tells whether a line, given where it starts and where its content does, is `---` or `...`.
    pub(super) fn is_marker(self, line: usize, content: usize) -> bool {
        let rest = &self.0.as_bytes()[line..];
        line == content && (rest.starts_with(b"---") || rest.starts_with(b"...")) && self.is_space(line + 3)
    }

    /// Tells whether a line is an entry of a mapping or list, or ends the document.
    pub(super) fn is_entry(self, line: usize, content: usize) -> bool {
        let rest = self.rest(content).trim_end();
        match self.byte(content) {
            None => true,
            // A literal or folded scalar, whatever its comment says.
            Some(b'|' | b'>') => false,
            Some(b'-' | b'?' | b':') if self.is_space(content + 1) => true,
            Some(_) => {
                rest.ends_with(':') || rest.contains(": ") || rest.contains(":\t") || self.is_marker(line, content)
            }
        }
    }
}

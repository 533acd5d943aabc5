//! Reads `.env` files: the grammar that their many readers share.
//!
//! `NAME=value` a line, `export` in front allowed; `#` comments; `'…'` is literal; `"…"` knows `\n \r \t \" \\ \$`; both may span
//! lines; other values end with the line or before ` #`, blanks around them cut. Nothing is expanded. Errors have a line number,
//! and no text of the file.

use std::fmt;

/// Why and where a text is no `.env` file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DotenvError {
    /// The line, from 1; for a quote that is not closed the line where it opens.
    line: usize,
    mistake: Mistake,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mistake {
    Name,
    Equals,
    Quote,
    Behind,
}

impl fmt::Display for DotenvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mistake = match self.mistake {
            Mistake::Name => "expected a name of letters, digits, `_`, `.` or `-`",
            Mistake::Equals => "expected `=` behind the name",
            Mistake::Quote => "the quote is never closed",
            Mistake::Behind => "expected nothing but a comment behind the quote",
        };
        write!(f, "line {}: {mistake}", self.line)
    }
}

/// Reads all assignments in the order of the text; a name may come more than once.
///
/// # Errors
/// At the first line that is no assignment.
pub fn parse(text: &str) -> Result<Vec<(&str, String)>, DotenvError> {
    let mut reader = Reader { text, at: 0 };
    let mut assignments = Vec::new();
    while reader.skip_to_assignment() {
        let name = reader.name()?;
        let value = reader.value()?;
        assignments.push((name, value));
    }
    Ok(assignments)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Returns what is left of the line, without its end.
    fn line(&self) -> &'t str {
        let line = self.rest().split('\n').next().unwrap_or_default();
        line.strip_suffix('\r').unwrap_or(line)
    }

    fn error(&self, mistake: Mistake) -> DotenvError {
        DotenvError { line: 1 + self.text[..self.at].matches('\n').count(), mistake }
    }

    fn skip_blanks(&mut self) {
        self.at += self.line().len() - self.line().trim_start().len();
    }

    /// Skips empty lines and comments; tells whether anything follows.
    fn skip_to_assignment(&mut self) -> bool {
        loop {
            self.at += self.rest().len() - self.rest().trim_start().len();
            if !self.rest().starts_with('#') {
                return !self.rest().is_empty();
            }
            self.at += self.line().len();
        }
    }

    /// Reads a name, with `export` in front or without, and the `=` behind it.
    fn name(&mut self) -> Result<&'t str, DotenvError> {
        if let Some(behind) = self.line().strip_prefix("export")
            && behind.starts_with([' ', '\t'])
            && !behind.trim_start().starts_with('=')
        {
            self.at += "export".len();
            self.skip_blanks();
        }
        let line = self.line();
        let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c))).unwrap_or(line.len());
        let name = &line[..end];
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Err(self.error(Mistake::Name));
        }
        self.at += end;
        self.skip_blanks();
        if !self.rest().starts_with('=') {
            return Err(self.error(Mistake::Equals));
        }
        self.at += 1;
        Ok(name)
    }

    fn value(&mut self) -> Result<String, DotenvError> {
        let blank = self.line().starts_with([' ', '\t']);
        self.skip_blanks();
        let line = self.line();
        match line.as_bytes().first() {
            Some(b'\'') => self.quoted('\''),
            Some(b'"') => self.quoted('"'),
            Some(b'#') if blank => {
                self.at += line.len();
                Ok(String::new())
            }
            _ => {
                self.at += line.len();
                let comment = [" #", "\t#"].iter().filter_map(|mark| line.find(mark)).min();
                Ok(line[..comment.unwrap_or(line.len())].trim_end().to_owned())
            }
        }
    }

    /// Reads a quoted value and what may follow it in its line.
    fn quoted(&mut self, quote: char) -> Result<String, DotenvError> {
        let mut value = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        let end = loop {
            match characters.next() {
                None => return Err(self.error(Mistake::Quote)),
                Some((at, c)) if c == quote => break at + 1,
                Some((_, '\\')) if quote == '"' => match characters.next() {
                    None => return Err(self.error(Mistake::Quote)),
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 'r')) => value.push('\r'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, c @ ('"' | '\\' | '$'))) => value.push(c),
                    Some((_, c)) => value.extend(['\\', c]),
                },
                Some((_, c)) => value.push(c),
            }
        };
        self.at += end;
        let behind = self.line().trim();
        if !behind.is_empty() && !behind.starts_with('#') {
            return Err(self.error(Mistake::Behind));
        }
        self.at += self.line().len();
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_read() {
        let cases: [(&str, &[(&str, &str)]); 33] = [
            ("", &[]),
            ("\n \n\t# only a comment\n#A=1", &[]),
            ("A=1", &[("A", "1")]),
            ("A=1\nB=2\n", &[("A", "1"), ("B", "2")]),
            ("A=1\r\nB=2\r\n", &[("A", "1"), ("B", "2")]),
            ("  A = 1  ", &[("A", "1")]),
            ("export A=1\nexport\tB=2", &[("A", "1"), ("B", "2")]),
            ("export=1", &[("export", "1")]),
            ("export =1", &[("export", "1")]),
            ("exported=1", &[("exported", "1")]),
            ("A=1\nA=2", &[("A", "1"), ("A", "2")]),
            ("A=", &[("A", "")]),
            ("A=\nB=1", &[("A", ""), ("B", "1")]),
            ("A=# no comment", &[("A", "# no comment")]),
            ("A= # a comment", &[("A", "")]),
            ("A=1 # a comment", &[("A", "1")]),
            ("A=1\t# a comment", &[("A", "1")]),
            ("A=1#2", &[("A", "1#2")]),
            ("A=a b=c", &[("A", "a b=c")]),
            ("A=$HOME/${X} `id` \\n", &[("A", "$HOME/${X} `id` \\n")]),
            ("A=it's \"so\"", &[("A", "it's \"so\"")]),
            ("A='a\\n$B \"x\" # y'", &[("A", "a\\n$B \"x\" # y")]),
            ("A='a' # b\nB=1", &[("A", "a"), ("B", "1")]),
            ("A='a'#b", &[("A", "a")]),
            ("A=''\nB=\"\"", &[("A", ""), ("B", "")]),
            (r#"A="a\nb\r\t\"\\\$\d $C""#, &[("A", "a\nb\r\t\"\\$\\d $C")]),
            ("A=\"one\ntwo # three\n\"\nB=1", &[("A", "one\ntwo # three\n"), ("B", "1")]),
            ("A='one\n\ntwo'", &[("A", "one\n\ntwo")]),
            ("A=\"ends in a backslash \\\\\"", &[("A", "ends in a backslash \\")]),
            ("a.b-c_1=x", &[("a.b-c_1", "x")]),
            ("A=é ☃ ", &[("A", "é ☃")]),
            ("A=\"é\" ", &[("A", "é")]),
            ("A=\u{a0}x", &[("A", "x")]),
        ];
        for (text, want) in cases {
            let want: Vec<(&str, String)> = want.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            assert_eq!(parse(text), Ok(want), "{text:?}");
        }
    }

    #[test]
    fn other_lines_are_refused_at_their_line() {
        let cases = [
            ("A", 1, Mistake::Equals),
            ("A=1\nB\nC=1", 2, Mistake::Equals),
            ("A B=1", 1, Mistake::Equals),
            ("export A", 1, Mistake::Equals),
            ("\n\n=1", 3, Mistake::Name),
            ("1A=1", 1, Mistake::Name),
            ("-----BEGIN KEY-----", 1, Mistake::Name),
            ("é=1", 1, Mistake::Name),
            ("A=1\nB='x\nC=2\n", 2, Mistake::Quote),
            ("A=\"x\\\"", 1, Mistake::Quote),
            ("A=\"x\\", 1, Mistake::Quote),
            ("A='x'y", 1, Mistake::Behind),
            ("A='x\ny' z", 2, Mistake::Behind),
            ("A='it'\\''s'", 1, Mistake::Behind),
        ];
        for (text, line, mistake) in cases {
            assert_eq!(parse(text), Err(DotenvError { line, mistake }), "{text:?}");
        }
    }
}

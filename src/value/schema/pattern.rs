//! A `pattern`, compiled when it is first needed.
//!
//! Patterns of providers are never compiled in vain; those that somebody wrote are compiled when they are read, because
//! only that tells whether they are right.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use regex::Regex;

use super::{super::Text, re2};

/// A regular expression in RE2 syntax: searched for anywhere in a text, unless it is anchored.
///
/// `$` is the end of the text only, `.` is no line feed, and `\d`, `\w`, `\s` and `\b` know ASCII only.
#[derive(Clone)]
pub struct Pattern {
    /// Its text.
    pub text: Arc<str>,
    /// `None` inside: the text is no regular expression.
    compiled: Arc<OnceLock<Option<Regex>>>,
}

/// Why a text is no regular expression; never the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(pub(super) String);

impl Pattern {
    /// Wraps a text that is known to be a regular expression.
    #[must_use]
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), compiled: Arc::default() }
    }

    /// Compiles a text.
    ///
    /// # Errors
    /// When it is no regular expression, or one that gets too big.
    pub fn parse(text: impl Into<Arc<str>>) -> Result<Self, PatternError> {
        let pattern = Self::new(text);
        let regex = compile(&pattern.text)?;
        pattern.compiled.get_or_init(|| Some(regex));
        Ok(pattern)
    }

    /// Tells whether a text has a match; each byte that is no UTF-8 counts as U+FFFD. A text that is no regular expression
    /// matches everything.
    #[must_use]
    pub fn is_match(&self, text: &Text) -> bool {
        let regex = self.compiled.get_or_init(|| compile(&self.text).ok());
        regex.as_ref().is_none_or(|regex| regex.is_match(&text.to_str_lossy()))
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pattern").field(&self.text).finish()
    }
}

fn compile(text: &str) -> Result<Regex, PatternError> {
    Regex::new(&re2::translate(text)?).map_err(|error| {
        PatternError(match error {
            // The whole message shows the pattern; its last line says why.
            regex::Error::Syntax(message) => {
                message.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
            }
            regex::Error::CompiledTooBig(_) => "it is too big".to_owned(),
            _ => "it cannot be compiled".to_owned(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_those_of_re2() {
        for (pattern, text, expected) in [
            ("^foo[0-9]+$", &b"foo12"[..], true),
            ("^foo[0-9]+$", b"foo12\n", false),
            ("foo", b"a foo b", true),
            ("", b"", true),
            ("^a.b$", b"a\nb", false),
            ("(?s)^a.b$", b"a\nb", true),
            ("b$", b"ab\nc", false),
            ("(?m)b$", b"ab\nc", true),
            (r"^\d$", "١".as_bytes(), false),
            (r"^\D$", "١".as_bytes(), true),
            (r"^\w$", "é".as_bytes(), false),
            (r"^[^\W]$", "é".as_bytes(), false),
            (r"^[\W]$", "é".as_bytes(), true),
            (r"^\s$", b"\x0b", false),
            (r"^[[:space:]]$", b"\x0b", true),
            (r"^\s$", "\u{a0}".as_bytes(), false),
            (r"\bb", "éb".as_bytes(), true),
            (r"\Bb", "éb".as_bytes(), false),
            (r"\Bb", b"ab", true),
            (r"^\pL$", "é".as_bytes(), true),
            (r"^\p{^Greek}$", "é".as_bytes(), true),
            (r"^\P{Greek}$", "α".as_bytes(), false),
            ("(?i)^É$", "é".as_bytes(), true),
            ("^é$", "é".as_bytes(), true),
            ("^.$", b"\xff", true),
            ("^\u{fffd}{2}$", b"\xff\xfe", true),
            (r"^\Qa.b[\E+$", b"a.b[[", true),
            (r"^\Qa.b[", b"a.b[x", true),
            (r"\Aa\z", b"a", true),
            (r"^\x41\x{1F600}\101\07$", "A😀A\u{7}".as_bytes(), true),
            (r"^\a\f\t\n\r\v\-\_$", b"\x07\x0c\t\n\r\x0b-_", true),
            ("^a{2}$", b"aa", true),
            ("^a{$", b"a{", true),
            ("^a{,2}$", b"a{,2}", true),
            ("^a{02}$", b"a{02}", true),
            ("^[a&&b]+$", b"a&b", true),
            ("^[[a]+$", b"[a", true),
            ("^[]a]+$", b"]a", true),
            ("^[^]a]$", b"]", false),
            ("^[a-]+$", b"-a", true),
            ("^[+--]+$", b"+,-", true),
            (r"^[\d-x]+$", b"1-x", true),
            ("^[a~~b]+$", b"~", true),
            (r"^[\x41-\x43]$", b"B", true),
            ("^}]$", b"}]", true),
            ("^(?P<n>a)(?<m>b)(?:c)(d)$", b"abcd", true),
            ("^(?i:A)b$", b"ab", true),
            ("^a#b c&~-$", b"a#b c&~-", true),
        ] {
            let parsed = Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(parsed.is_match(&text.into()), expected, "{pattern} {text:?}");
        }
    }

    #[test]
    fn wrong_patterns_are_told_without_their_text() {
        for (pattern, reason) in [
            ("sesame(", "unclosed group"),
            ("sesame)", "unopened group"),
            ("sesame[", "a class has no `]`"),
            ("*sesame", "repetition operator missing expression"),
            ("sesame**", "a repetition of a repetition"),
            ("sesame+{2}", "a repetition of a repetition"),
            ("sesame{1001}", "a repetition of more than 1000"),
            ("sesame{2,1}", "a repetition that ends before it begins"),
            ("(?=sesame)", "an unknown group"),
            ("(?x)sesame", "an unknown group"),
            ("(?P<>sesame)", "an unknown group"),
            (r"sesame\1", "an unknown escape"),
            (r"sesame\8", "an unknown escape"),
            (r"sesame\C", "an unknown escape"),
            (r"sesame\E", "an unknown escape"),
            (r"sesame\é", "an unknown escape"),
            (r"sesame\u0041", "an unknown escape"),
            (r"sesame\x{110000}", "an unknown escape"),
            (r"sesame\p{Sesame}", "Unicode property not found"),
            (r"sesame\", "an unknown escape"),
            (r"[a-\d]sesame", "an unknown escape"),
            ("[b-a]sesame", "a range that ends before it begins"),
            ("[[:sesame:]]", "an unknown class"),
            (r"(\pL{1000}){1000}", "it is too big"),
        ] {
            assert_eq!(Pattern::parse(pattern).map(drop), Err(PatternError(reason.to_owned())), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_compiles_when_it_is_needed() {
        let pattern = Pattern::new("^a");
        assert!(pattern.compiled.get().is_none());
        let copy = pattern.clone();
        assert!(!copy.is_match(&"ba".into()));
        assert!(pattern.compiled.get().is_some());
        assert!(Pattern::new("(").is_match(&"a".into()));
    }
}

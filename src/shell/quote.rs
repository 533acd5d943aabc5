//! Quoting, a function for each family of shells. A quoted text is one word that the shell reads back unchanged.
//!
//! Every text is quoted: a bare word could be a keyword, an option or, in some shells, a command's path. None can hold a NUL, which
//! the caller refuses.

use std::fmt::Write as _;

/// Quotes for bash, dash, ksh, zsh and every other POSIX shell: in single quotes all is literal.
#[must_use]
pub fn posix(text: &str) -> String {
    let word = shell_escape::unix::escape(text.into());
    if word.starts_with('\'') { word.into_owned() } else { format!("'{word}'") }
}

/// Quotes for fish, where a backslash escapes itself and the quote in single quotes.
#[must_use]
pub fn fish(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

/// Quotes for Elvish: a quote in single quotes is doubled.
#[must_use]
pub fn elvish(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Quotes for PowerShell. Line breaks are escaped: `Out-String` and `-join` make other ones of them.
///
/// Typographic quotes are quotes there.
#[must_use]
pub fn pwsh(text: &str) -> String {
    let breaks = text.contains(['\n', '\r']);
    let mut out = String::with_capacity(text.len() + 2);
    out.push(if breaks { '"' } else { '\'' });
    for char in text.chars() {
        match char {
            '\n' => out.push_str("`n"),
            '\r' => out.push_str("`r"),
            '"' | '`' | '$' | '\u{201c}'..='\u{201e}' if breaks => out.extend(['`', char]),
            '\'' | '\u{2018}'..='\u{201b}' if !breaks => out.extend([char, char]),
            char => out.push(char),
        }
    }
    out.push(if breaks { '"' } else { '\'' });
    out
}

/// Quotes for xonsh, as Python does: on one line.
#[must_use]
pub fn python(text: &str) -> String {
    let mut out = String::from("'");
    for char in text.chars() {
        match char {
            '\\' | '\'' => out.extend(['\\', char]),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            // What Python takes for the end of a line, among others.
            '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out + "'"
}

/// Quotes for tcsh, which replaces `!` in all quotes. Line breaks are escaped, since a command substitution makes blanks of them.
#[must_use]
pub fn tcsh(text: &str) -> String {
    let breaks = text.contains(['\n', '\r']);
    let mut out = String::from(if breaks { "$'" } else { "'" });
    for char in text.chars() {
        match char {
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\\' if breaks => out.push_str(r"\\"),
            '\'' if breaks => out.push_str(r"\'"),
            '\'' => out.push_str(r"'\''"),
            '!' if breaks => out.push_str(r"\041"),
            '!' => out.push_str(r"\!"),
            char => out.push(char),
        }
    }
    out + "'"
}

/// Quotes for murex, where nothing is escaped in single quotes: a quote stands in double quotes beside them.
#[must_use]
pub fn murex(text: &str) -> String {
    format!("'{}'", text.replace('\'', r#"'"'"'"#))
}

/// Quotes as JSON, and so for YAML: for Nushell, which reads data.
#[must_use]
pub fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => out.extend(['\\', char]),
            '\n' => out.push_str(r"\n"),
            '\r' => out.push_str(r"\r"),
            '\t' => out.push_str(r"\t"),
            // YAML takes some for the end of a line, and TOML refuses others.
            '\0'..='\x1f' | '\x7f'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_quoted() {
        type Quote = fn(&str) -> String;
        let table: [(Quote, &[(&str, &str)]); 8] = [
            (
                posix,
                &[
                    ("=ls", "'=ls'"),
                    ("$HOME `id` \\ \"", "'$HOME `id` \\ \"'"),
                    ("it's", r"'it'\''s'"),
                    ("'", r"''\'''"),
                    ("a!b", r"'a'\!'b'"),
                    ("l1\nl2\n", "'l1\nl2\n'"),
                ],
            ),
            (fish, &[("it's", r"'it\'s'"), (r"\", r"'\\'"), (r"\'", r"'\\\''"), ("a\n$b", "'a\n$b'")]),
            (elvish, &[("it's", "'it''s'"), (r"\$x", r"'\$x'"), ("'", "''''")]),
            (
                pwsh,
                &[
                    ("it's", "'it''s'"),
                    ("\u{2019}", "'\u{2019}\u{2019}'"),
                    ("$x`\"", "'$x`\"'"),
                    ("$x\n`\"'\u{201c}\r", "\"`$x`n```\"'`\u{201c}`r\""),
                ],
            ),
            (python, &[("it's", r"'it\'s'"), ("\\\n\r\u{85}é", r"'\\\n\r\u0085é'"), ("\t\u{1b}", r"'\u0009\u001b'")]),
            (tcsh, &[("it's", r"'it'\''s'"), ("a!\\", r"'a\!\'"), ("a\n!'\\\r", r"$'a\n\041\'\\\r'")]),
            (murex, &[("it's", r#"'it'"'"'s'"#), ("$x\\", "'$x\\'")]),
            (json, &[("\"\\\n\r\t", r#""\"\\\n\r\t""#), ("\u{1}\u{7f}\u{2028}é", r#""\u0001\u007f\u2028é""#)]),
        ];
        for (quote, rows) in table {
            for (text, expected) in rows {
                assert_eq!(quote(text), *expected, "{text:?}");
            }
            for plain in ["", "plain", "a b"] {
                let quoted = quote(plain);
                assert_eq!(quoted[1..quoted.len() - 1], *plain);
            }
        }
    }
}

//! Go's string quoting, which the reference uses inside text forms and in its shell formats.

use std::fmt::Write as _;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Quotes bytes as Go's `strconv.Quote` does: what is not printable or not UTF-8 becomes an escape.
#[must_use]
pub fn go_quote(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|char| push(&mut out, char));
        for byte in chunk.invalid() {
            write!(out, r"\x{byte:02x}").expect("a String takes any text");
        }
    }
    out.push('"');
    out
}

fn push(out: &mut String, char: char) {
    match char {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str(r"\\"),
        char if is_printable(char) => out.push(char),
        '\x07' => out.push_str(r"\a"),
        '\x08' => out.push_str(r"\b"),
        '\x0c' => out.push_str(r"\f"),
        '\n' => out.push_str(r"\n"),
        '\r' => out.push_str(r"\r"),
        '\t' => out.push_str(r"\t"),
        '\x0b' => out.push_str(r"\v"),
        char => {
            let code = u32::from(char);
            let written = match code {
                ..0x80 => write!(out, r"\x{code:02x}"),
                0x80..0x1_0000 => write!(out, r"\u{code:04x}"),
                0x1_0000.. => write!(out, r"\U{code:08x}"),
            };
            written.expect("a String takes any text");
        }
    }
}

/// Tells whether a character is a letter, mark, number, punctuation or symbol of Unicode, or the ASCII space.
pub(crate) fn is_printable(char: char) -> bool {
    if char.is_ascii() {
        return matches!(char, ' '..='~');
    }
    !matches!(char.general_category_group(), GeneralCategoryGroup::Separator | GeneralCategoryGroup::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        let table: [(&[u8], &str); 10] = [
            (b"", r#""""#),
            (b"a\"b\\c'$`", r#""a\"b\\c'$`""#),
            (b"\x07\x08\x0c\n\r\t\x0b", r#""\a\b\f\n\r\t\v""#),
            (b"\x00\x1b\x1f\x7f", r#""\x00\x1b\x1f\x7f""#),
            ("é日🚀́".as_bytes(), "\"é日🚀́\""),
            ("\u{80}\u{a0}\u{ad}\u{200b}\u{feff}\u{2028}".as_bytes(), r#""\u0080\u00a0\u00ad\u200b\ufeff\u2028""#),
            ("\u{e000}\u{378}".as_bytes(), r#""\ue000\u0378""#),
            ("\u{e0001}".as_bytes(), r#""\U000e0001""#),
            (b"\xff\xe2\x82", r#""\xff\xe2\x82""#),
            ("\u{fffd}".as_bytes(), "\"\u{fffd}\""),
        ];
        for (bytes, expected) in table {
            assert_eq!(go_quote(bytes), expected, "{}", bytes.escape_ascii());
        }
    }
}

//! A dotenv text that direnv's `dotenv` and node's dotenv read alike.
//!
//! There is no standard, and the two differ (both were measured, see `tests/it/dotenv.rs`):
//! - direnv reads line by line. In single quotes everything is literal, quotes within included. In double quotes `\n` and `\r`
//!   become line breaks, then any other backslash is dropped unless `$` follows, then `$NAME` and `${…}` are expanded.
//! - node goes over the whole text with one expression. In single quotes everything is literal; in double quotes `\n` and `\r`
//!   become line breaks and nothing else is special, so a backslash stays. When quotes stand within quotes the rest of the line
//!   is taken instead, up to a `#`.

use super::{Entry, RenderError, RenderErrors};

/// Renders one line for each variable.
///
/// # Errors
/// [`RenderError::NoCommonDotenv`] for several lines together with a backslash, a `$NAME`, or both `"` and `#`; and for one line
/// with `'`, `#` and one of those.
pub fn dotenv(entries: &[Entry<'_>]) -> Result<String, RenderErrors> {
    let lines = RenderErrors::collect(entries.iter().map(|Entry { name, value, .. }| {
        let quoted = quote(value).ok_or_else(|| RenderError::NoCommonDotenv { name: (*name).to_owned() })?;
        let mut line = format!("{name}={quoted}\n");
        if quoted.ends_with("\\'") {
            // node could take the quote for an escaped one and read on to the next quote that ends a line; this one ends none.
            line.extend(["# '", name, "' ends in a backslash\n"]);
        }
        Ok(line)
    }))?;
    Ok(lines.concat())
}

/// Quotes a value in the way that both readers undo, if there is one.
pub(super) fn quote(text: &str) -> Option<String> {
    let has = |chars: &[char]| text.contains(chars);
    // Where quotes within quotes make node take the rest of the line.
    let rest_of_line = !has(&['#', '\u{2028}', '\u{2029}']);
    let one_line = !has(&['\n', '\r']);
    if one_line && (!has(&['\'']) || rest_of_line) {
        return Some(format!("'{text}'"));
    }
    if has(&['\\']) || expands(text) || (has(&['"']) && !rest_of_line) {
        return None;
    }
    Some(format!("\"{}\"", text.replace('\n', r"\n").replace('\r', r"\r")))
}

/// Tells whether direnv would expand a part of the text: a `$` before a name, a digit, a brace or a special parameter.
fn expands(text: &str) -> bool {
    let special = |byte: &u8| byte.is_ascii_alphanumeric() || b"_{*#$@!?-".contains(byte);
    text.as_bytes().windows(2).any(|pair| pair[0] == b'$' && special(&pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_for_both_readers() {
        let table = [
            ("", Some("''")),
            ("plain", Some("'plain'")),
            (" #x ", Some("' #x '")),
            (r#"{"a": "b\n"}"#, Some(r#"'{"a": "b\n"}'"#)),
            ("$HOME `id` \\n", Some("'$HOME `id` \\n'")),
            (r"C:\dir\", Some(r"'C:\dir\'")),
            ("it's", Some("'it's'")),
            ("it's #1", Some("\"it's #1\"")),
            ("'\u{2028}", Some("\"'\u{2028}\"")),
            ("a\nb\r\n", Some(r#""a\nb\r\n""#)),
            ("{\n \"a\": 1\n}", Some(r#""{\n "a": 1\n}""#)),
            ("cost: 5 $\n#", Some("\"cost: 5 $\\n#\"")),
            ("it's \"#1\"", None),
            ("it's #1 \\", None),
            ("it's $5 #", None),
            ("a\n$HOME", None),
            ("a\n${x}", None),
            ("a\n\\n", None),
            ("a\n\"#\"", None),
        ];
        for (text, expected) in table {
            assert_eq!(quote(text).as_deref(), expected, "{text:?}");
        }
    }
}

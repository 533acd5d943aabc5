//! What of a secret is looked for: the value, its lines, and the base64 of both wherever it may stand in a larger one.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A value or an only line has at least so many bytes.
const SHORTEST: usize = 4;

/// A line of several, and an encoded form, have at least so many bytes.
pub(super) const SHORTEST_PART: usize = 8;

/// What is longer is looked for in pieces, so that no more than one piece has to be held back.
pub(super) const LONGEST: usize = 256;

/// Words to look for.
#[derive(Default)]
pub(super) struct Words {
    /// Values and lines, which are found however their bytes are spelled.
    pub(super) plain: Vec<Vec<u8>>,
    /// Their base64, which is found with line breaks in it too.
    pub(super) base64: Vec<Vec<u8>>,
}

impl Words {
    /// Adds what to look for because of one secret; none of it when it is too short or blank.
    pub(super) fn add(&mut self, secret: &[u8]) {
        let value = trim_line_ends(secret);
        if value.len() < SHORTEST || is_blank(value) {
            return;
        }
        self.add_text(value);
        if value.contains(&b'\n') {
            value.split(|byte| *byte == b'\n').filter_map(line).for_each(|line| self.add_text(line));
        }
    }

    fn add_text(&mut self, text: &[u8]) {
        self.plain.extend(pieces(text).map(<[u8]>::to_vec));
        let encoded = base64(text).into_iter().filter(|word| word.len() >= SHORTEST_PART);
        for word in encoded {
            let url_safe = word.iter().map(|byte| match byte {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            });
            let url_safe: Vec<u8> = url_safe.collect();
            self.base64.extend(pieces(&url_safe).map(<[u8]>::to_vec));
            self.base64.extend(pieces(&word).map(<[u8]>::to_vec));
        }
    }
}

/// Returns what of a line of several is looked for, whatever it is indented by.
fn line(line: &[u8]) -> Option<&[u8]> {
    let trimmed = line.trim_ascii();
    let armour = trimmed.starts_with(b"-----BEGIN ") || trimmed.starts_with(b"-----END ");
    if armour || trimmed.is_empty() {
        return None;
    }
    [trimmed, trim_line_ends(line)].into_iter().find(|line| line.len() >= SHORTEST_PART)
}

fn is_blank(text: &[u8]) -> bool {
    text.trim_ascii().is_empty()
}

fn trim_line_ends(mut text: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] | [rest @ .., b'\r' | b'\n'] = text {
        text = rest;
    }
    text
}

/// Encodes a text as it stands alone, alone at the end of a line, and as the characters that depend on nothing but it when
/// one or two bytes stand before it.
fn base64(text: &[u8]) -> [Vec<u8>; 6] {
    let encode = |before: usize, after: &[u8]| STANDARD.encode([&[0; 2][..before], text, after].concat()).into_bytes();
    let alone = encode(0, b"");
    let unpadded = alone.iter().copied().filter(|byte| *byte != b'=').collect();
    let inner = |before: usize| {
        let first = (before * 8).div_ceil(6);
        let last = (before + text.len()) * 8 / 6;
        encode(before, b"")[first..last].to_vec()
    };
    [alone, unpadded, encode(0, b"\n"), inner(0), inner(1), inner(2)]
}

/// Cuts a text into pieces of about the same length, and no character in two.
fn pieces(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let count = text.len().div_ceil(LONGEST);
    (0..count).map(move |number| {
        let cut = |number: usize| character_boundary(text, text.len() * number / count);
        &text[cut(number)..cut(number + 1)]
    })
}

/// Returns the place, or the one before it that no character of UTF-8 goes across.
fn character_boundary(text: &[u8], at: usize) -> usize {
    let inside = |at: usize| text.get(at).is_some_and(|byte| byte & 0xc0 == 0x80);
    (0..=at.min(3)).map(|back| at - back).find(|at| !inside(*at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(secret: &str) -> Vec<String> {
        let mut words = Words::default();
        words.add(secret.as_bytes());
        words.plain.into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
    }

    #[test]
    fn values_and_lines_are_long_enough() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("abc", &[]),
            ("abcd", &["abcd"]),
            ("abcd\n", &["abcd"]),
            ("\r\nabcd\r\n", &["abcd"]),
            ("    ", &[]),
            ("é日", &["é日"]),
            ("short\n  12345678\r\n1234567 \n", &["short\n  12345678\r\n1234567 ", "12345678", "1234567 "]),
            (
                "-----BEGIN KEY-----\nMIIEvQ+/abc=\nabc=\n-----END KEY-----\n",
                &["-----BEGIN KEY-----\nMIIEvQ+/abc=\nabc=\n-----END KEY-----", "MIIEvQ+/abc="],
            ),
        ];
        for (secret, expected) in table {
            assert_eq!(plain(secret), *expected, "{secret:?}");
        }
    }

    #[test]
    fn base64_is_what_does_not_depend_on_neighbours() {
        let text = b"hunter22!";
        for (before, after) in [("", ""), ("", "\n"), ("x", "yz"), ("xy", "z"), ("xyz", "yz"), ("abcd", "")] {
            let whole = STANDARD.encode([before.as_bytes(), text, after.as_bytes()].concat());
            assert!(base64(text).iter().any(|word| whole.contains(str::from_utf8(word).unwrap())), "{before}");
        }
        let mut words = Words::default();
        words.add(b"abcd");
        // Alone it has eight characters; within something else no offset has so many that depend on it alone.
        words.base64.dedup();
        let words: Vec<_> = words.base64.iter().map(|word| str::from_utf8(word).unwrap()).collect();
        assert_eq!(words, ["YWJjZA==", "YWJjZAo="]);
    }

    #[test]
    fn pieces_are_the_whole_text() {
        for text in ["x".repeat(1000), "é".repeat(700), "🚀x".repeat(301), "y".repeat(256), "z".repeat(257)] {
            let cut: Vec<_> = pieces(text.as_bytes()).collect();
            assert_eq!(cut.concat(), text.as_bytes());
            assert!(cut.iter().all(|piece| str::from_utf8(piece).is_ok() && piece.len() <= LONGEST + 3));
            assert!(cut.iter().all(|piece| piece.len() > 100));
        }
        assert_eq!(pieces(&[0x80; 600]).map(<[u8]>::len).collect::<Vec<_>>(), [200, 200, 200]);
    }
}

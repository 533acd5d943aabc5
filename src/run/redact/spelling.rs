//! How programs write a byte that they do not write as it is: percent-encoding, escapes of JSON and of languages, quoting.

/// What the text at a place stands for, beside the byte that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `length` bytes of text stand for the first `count` of `bytes`.
    Whole { bytes: [u8; 4], count: usize, length: usize, encoded: bool },
    /// The text ends too early to tell; if it is known what it may stand for, it is this byte.
    Open(Option<u8>),
}

/// Nested escapes (JSON within JSON) double the backslashes each time; this many are looked at.
const BACKSLASHES: usize = 8;

/// Tells whether a byte may begin a spelling.
#[inline]
pub(super) const fn may_begin(byte: u8) -> bool {
    matches!(byte, b'%' | b'+' | b'\\' | b'\'' | b'"' | b'\r')
}

/// Calls `found` with each spelling at a place of a text.
pub(super) fn each(text: &[u8], found: &mut impl FnMut(Spelling)) {
    match text {
        [b'%', rest @ ..] => percent(rest, found),
        [b'+', ..] => found(byte(b' ', 1)),
        [b'\r', b'\n', ..] => {
            // A terminal writes the end of a line so; nobody encoded anything.
            found(Spelling::Whole { bytes: [b'\n', 0, 0, 0], count: 1, length: 2, encoded: false });
        }
        [b'\r'] => found(Spelling::Open(Some(b'\n'))),
        [b'\\', ..] => backslashes(text, found),
        // The end of a quoted text, the quote itself, and its beginning; or, as SQL, YAML and CSV do it, the quote twice.
        [b'\'', ..] => {
            for quoted in [b"''".as_slice(), br"'\''", br#"'"'"'"#] {
                literal(text, quoted, found);
            }
        }
        [b'"', ..] => literal(text, br#""""#, found),
        _ => {}
    }
}

fn byte(byte: u8, length: usize) -> Spelling {
    Spelling::Whole { bytes: [byte, 0, 0, 0], count: 1, length, encoded: true }
}

/// A character, as the bytes of its UTF-8.
fn character(character: char, length: usize) -> Spelling {
    let mut bytes = [0; 4];
    let count = character.encode_utf8(&mut bytes).len();
    Spelling::Whole { bytes, count, length, encoded: true }
}

/// A quote that is spelled in just one way.
fn literal(text: &[u8], quoted: &[u8], found: &mut impl FnMut(Spelling)) {
    if text.starts_with(quoted) {
        found(byte(quoted[0], quoted.len()));
    } else if quoted.starts_with(text) {
        found(Spelling::Open(Some(quoted[0])));
    }
}

fn percent(rest: &[u8], found: &mut impl FnMut(Spelling)) {
    match number(rest, 2, 16) {
        Digits::Number(value) => found(byte(low(value), 3)),
        Digits::Open => found(Spelling::Open(None)),
        Digits::None => {}
    }
}

fn backslashes(text: &[u8], found: &mut impl FnMut(Spelling)) {
    let run = text.iter().take(BACKSLASHES).take_while(|byte| **byte == b'\\').count();
    for pairs in [2, 4, 8] {
        if run >= pairs {
            found(byte(b'\\', pairs));
        }
    }
    let Some(&letter) = text.get(run) else { return found(Spelling::Open(None)) };
    let rest = &text[run + 1..];
    let short = match letter {
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'b' => Some(8),
        b'f' => Some(12),
        b'v' => Some(11),
        b'a' => Some(7),
        b'e' | b'E' => Some(27),
        b' ' => Some(b' '),
        _ if letter.is_ascii_punctuation() => Some(letter),
        _ => None,
    };
    if let Some(meant) = short {
        found(byte(meant, run + 1));
    }
    let (digits, length) = match letter {
        b'x' => (number(rest, 2, 16), 3),
        b'U' => (number(rest, 8, 16), 9),
        b'0'..=b'3' => (number(&text[run..], 3, 8), 3),
        b'u' if rest.first() == Some(&b'{') => return braces(rest, run + 1, found),
        b'u' => (number(rest, 4, 16), 5),
        _ => return,
    };
    let value = match digits {
        Digits::Number(value) => value,
        Digits::Open => return found(Spelling::Open(None)),
        Digits::None => return,
    };
    let length = run + length;
    match letter {
        b'u' if (0xd800..0xdc00).contains(&value) => surrogate(value, &text[length..], length, found),
        b'u' | b'U' => {
            if let Some(meant) = char::from_u32(value) {
                found(character(meant, length));
            }
        }
        _ => found(byte(low(value), length)),
    }
}

/// The second half of a character beyond U+FFFF.
fn surrogate(high: u32, rest: &[u8], before: usize, found: &mut impl FnMut(Spelling)) {
    let run = rest.iter().take(BACKSLASHES).take_while(|byte| **byte == b'\\').count();
    let digits = match rest.get(run) {
        None => Digits::Open,
        Some(b'u') if run > 0 => number(&rest[run + 1..], 4, 16),
        Some(_) => Digits::None,
    };
    match digits {
        Digits::Number(low @ 0xdc00..0xe000) => {
            let meant = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            found(character(meant.expect("two surrogates are a character"), before + run + 5));
        }
        Digits::Open => found(Spelling::Open(None)),
        _ => {}
    }
}

/// `\u{1f680}`, as Rust, Ruby and JavaScript have it; `before` is what stands before the brace.
fn braces(rest: &[u8], before: usize, found: &mut impl FnMut(Spelling)) {
    let count = rest[1..].iter().take(6).take_while(|byte| byte.is_ascii_hexdigit()).count();
    match rest.get(1 + count) {
        None => found(Spelling::Open(None)),
        Some(b'}') => {
            if let Digits::Number(value) = number(&rest[1..], count, 16)
                && let Some(meant) = char::from_u32(value)
            {
                found(character(meant, before + count + 2));
            }
        }
        Some(_) => {}
    }
}

enum Digits {
    Number(u32),
    /// The text ends within them.
    Open,
    None,
}

/// Reads just so many digits.
fn number(text: &[u8], count: usize, radix: u32) -> Digits {
    let mut value = 0;
    for at in 0..count {
        let Some(&byte) = text.get(at) else { return Digits::Open };
        let Some(digit) = char::from(byte).to_digit(radix) else { return Digits::None };
        value = value * radix + digit;
    }
    if count == 0 { Digits::None } else { Digits::Number(value) }
}

/// Returns a number of two hexadecimal or three octal digits.
fn low(value: u32) -> u8 {
    u8::try_from(value & 0xff).expect("eight bits are a byte")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spellings(text: &str) -> Vec<(Vec<u8>, usize)> {
        let mut all = Vec::new();
        each(text.as_bytes(), &mut |spelling| match spelling {
            Spelling::Whole { bytes, count, length, .. } => all.push((bytes[..count].to_vec(), length)),
            Spelling::Open(meant) => all.push((meant.into_iter().collect(), 0)),
        });
        all
    }

    #[test]
    fn what_text_stands_for() {
        let table: &[(&str, &[(&str, usize)])] = &[
            ("a", &[]),
            ("%41", &[("A", 3)]),
            ("%2fx", &[("/", 3)]),
            ("%2F", &[("/", 3)]),
            ("%4", &[("", 0)]),
            ("%", &[("", 0)]),
            ("%4g", &[]),
            ("%g", &[]),
            ("+", &[(" ", 1)]),
            ("\r\n", &[("\n", 2)]),
            ("\r", &[("\n", 0)]),
            ("\rx", &[]),
            (r"\n", &[("\n", 2)]),
            (r"\\n", &[("\\", 2), ("\n", 3)]),
            (r#"\\\""#, &[("\\", 2), ("\"", 4)]),
            (r"\/", &[("/", 2)]),
            (r"\$", &[("$", 2)]),
            (r"\q", &[]),
            (r"\", &[("", 0)]),
            (r"\u00e9", &[("é", 6)]),
            (r"\u00E9", &[("é", 6)]),
            (r"\u003c", &[("<", 6)]),
            (r"\u00", &[("", 0)]),
            (r"\u00g", &[]),
            (r"\ud83d\ude80", &[("🚀", 12)]),
            (r"\\ud83d\\ude80", &[("\\", 2), ("🚀", 14)]),
            (r"\ud83d\ude8", &[("", 0)]),
            (r"\ud83d", &[("", 0)]),
            (r"\ud83dx", &[]),
            (r"\ud83d\u0041", &[]),
            (r"\ude80", &[]),
            (r"\u{1f680}", &[("🚀", 9)]),
            (r"\u{1f68", &[("", 0)]),
            (r"\u{}", &[]),
            (r"\U0001f680", &[("🚀", 10)]),
            (r"\x41", &[("A", 4)]),
            (r"\033", &[("\u{1b}", 4)]),
            (r"\e", &[("\u{1b}", 2)]),
            ("''", &[("'", 2)]),
            (r"'\''", &[("'", 4)]),
            (r#"'"'"'"#, &[("'", 5)]),
            ("'", &[("'", 0), ("'", 0), ("'", 0)]),
            ("'a", &[]),
            (r#""""#, &[("\"", 2)]),
        ];
        for (text, expected) in table {
            let expected: Vec<_> =
                expected.iter().map(|(meant, length)| (meant.as_bytes().to_vec(), *length)).collect();
            assert_eq!(spellings(text), expected, "{text}");
        }
    }

    #[test]
    fn a_byte_that_begins_nothing_is_skipped_rightly() {
        for byte in (0..=u8::MAX).filter(|byte| !may_begin(*byte)) {
            for next in 0..=u8::MAX {
                each(&[byte, next, b'1', b'2'], &mut |_| panic!("{byte} {next}"));
            }
        }
    }
}

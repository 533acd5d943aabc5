//! Recognises the key `fn::secret`, however it is written or mistyped.

use std::ops::Range;

/// The builtin whose argument is secret.
const KEY: &str = "fn::secret";

/// The same without punctuation, as mistyped keys are compared with it.
const FOLDED: &str = "fnsecret";

/// What every form of it begins with.
const PREFIX: &[u8] = b"fn:";

/// Edits that make a mistyped key: `fn::secert`, `fn:secrets`, `fn::sec`. No other builtin is as close.
const TYPOS: usize = 3;

/// Bytes of the longest key worth a look, escapes included.
const LONGEST: usize = 120;

/// Returns the first place from an offset on where the word `fn::secret` stands, mistyped or not.
pub(super) fn mention(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut from = from;
    loop {
        let rest = bytes.get(from..)?;
        let start = from + rest.windows(PREFIX.len()).position(|window| window.eq_ignore_ascii_case(PREFIX))?;
        let length =
            bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || b":_".contains(byte)).count();
        let word = &text[start..start + length];
        if let Some(length) = run_on(word) {
            return Some(start..start + length);
        }
        let word = word.trim_end_matches(':');
        if is_secret(word) {
            return Some(start..start + word.len());
        }
        from = start + PREFIX.len();
    }
}

/// Returns where the value begins on the line of a key that ends at an offset.
pub(super) fn value(text: &str, key: usize) -> usize {
    let rest = &text[key..];
    key + rest.len() - rest.trim_start_matches(['"', '\'', ' ', '\t', ':']).len()
}

/// Tells whether the value of a key is secret; an alias may stand for any key.
pub(super) fn is_secret(key: &str) -> bool {
    let key = key.trim();
    if key.len() > LONGEST {
        return false;
    }
    if key.starts_with('*') {
        return true;
    }
    if key.contains(['\n', '\r']) {
        return false;
    }
    let folded: String =
        key.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_lowercase()).collect();
    // Without a colon it is more likely a name of its own: `secret`.
    let typos = if key.contains(':') { TYPOS } else { 1 };
    folded.len().abs_diff(FOLDED.len()) <= typos && strsim::levenshtein(&folded, FOLDED) <= typos
}

/// Tells whether the value of a key is secret that stands in double quotes, given what is between them.
pub(super) fn is_secret_quoted(raw: &str) -> bool {
    raw.len() <= LONGEST && is_secret(&unescape(raw))
}

/// Returns how long the word `fn::secret` and a colon are when a scalar begins with them and goes on: `fn::secret:text`.
pub(super) fn run_on(scalar: &str) -> Option<usize> {
    let head = scalar.get(..KEY.len())?;
    let next = scalar[KEY.len()..].bytes().next()?;
    let goes_on = !(next.is_ascii_alphanumeric() || next == b'_');
    (head.eq_ignore_ascii_case(KEY) && goes_on).then(|| KEY.len() + usize::from(next == b':'))
}

/// Returns how long the key is that a scalar begins with which no colon follows: `fn::secret`, `fn::secrettext`.
pub(super) fn lone(scalar: &str) -> Option<usize> {
    match scalar.get(..KEY.len()) {
        Some(head) if head.eq_ignore_ascii_case(KEY) => Some(KEY.len()),
        _ => is_secret(scalar).then_some(scalar.len()),
    }
}

/// Resolves those escapes of double quotes that a letter of the key can be written with.
fn unescape(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = match rest.bytes().next() {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(b'\n' | b'\r') => {
                rest = rest.trim_start();
                continue;
            }
            _ => continue,
        };
        let code = rest.get(1..=digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        if let Some(char) = code.and_then(char::from_u32) {
            out.push(char);
            rest = &rest[digits + 1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_the_key() {
        for key in [
            "fn::secret",
            "Fn::Secret",
            "fn:secret",
            "fn::secrets",
            "fn::secert",
            "fn: :secret",
            "fn::_secret",
            "f:secret",
            "::secret",
            "fnsecret",
            "fn::sec",
            "*a",
        ] {
            assert!(is_secret(key), "{key}");
        }
        for key in ["fn::open", "fn::split", "fn::toJSON", "secret", "secrets", "secret_fn", "", "fn::"] {
            assert!(!is_secret(key), "{key}");
        }
    }

    #[test]
    fn recognises_escaped_keys() {
        for raw in ["fn::secret", r"fn\x3a\x3Asecret", r"fn\u003a:secret", r"\U00000066n::secret", "fn::\\\n    secret"]
        {
            assert!(is_secret_quoted(raw), "{raw}");
        }
        for raw in [r"fn::\x", r"\u12", r"\xZZ", "a\\", r"\Uffffffff"] {
            assert!(!is_secret_quoted(raw), "{raw}");
        }
    }

    #[test]
    fn finds_mentions() {
        let text = "é FN::secret fn::secret";
        let first = mention(text, 0).unwrap();
        assert_eq!(&text[first.clone()], "FN::secret");
        assert_eq!(&text[mention(text, first.end).unwrap()], "fn::secret");
        for (text, expected) in [("(fn:secert: x", "fn:secert"), ("fn::open fn::secret:x", "fn::secret:")] {
            assert_eq!(&text[mention(text, 0).unwrap()], expected);
        }
        for text in ["", "fn", "fn:", "fn::open: x", "secret"] {
            assert_eq!(mention(text, 0), None, "{text}");
        }
    }
}

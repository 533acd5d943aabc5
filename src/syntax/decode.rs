//! Bytes of a file to text: UTF-8, or UTF-16 with a byte-order mark.

use std::{str::from_utf8, sync::Arc};

/// Why a file is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong with its encoding, without any of its text.
    pub reason: &'static str,
    /// The text up to the place where it ends to be one, without a byte-order mark.
    pub before: Arc<str>,
}

/// Decodes a file.
///
/// # Errors
/// When the bytes are neither UTF-8 nor UTF-16 with a byte-order mark.
pub fn decode(bytes: &[u8]) -> Result<Arc<str>, DecodeError> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)),
    }
}

fn utf8(bytes: &[u8]) -> Result<Arc<str>, DecodeError> {
    from_utf8(bytes).map(Arc::from).map_err(|error| DecodeError {
        reason: "the file is not UTF-8",
        before: from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default().into(),
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Arc<str>, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(char) => text.push(char),
            Err(_) => {
                return Err(DecodeError {
                    reason: "the file is UTF-16 with an unpaired surrogate",
                    before: text.into(),
                });
            }
        }
    }
    if !rest.is_empty() {
        return Err(DecodeError { reason: "the file is UTF-16 with half a character at its end", before: text.into() });
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_in_two_encodings() {
        let cases: [(&[u8], Result<&str, &str>); 9] = [
            (b"", Ok("")),
            (b"a: \xc3\xbc", Ok("a: ü")),
            (b"\xef\xbb\xbfa", Ok("a")),
            (b"\xff\xfea\0\xfc\0", Ok("aü")),
            (b"\xfe\xff\0a\xd8\x3d\xde\x80", Ok("a🚀")),
            (b"a\nb: \xffc", Err("a\nb: ")),
            (b"\xef\xbb\xbfa\xc3", Err("a")),
            (b"\xff\xfea\0\x00\xd8b\0", Err("a")),
            (b"\xff\xfea\0b", Err("a")),
        ];
        for (bytes, expected) in cases {
            let decoded = decode(bytes);
            let found = decoded.as_deref().map_err(|error| &*error.before);
            assert_eq!(found, expected, "{bytes:?}");
        }
    }
}

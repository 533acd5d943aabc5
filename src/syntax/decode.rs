//! Bytes of a file to text: UTF-8, or UTF-16 with a byte-order mark.

use std::sync::Arc;

/// Decodes a file; the error says what is wrong with its encoding, without any of its text.
///
/// # Errors
/// When the bytes are neither UTF-8 nor UTF-16 with a byte-order mark.
pub fn decode(bytes: &[u8]) -> Result<Arc<str>, String> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest, 3),
        rest => utf8(rest, 0),
    }
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<Arc<str>, String> {
    std::str::from_utf8(bytes)
        .map(Arc::from)
        .map_err(|error| format!("the file is not UTF-8: invalid byte at offset {}", error.valid_up_to() + skipped))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Arc<str>, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("the file is UTF-16 with half a character at its end".to_owned());
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map(Arc::from)
        .map_err(|_| "the file is UTF-16 with an unpaired surrogate".to_owned())
}

//! How document paths are written.

use std::fmt::Write as _;

/// Appends `[index]`.
pub fn append_index(path: &mut String, index: u64) {
    let _ = write!(path, "[{index}]");
}

/// Appends `.key`, or `["key"]` when the key is no plain name; an empty key adds nothing.
pub fn append_key(path: &mut String, key: &str) {
    if key.is_empty() {
        return;
    }
    let plain = key
        .bytes()
        .enumerate()
        .all(|(at, byte)| byte == b'_' || byte.is_ascii_alphabetic() || (at > 0 && byte.is_ascii_digit()));
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        path.push_str("[\"");
        path.push_str(&key.replace('"', "\\\""));
        path.push_str("\"]");
    }
}

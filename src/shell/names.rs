//! Names of variables that every shell takes.

/// Tells whether a name can be that of a shell variable: ASCII letters, digits and `_`, no digit first.
#[must_use]
pub fn is_name(name: &str) -> bool {
    !name.starts_with(|char: char| char.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in ["A", "_", "a1", "PATH", "_0"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1", "a-b", "a.b", "a b", "a=b", "é", "x;rm", "A\n", "A\0"] {
            assert!(!is_name(name), "{name}");
        }
    }
}

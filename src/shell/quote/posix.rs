//! Quoting for bash, dash, ksh and every other POSIX shell.

/// Quotes a text in single quotes, always: a bare word could be a keyword, an option or, in some shells, a command's path.
///
/// A NUL byte cannot be quoted: the caller refuses it.
#[must_use]
pub fn quote(text: &str) -> String {
    let word = shell_escape::unix::escape(text.into());
    if word.starts_with('\'') { word.into_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_quoted() {
        let table = [
            ("", "''"),
            ("plain", "'plain'"),
            ("=ls", "'=ls'"),
            ("a b", "'a b'"),
            ("$HOME `id` \\ \"", "'$HOME `id` \\ \"'"),
            ("it's", r"'it'\''s'"),
            ("'", r"''\'''"),
            ("a!b", r"'a'\!'b'"),
            ("l1\nl2\n", "'l1\nl2\n'"),
        ];
        for (text, expected) in table {
            assert_eq!(quote(text), expected);
        }
    }
}

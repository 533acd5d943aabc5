//! GitHub Actions: what a step appends to `$GITHUB_ENV`, and the commands that mask secrets in the log.

use std::fmt::Write as _;

use super::Entry;

/// The shortest line that is masked: shorter ones would blacken half of the log.
const SHORTEST: usize = 4;

/// Renders `NAME<<delimiter` blocks for `$GITHUB_ENV`; the delimiter must be one that nobody can guess.
pub(super) fn github_env(entries: &[Entry<'_>], delimiter: &str) -> String {
    let mut out = String::new();
    for Entry { name, value, .. } in entries {
        let _ = writeln!(out, "{name}<<{delimiter}\n{value}\n{delimiter}");
    }
    out
}

/// Renders an `::add-mask::` command for every secret, line by line, since the log is searched by line.
pub(super) fn github_masks<'v>(secrets: impl IntoIterator<Item = &'v str>) -> String {
    let mut masked = Vec::new();
    for line in secrets.into_iter().flat_map(|secret| secret.split(['\n', '\r'])) {
        // A log may show a line without its indentation.
        for form in [line, line.trim()] {
            if form.trim().len() >= SHORTEST && !masked.contains(&form) {
                masked.push(form);
            }
        }
    }
    masked.iter().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "::add-mask::{}", line.replace('%', "%25"));
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_between_delimiters() {
        let entries =
            [Entry { name: "A", value: "a\nA<<x\n", secret: true }, Entry { name: "B", value: "", secret: false }];
        assert_eq!(github_env(&entries, "d5"), "A<<d5\na\nA<<x\n\nd5\nB<<d5\n\nd5\n");
    }

    #[test]
    fn every_line_of_a_secret_is_masked() {
        let masks = github_masks(["100%secret", "abc", "-----BEGIN-----\r\n  abcd\n}\nabcd\n", "100%secret"]);
        assert_eq!(
            masks,
            "::add-mask::100%25secret\n::add-mask::-----BEGIN-----\n::add-mask::  abcd\n::add-mask::abcd\n"
        );
    }
}

//! Formats of lines that nobody quotes for: what a reader would change is refused, with the name of the variable.

use super::{Entry, RenderError, RenderErrors};

/// The greatest line that docker reads from an `--env-file`.
const DOCKER_LINE: usize = 64 * 1024;

/// Renders `NAME=value` lines for `docker run --env-file` and podman's, which take all behind the `=` as it is.
///
/// # Errors
/// A value with a line break, or as long as docker's longest line.
pub(super) fn docker(entries: &[Entry<'_>]) -> Result<String, RenderErrors> {
    lines(entries, |entry| {
        if entry.value.contains(['\n', '\r']) {
            return Err("docker's env files have no way to write a line break");
        }
        if entry.name.len() + 1 + entry.value.len() >= DOCKER_LINE {
            return Err("docker reads no line of 64 KiB or more");
        }
        Ok(entry.value.to_owned())
    })
}

/// Renders `NAME=value` lines for a dotenv report of GitLab CI.
///
/// # Errors
/// A value with a line break, or with blanks at its begin or end, which GitLab takes off.
pub(super) fn gitlab(entries: &[Entry<'_>]) -> Result<String, RenderErrors> {
    lines(entries, |entry| {
        if entry.value.contains(['\n', '\r']) {
            return Err("GitLab's dotenv reports have no way to write a line break");
        }
        if entry.value.trim_matches([' ', '\t', '\x0b', '\x0c']) != entry.value {
            return Err("GitLab takes off the blanks at the begin and the end");
        }
        Ok(entry.value.to_owned())
    })
}

/// Renders `NAME="value"` lines for `EnvironmentFile=` of systemd.
///
/// # Errors
/// A value with a control character other than a tab or a line feed, which systemd drops.
pub(super) fn systemd(entries: &[Entry<'_>]) -> Result<String, RenderErrors> {
    lines(entries, |entry| {
        if entry.value.contains(|char: char| char.is_ascii_control() && !matches!(char, '\t' | '\n')) {
            return Err("systemd drops values with control characters");
        }
        let mut out = String::from("\"");
        for char in entry.value.chars() {
            if matches!(char, '"' | '\\' | '`' | '$') {
                out.push('\\');
            }
            out.push(char);
        }
        Ok(out + "\"")
    })
}

fn lines(
    entries: &[Entry<'_>],
    write: impl Fn(&Entry<'_>) -> Result<String, &'static str>,
) -> Result<String, RenderErrors> {
    let lines = RenderErrors::collect(entries.iter().map(|entry| match write(entry) {
        Ok(value) => Ok(format!("{}={value}\n", entry.name)),
        Err(reason) => Err(RenderError::CantHold { name: entry.name.to_owned(), reason }),
    }))?;
    Ok(lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(format: fn(&[Entry<'_>]) -> Result<String, RenderErrors>, value: &str) -> Option<String> {
        let text = format(&[Entry { name: "A", value, secret: true }]).ok()?;
        Some(text.strip_prefix("A=").unwrap().strip_suffix('\n').unwrap().to_owned())
    }

    #[test]
    fn docker_takes_a_line_as_it_is() {
        for value in ["", " 'a' \"b\" #c $d\t", "é=\\n"] {
            assert_eq!(one(docker, value).as_deref(), Some(value));
        }
        let long = "x".repeat(DOCKER_LINE - 3);
        assert!(one(docker, &long).is_some());
        for value in ["a\nb", "a\r", &format!("{long}x")] {
            assert_eq!(one(docker, value), None);
        }
    }

    #[test]
    fn gitlab_takes_blanks_off() {
        for value in ["", "a  b", "'a'", "#"] {
            assert_eq!(one(gitlab, value).as_deref(), Some(value));
        }
        for value in ["a\nb", " a", "a\t"] {
            assert_eq!(one(gitlab, value), None);
        }
    }

    #[test]
    fn systemd_unescapes() {
        let table = [("", "\"\""), ("it's #1", "\"it's #1\""), ("\"\\`$x", r#""\"\\\`\$x""#), ("a\n\tb", "\"a\n\tb\"")];
        for (value, expected) in table {
            assert_eq!(one(systemd, value).as_deref(), Some(expected));
        }
        for value in ["a\r", "\u{1b}[0m", "\u{7f}"] {
            assert_eq!(one(systemd, value), None);
        }
    }
}

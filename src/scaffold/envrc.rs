//! What an existing `.envrc` tells: the environment that it opens, and the variables that it insists on.

/// What was found in an `.envrc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Envrc {
    /// The reference that it opens, `[org/][project/]env`, without a version.
    pub(super) reference: Option<Vec<String>>,
    /// Variables that it requires: `: "${NAME:?…}"`, `env_vars_required`, `esc_require`.
    pub(super) required: Vec<String>,
    /// Variables that it sets itself.
    pub(super) exported: Vec<String>,
    /// Lines, from 1, that load a `.env` file.
    pub(super) dotenv_lines: Vec<usize>,
    /// Whether it loads a flake.
    pub(super) flake: bool,
}

/// Reads an `.envrc`; what it does not understand is no business of it.
pub(super) fn read(text: &str) -> Envrc {
    let mut envrc = Envrc::default();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        match words.next() {
            Some("dotenv" | "dotenv_if_exists") => envrc.dotenv_lines.push(at + 1),
            Some("use") if words.clone().next() == Some("flake") => envrc.flake = true,
            Some("export") => envrc.exported.extend(words.filter_map(|word| name(word.split('=').next()?))),
            Some("env_vars_required" | "esc_require") => envrc.required.extend(words.filter_map(name)),
            _ => {}
        }
        envrc.required.extend(guards(line));
        if envrc.reference.is_none() {
            envrc.reference = reference(line);
        }
    }
    for list in [&mut envrc.required, &mut envrc.exported] {
        list.sort();
        list.dedup();
    }
    envrc
}

/// Returns the names in `${NAME:?…}`.
fn guards(line: &str) -> impl Iterator<Item = String> {
    line.split("${").skip(1).filter_map(|rest| name(rest.split_once(":?")?.0))
}

/// Returns the reference in `ESC_ENV="${ESC_ENV:-org/project/env}"`, `esc open org/project/env` and `use esc org/project/env`.
fn reference(line: &str) -> Option<Vec<String>> {
    let text =
        ["${ESC_ENV:-", "ESC_ENV=", "esc open ", "esc run ", "pulumi env open ", "esc-shell export ", "use esc "]
            .iter()
            .find_map(|mark| line.split_once(mark))?
            .1;
    let text = text.trim_start_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "-_./".contains(c))).unwrap_or(text.len());
    let segments: Vec<String> = text[..end].split('/').map(str::to_owned).collect();
    let named =
        segments.len() <= 3 && segments.iter().all(|segment| !segment.is_empty() && !segment.starts_with(['.', '-']));
    named.then_some(segments)
}

fn name(word: &str) -> Option<String> {
    crate::shell::is_name(word).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_of_hand_written_files_is_understood() {
        let text = r#"
# use esc not/this/one
if [ -f flake.nix ]; then
  use flake
fi
dotenv_if_exists .env.local
export NODE_ENV=development LOG="x y"
ESC_ENV="${ESC_ENV:-myorg/myproject/dev}"
if ! esc open "${ESC_ENV}" --format shell > /tmp/esc-env 2>&1; then
  return 1
fi
: "${DATABASE_URL:?DATABASE_URL required - check ESC}"
env_vars_required JWT_SECRET DATABASE_URL
"#;
        let expected = Envrc {
            reference: Some(["myorg", "myproject", "dev"].map(str::to_owned).into()),
            required: ["DATABASE_URL", "JWT_SECRET"].map(str::to_owned).into(),
            exported: ["LOG", "NODE_ENV"].map(str::to_owned).into(),
            dotenv_lines: vec![6],
            flake: true,
        };
        assert_eq!(read(text), expected);
    }

    #[test]
    fn references_are_read_as_far_as_they_are_literal() {
        for (line, expected) in [
            ("use esc dev", Some(vec!["dev"])),
            ("esc open o/p/e@v1 --format shell", Some(vec!["o", "p", "e"])),
            ("eval \"$(esc open \"$ENV\")\"", None),
            ("use esc ../x", None),
            ("use esc a/b/c/d", None),
            ("use esc --optional", None),
            ("use escape", None),
        ] {
            let expected = expected.map(|segments| segments.into_iter().map(str::to_owned).collect());
            assert_eq!(reference(line), expected, "{line}");
        }
    }
}

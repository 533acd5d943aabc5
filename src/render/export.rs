//! What `export` prints: assignments that a shell evaluates. The texts are `templates/shell`.

use std::collections::BTreeMap;

use minijinja::Value;

use super::{Entry, RenderError, RenderErrors, engine, size};
use crate::{environment::Assignment, shell::Shell, value::Secrets};

const POSIX: &str = include_str!("../../templates/shell/posix.sh");
const DIRENV: &str = include_str!("../../templates/shell/direnv.sh");

/// A format of `export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// Assignments for a shell.
    Shell(Shell),
    /// For an `.envrc`: bash, and before the assignments a call of direnv's `watch_file` with every file that was read.
    Direnv,
}

impl ExportFormat {
    /// Returns every format, in the order in which help shows them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        Shell::ALL.map(Self::Shell).into_iter().chain([Self::Direnv]).collect()
    }

    /// Returns the name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell(shell) => shell.name(),
            Self::Direnv => "direnv",
        }
    }

    /// Returns the format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|format| format.name() == name)
    }

    /// Returns the shell that reads the format.
    fn shell(self) -> Shell {
        match self {
            Self::Shell(shell) => shell,
            Self::Direnv => Shell::Bash,
        }
    }
}

/// The variable that names what was delivered. It is set last: the proof that all of the text arrived.
const PROOF: &str = "ESC_SHELL_ENVIRONMENT";

/// What is delivered.
#[derive(Clone, Copy)]
pub struct Export<'e> {
    /// The variables, in the order in which they are written.
    pub assignments: &'e [Assignment<'e>],
    /// What they are of: `reference@revision`, joined by commas.
    pub proof: &'e str,
    /// The files that decide about them, for who wants to know when to ask again.
    pub watched: &'e [&'e str],
    /// Under direnv, the size of the value that each variable has before, where it is another.
    pub replaced: Option<&'e BTreeMap<&'e str, usize>>,
}

/// Renders variables, and the proof in the last line.
///
/// # Errors
/// Everything that can't be delivered, or that the format can't hold.
pub fn export(format: ExportFormat, export: &Export<'_>) -> Result<String, RenderErrors> {
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    for assignment in export.assignments {
        let checked = Entry::checked(assignment, Secrets::Shown).and_then(|entry| {
            settable(format.shell(), entry.name)?;
            size::check_value(&entry)?;
            Ok(entry)
        });
        match checked {
            Ok(entry) => entries.push(entry),
            Err(error) => errors.push(error),
        }
    }
    errors.extend(export.replaced.and_then(|replaced| size::check_under_direnv(&entries, replaced).err()));
    entries.push(Entry { name: PROOF, value: export.proof, secret: false });
    let text = match format {
        ExportFormat::Shell(Shell::Bash) => script("posix.sh", POSIX, &entries, &[]).map_err(RenderErrors::from),
        ExportFormat::Direnv => script("direnv.sh", DIRENV, &entries, export.watched).map_err(RenderErrors::from),
    };
    match text {
        Ok(text) if errors.is_empty() => Ok(text),
        Ok(_) => Err(RenderErrors(errors)),
        Err(more) => Err(RenderErrors(errors.into_iter().chain(more.0).collect())),
    }
}

/// Refuses a variable that somebody keeps for itself.
fn settable(shell: Shell, name: &str) -> Result<(), RenderError> {
    // What evaluates the text has locals of its own, named `__esc_…`.
    let reserved = [("ESC_SHELL_", "esc-shell"), ("__esc_", "esc-shell"), ("DIRENV_", "direnv")];
    if let Some((_, by)) = reserved.into_iter().find(|(prefix, _)| name.starts_with(prefix)) {
        return Err(RenderError::Reserved { name: name.to_owned(), by });
    }
    if shell.read_only().contains(&name) {
        return Err(RenderError::ReadOnly { name: name.to_owned(), shell: shell.name() });
    }
    Ok(())
}

/// Fills a template with variables.
fn script(name: &str, template: &str, entries: &[Entry<'_>], watched: &[&str]) -> Result<String, RenderError> {
    let variable = |entry: &Entry<'_>| Value::from_pairs([("name", entry.name), ("value", entry.value)]);
    let variables = Value::from(entries.iter().map(variable).collect::<Vec<_>>());
    let watched = Value::from(watched.iter().map(|file| Value::from(*file)).collect::<Vec<_>>());
    engine::render(name, template, Value::from_pairs([("variables", variables), ("watched", watched)]))
}

/// Renders `export NAME='…'` lines for bash and every POSIX shell.
///
/// # Errors
/// When the text would be too large.
pub fn shell(entries: &[Entry<'_>]) -> Result<String, RenderErrors> {
    Ok(script("posix.sh", POSIX, entries, &[])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for format in ExportFormat::all() {
            assert_eq!(ExportFormat::named(format.name()), Some(format));
        }
    }

    fn try_export(names: &[&'static str], format: ExportFormat, watched: &[&str]) -> Result<String, RenderErrors> {
        let assignment =
            |name: &&'static str| Assignment { name, text: "it's".into(), secret: false, unknown: *name == "UNKNOWN" };
        let assignments: Vec<Assignment<'_>> = names.iter().map(assignment).collect();
        export(format, &Export { assignments: &assignments, proof: "p/e@1", watched, replaced: None })
    }

    #[test]
    fn the_proof_is_in_the_last_line() {
        let expected = "export Z='it'\\''s'\nexport ESC_SHELL_ENVIRONMENT='p/e@1'\n";
        assert_eq!(try_export(&["Z"], ExportFormat::Shell(Shell::Bash), &[]).as_deref(), Ok(expected));
    }

    #[test]
    fn direnv_watches_what_was_read() {
        let expected =
            "watch_file '/x/a b.yaml' '/x/c.yaml'\nexport A='it'\\''s'\nexport ESC_SHELL_ENVIRONMENT='p/e@1'\n";
        assert_eq!(try_export(&["A"], ExportFormat::Direnv, &["/x/a b.yaml", "/x/c.yaml"]).as_deref(), Ok(expected));
        let expected = "export ESC_SHELL_ENVIRONMENT='p/e@1'\n";
        assert_eq!(try_export(&[], ExportFormat::Direnv, &[]).as_deref(), Ok(expected));
    }

    #[test]
    fn everything_that_is_refused_is_told_at_once() {
        let error = |name: &str| RenderError::ReadOnly { name: name.to_owned(), shell: "bash" };
        let reserved = |name: &str, by| RenderError::Reserved { name: name.to_owned(), by };
        let names = ["UID", "A", "PPID", "ESC_SHELL_ENVIRONMENT", "DIRENV_DIFF", "__esc_x", "UNKNOWN"];
        let unknown = RenderError::Unknown { name: "UNKNOWN".to_owned() };
        let reserved = [reserved(names[3], "esc-shell"), reserved(names[4], "direnv"), reserved(names[5], "esc-shell")];
        let all: Vec<RenderError> =
            [error("UID"), error("PPID")].into_iter().chain(reserved).chain([unknown]).collect();
        assert_eq!(try_export(&names, ExportFormat::Direnv, &[]), Err(RenderErrors(all)));
    }
}

//! What `export` prints: variables for a shell, for another program, or in a template of the user. The texts are `templates`.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use minijinja::Value;

use super::{
    Entry, ExportFormat, RenderError, RenderErrors, data, dotenv,
    engine::{self, Author},
    github, size,
};
use crate::{
    environment::{Assignment, FilePaths, Variable, Variables},
    shell::Shell,
    value::Secrets,
};

/// The variable that names what was delivered. It is set last: the proof that all of the text arrived.
const PROOF: &str = "ESC_SHELL_ENVIRONMENT";

/// What is delivered.
#[derive(Clone, Copy)]
pub struct Export<'e> {
    /// The variables and files.
    pub variables: &'e Variables,
    /// Where the files are.
    pub paths: &'e FilePaths,
    /// What they are of: `reference@revision`, joined by commas.
    pub proof: &'e str,
    /// The files that decide about them, for who wants to know when to ask again.
    pub watched: &'e [&'e str],
    /// Under direnv, the size of the value that each variable has before, where it is another.
    pub replaced: Option<&'e BTreeMap<&'e str, usize>>,
    /// What no value holds: it ends values for GitHub.
    pub delimiter: &'e str,
}

/// What is to be written where.
#[derive(PartialEq, Eq)]
pub struct Written {
    /// For standard output.
    pub text: String,
    /// To be appended to `$GITHUB_ENV`.
    pub github_env: Option<String>,
}

/// Renders variables sorted by name, and the proof behind them.
///
/// # Errors
/// Everything that can't be delivered, or that the format can't hold.
pub fn export(format: ExportFormat, export: &Export<'_>) -> Result<Written, RenderErrors> {
    let holds_files = format.holds_files();
    let files = if holds_files { &*export.variables.files } else { &[] };
    let assignments = export.variables.assignments(export.paths);
    let in_text = |name: &str| files.iter().any(|file| &*file.name == name);
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    for assignment in assignments.iter().filter(|assignment| !in_text(assignment.name)) {
        let checked = Entry::checked(assignment, Secrets::Shown).and_then(|entry| {
            settable(entry.name, format.keeper(entry.name))?;
            size::check_value(&entry)?;
            Ok(entry)
        });
        match checked {
            Ok(entry) => entries.push(entry),
            Err(error) => errors.push(error),
        }
    }
    errors.extend(files.iter().filter_map(|file| Entry::check_name(&file.name, file.unknown).err()));
    errors.extend(export.replaced.and_then(|replaced| size::check_under_direnv(&entries, replaced).err()));
    if format != ExportFormat::K8s {
        entries.push(Entry { name: PROOF, value: export.proof, secret: false });
    }
    match write(format, &entries, export) {
        Ok(text) if errors.is_empty() => Ok(text),
        Ok(_) => Err(RenderErrors(errors)),
        Err(more) => Err(RenderErrors(errors.into_iter().chain(more.0).collect())),
    }
}

/// Writes what was checked.
fn write(format: ExportFormat, entries: &[Entry<'_>], export: &Export<'_>) -> Result<Written, RenderErrors> {
    let fill = |name, template| Ok(engine::render(Author::Us, name, template, values(entries, export))?);
    let text: Result<String, RenderErrors> = match format {
        ExportFormat::Shell(Shell::Bash | Shell::Zsh) => return Ok(shell(entries)?.into()),
        ExportFormat::Shell(Shell::Fish) => fill("fish.fish", include_str!("../../templates/shell/fish.fish")),
        ExportFormat::Shell(Shell::Pwsh) => fill("pwsh.ps1", include_str!("../../templates/shell/pwsh.ps1")),
        ExportFormat::Shell(Shell::Elvish) => fill("elvish.elv", include_str!("../../templates/shell/elvish.elv")),
        ExportFormat::Shell(Shell::Xonsh) => fill("xonsh.xsh", include_str!("../../templates/shell/xonsh.xsh")),
        ExportFormat::Shell(Shell::Tcsh) => fill("tcsh.csh", include_str!("../../templates/shell/tcsh.csh")),
        ExportFormat::Shell(Shell::Murex) => fill("murex.mx", include_str!("../../templates/shell/murex.mx")),
        ExportFormat::Direnv => fill("direnv.sh", include_str!("../../templates/shell/direnv.sh")),
        // Nushell evaluates no text; it loads data.
        ExportFormat::Json | ExportFormat::Shell(Shell::Nu) => {
            fill("json.json", include_str!("../../templates/data/json.json"))
        }
        ExportFormat::K8s => fill("k8s.yaml", include_str!("../../templates/data/k8s.yaml")),
        ExportFormat::Gitlab => data::gitlab(entries),
        ExportFormat::Docker => data::docker(entries),
        ExportFormat::Dotenv => dotenv::dotenv(entries),
        ExportFormat::Systemd => data::systemd(entries),
        ExportFormat::Github => {
            let secret = entries.iter().filter(|entry| entry.secret).map(|entry| entry.value);
            let files = export.variables.files.iter().filter(|file| file.secret).filter_map(|file| file.text.as_str());
            let text = github::github_masks(secret.chain(files));
            return Ok(Written { text, github_env: Some(github::github_env(entries, export.delimiter)) });
        }
    };
    Ok(text?.into())
}

impl From<String> for Written {
    fn from(text: String) -> Self {
        Self { text, github_env: None }
    }
}

/// Renders `export NAME='…'` lines for bash and every POSIX shell.
///
/// # Errors
/// None that a variable could cause.
pub fn shell(entries: &[Entry<'_>]) -> Result<String, RenderErrors> {
    let values = Value::from_pairs([("variables", variables(entries))]);
    Ok(engine::render(Author::Us, "posix.sh", include_str!("../../templates/shell/posix.sh"), values)?)
}

/// Renders a template of the user; its name says what it is one of.
///
/// # Errors
/// Everything that can't be written, and what is wrong with the template.
pub fn user_template(name: &str, source: &str, export: &Export<'_>) -> Result<String, RenderErrors> {
    let assignments = export.variables.assignments(export.paths);
    let entries = super::entries(&assignments, Secrets::Shown)?;
    Ok(engine::render(Author::User, name, source, values(&entries, export))?)
}

/// Returns the variables of a process, and the proof behind them.
///
/// # Errors
/// Everything that a process can't be given.
pub fn process<'e>(assignments: &'e [Assignment<'e>], proof: &'e str) -> Result<Vec<Entry<'e>>, RenderErrors> {
    let checked = |assignment| {
        let entry = Entry::checked(assignment, Secrets::Shown)?;
        settable(entry.name, None)?;
        size::check_value(&entry)?;
        Ok(entry)
    };
    let mut entries = RenderErrors::collect(assignments.iter().map(checked))?;
    entries.push(Entry { name: PROOF, value: proof, secret: false });
    Ok(entries)
}

/// Refuses a variable that somebody keeps for itself; `keeper` is whom the format knows.
fn settable(name: &str, keeper: Option<&'static str>) -> Result<(), RenderError> {
    // What evaluates the text has locals of its own, named `__esc_…`.
    let reserved = [("ESC_SHELL_", "esc-shell"), ("__esc_", "esc-shell"), ("DIRENV_", "direnv")];
    let by = reserved.into_iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, by)| by);
    match by.or(keeper) {
        Some(by) => Err(RenderError::Kept { name: name.to_owned(), by }),
        None => Ok(()),
    }
}

fn variables(entries: &[Entry<'_>]) -> Value {
    let variable = |entry: &Entry<'_>| {
        let (name, value, secret) = (Value::from(entry.name), Value::from(entry.value), Value::from(entry.secret));
        Value::from_pairs([("name", name), ("value", value), ("secret", secret)])
    };
    entries.iter().map(variable).collect::<Vec<_>>().into()
}

/// What templates know.
fn values(entries: &[Entry<'_>], export: &Export<'_>) -> Value {
    let vars: BTreeMap<&str, &str> = entries.iter().map(|entry| (entry.name, entry.value)).collect();
    let file = |file: &Variable| {
        let path = export.paths.get(&file.name).map(String::as_str).unwrap_or_default();
        let base64 = STANDARD.encode(file.text.as_bytes());
        Value::from_pairs([("name", &*file.name), ("path", path), ("base64", &base64)])
    };
    let watched = export.watched.iter().map(|file| Value::from(*file)).collect::<Vec<_>>();
    Value::from_pairs([
        ("variables", variables(entries)),
        ("vars", Value::from_pairs(vars)),
        ("files", export.variables.files.iter().map(file).collect::<Vec<_>>().into()),
        ("environment", export.proof.into()),
        ("watched", watched.into()),
        ("name", resource(export.proof).into()),
    ])
}

/// Makes a name of Kubernetes of the names of environments.
fn resource(proof: &str) -> String {
    let names: Vec<&str> = proof.split(',').filter_map(|one| one.split('@').next()).collect();
    let plain = |char: char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '-' };
    let name: String = names.join("-").chars().map(plain).collect();
    let name: String = name.trim_matches('-').chars().take(63).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "environment".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, text: &str) -> Variable {
        Variable { name: name.into(), text: text.into(), secret: true, unknown: name == "UNKNOWN", origin: None }
    }

    fn try_export(
        format: ExportFormat,
        variables: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Result<Written, RenderErrors> {
        let list = |list: &[(&str, &str)]| list.iter().map(|(name, text)| variable(name, text)).collect();
        let all = Variables { variables: list(variables), files: list(files) };
        let path = |(name, _): &(&str, &str)| ((*name).into(), format!("/run/{name}"));
        let paths = if format.holds_files() { FilePaths::new() } else { files.iter().map(path).collect() };
        let watched = ["/x/a b.yaml", "/x/c.yaml"];
        let export_ = Export {
            variables: &all,
            paths: &paths,
            proof: "p/e@1",
            watched: &watched,
            replaced: None,
            delimiter: "d5",
        };
        export(format, &export_)
    }

    #[test]
    fn every_format_ends_with_the_proof() {
        let table = [
            (ExportFormat::Shell(Shell::Bash), "export A='it'\\''s'\nexport ESC_SHELL_ENVIRONMENT='p/e@1'\n"),
            (ExportFormat::Shell(Shell::Zsh), "export A='it'\\''s'\nexport ESC_SHELL_ENVIRONMENT='p/e@1'\n"),
            (ExportFormat::Shell(Shell::Fish), "set -gx A 'it\\'s'\nset -gx ESC_SHELL_ENVIRONMENT 'p/e@1'\n"),
            (ExportFormat::Shell(Shell::Nu), "{\n  \"A\": \"it's\",\n  \"ESC_SHELL_ENVIRONMENT\": \"p/e@1\"\n}\n"),
            (ExportFormat::Shell(Shell::Pwsh), "$env:A = 'it''s'\n$env:ESC_SHELL_ENVIRONMENT = 'p/e@1'\n"),
            (ExportFormat::Shell(Shell::Elvish), "set-env A 'it''s'\nset-env ESC_SHELL_ENVIRONMENT 'p/e@1'\n"),
            (ExportFormat::Shell(Shell::Xonsh), "$A = 'it\\'s'\n$ESC_SHELL_ENVIRONMENT = 'p/e@1'\n"),
            (ExportFormat::Shell(Shell::Tcsh), "setenv A 'it'\\''s' ;\nsetenv ESC_SHELL_ENVIRONMENT 'p/e@1' ;\n"),
            (ExportFormat::Shell(Shell::Murex), "export A='it'\"'\"'s'\nexport ESC_SHELL_ENVIRONMENT='p/e@1'\n"),
            (
                ExportFormat::Direnv,
                "watch_file '/x/a b.yaml' '/x/c.yaml'\nexport A='it'\\''s'\nexport ESC_SHELL_ENVIRONMENT='p/e@1'\n",
            ),
            (ExportFormat::Gitlab, "A=it's\nESC_SHELL_ENVIRONMENT=p/e@1\n"),
            (ExportFormat::Docker, "A=it's\nESC_SHELL_ENVIRONMENT=p/e@1\n"),
            (ExportFormat::Dotenv, "A='it's'\nESC_SHELL_ENVIRONMENT='p/e@1'\n"),
            (ExportFormat::Systemd, "A=\"it's\"\nESC_SHELL_ENVIRONMENT=\"p/e@1\"\n"),
            (ExportFormat::Json, "{\n  \"A\": \"it's\",\n  \"ESC_SHELL_ENVIRONMENT\": \"p/e@1\"\n}\n"),
        ];
        for (format, expected) in table {
            let written = try_export(format, &[("A", "it's")], &[]);
            assert_eq!(written.map(|written| written.text).as_deref(), Ok(expected), "{}", format.name());
        }
        assert_eq!(table.len() + 2, ExportFormat::all().len(), "github and k8s are below");
    }

    #[test]
    fn github_gets_two_texts() {
        let written = try_export(ExportFormat::Github, &[("A", "it's")], &[("F", "line 1\nline 2\n")])
            .unwrap_or_else(|_| String::new().into());
        assert_eq!(written.text, "::add-mask::it's\n::add-mask::line 1\n::add-mask::line 2\n");
        let expected = "A<<d5\nit's\nd5\nF<<d5\n/run/F\nd5\nESC_SHELL_ENVIRONMENT<<d5\np/e@1\nd5\n";
        assert_eq!(written.github_env.as_deref(), Some(expected));
    }

    #[test]
    fn a_secret_of_kubernetes_holds_the_files() {
        let written = try_export(ExportFormat::K8s, &[("A", "it's"), ("F", "no")], &[("F", "line 1\n")]);
        let expected = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: p-e\n  annotations:\n    esc-shell/environment: p/e@1\n\
                        type: Opaque\ndata:\n  F: bGluZSAxCg==\nstringData:\n  A: it's\n";
        assert_eq!(written.map(|written| written.text).as_deref(), Ok(expected));
        assert_eq!(resource("org/p/Dev_1@a,./x@b"), "org-p-dev-1---x");
        assert_eq!(resource("_@x"), "environment");
    }

    #[test]
    fn everything_that_is_refused_is_told_at_once() {
        let kept = |name: &str, by| RenderError::Kept { name: name.to_owned(), by };
        let names =
            ["A", "DIRENV_DIFF", "ESC_SHELL_ENVIRONMENT", "PPID", "UNKNOWN", "__esc_x"].map(|name| (name, "a\nb"));
        let unknown = RenderError::Unknown { name: "UNKNOWN".to_owned() };
        let reserved = [kept("DIRENV_DIFF", "direnv"), kept("ESC_SHELL_ENVIRONMENT", "esc-shell")];
        let local = kept("__esc_x", "esc-shell");
        let errors = |format| try_export(format, &names, &[]).map(|_| ()).unwrap_err().0;
        let [diff, own] = reserved.clone();
        assert_eq!(errors(ExportFormat::Direnv), [diff, own, kept("PPID", "bash"), unknown.clone(), local.clone()]);
        let cant = RenderError::CantHold {
            name: "A".to_owned(),
            reason: "docker's env files have no way to write a line break",
        };
        let errors = errors(ExportFormat::Docker);
        assert_eq!(errors[..5], [&reserved[..], &[unknown, local, cant]].concat());
    }

    #[test]
    fn a_template_of_the_user_gets_what_it_asks_for() {
        let all = Variables { variables: vec![variable("A", "it's")], files: vec![variable("F", "x")] };
        let paths = FilePaths::from([("F".into(), "/run/F".to_owned())]);
        let export =
            Export { variables: &all, paths: &paths, proof: "p/e@1", watched: &[], replaced: None, delimiter: "" };
        let source = "# {{ environment|safe }}\na: {{ vars.A }}\n{% for file in files %}\n{{ file.name|safe }}: {{ file.path }}\n\
                      {% endfor %}\n{% for variable in variables if variable.secret %}\n- {{ variable.name }}\n{% endfor %}\n";
        let text = user_template("x.yaml", source, &export);
        assert_eq!(text.as_deref(), Ok("# p/e@1\na: \"it's\"\nF: \"/run/F\"\n- \"A\"\n"));
        assert!(user_template("x.yaml", "{{ vars.B }}", &export).is_err());
    }
}

//! Every environment variable that is read, and the only place that reads them.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

/// The environment to open when a command is given none; goes before `environment` of `esc-shell.yaml`.
pub(super) const ESC_ENV: &str = "ESC_ENV";
/// Where `~/` leads, and where `git` has its settings.
pub(super) const HOME: &str = "HOME";
/// Where programs are found: `git`, and those of `local-command`.
pub(super) const PATH: &str = "PATH";

/// In a step of GitHub Actions, the file that later steps get variables from.
pub(super) const GITHUB_ENV: &str = "GITHUB_ENV";
/// The user's runtime folder, in memory: where `files` of environments are written.
pub(super) const XDG_RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";
/// The user's cache: where `files` are written when there is no place in memory.
pub(super) const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";
/// The token for Pulumi Cloud; goes before every other one.
pub(super) const PULUMI_ACCESS_TOKEN: &str = "PULUMI_ACCESS_TOKEN";
/// Where Pulumi Cloud is; goes before every other address. A backend that keeps state in files or buckets is passed over.
pub(super) const PULUMI_BACKEND_URL: &str = "PULUMI_BACKEND_URL";
/// Where Pulumi Cloud is, when `PULUMI_BACKEND_URL` does not say.
pub(super) const PULUMI_API: &str = "PULUMI_API";
/// The organization of references that name none; `organization` of esc-shell.yaml goes before it.
pub(super) const PULUMI_DEFAULT_ORGANIZATION: &str = "PULUMI_DEFAULT_ORGANIZATION";
/// The folder of Pulumi's `credentials.json` and `config.json`, which are read and never written.
pub(super) const PULUMI_CREDENTIALS_PATH: &str = "PULUMI_CREDENTIALS_PATH";
/// The same folder, when `PULUMI_CREDENTIALS_PATH` is not set; without it, `~/.pulumi`.
pub(super) const PULUMI_HOME: &str = "PULUMI_HOME";

/// The user's login shell: what `export` prints for where the shell that runs it is not known.
pub(super) const SHELL: &str = "SHELL";
/// `1` while direnv evaluates an `.envrc`.
const DIRENV_IN_ENVRC: &str = "DIRENV_IN_ENVRC";

/// Tells whether direnv evaluates an `.envrc`.
pub(super) fn in_direnv() -> bool {
    text(DIRENV_IN_ENVRC).as_deref() == Some("1")
}

/// Returns the name of the program that started this one, where the system tells.
pub(super) fn parent() -> Option<String> {
    let name = std::fs::read_to_string(format!("/proc/{}/comm", std::os::unix::process::parent_id())).ok()?;
    Some(name.trim_end_matches('\n').to_owned())
}
/// Where direnv looks for its libraries, before the folder that `XDG_CONFIG_HOME` or `HOME` leads to.
pub(super) const DIRENV_CONFIG: &str = "DIRENV_CONFIG";
/// Where people keep configurations; `~/.config` when it is not set.
pub(super) const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";

/// Set in CI jobs: a violation of the contract may be worse there. `false` and `0` are as good as nothing.
const CI: &str = "CI";

/// Tells whether this is a CI job.
pub(super) fn in_ci() -> bool {
    text(CI).is_some_and(|value| !matches!(value.as_str(), "false" | "0"))
}

/// Returns a variable that is set and not empty.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
pub(super) fn var(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns a variable as text; one that is no UTF-8 counts as not set.
pub(super) fn text(name: &str) -> Option<String> {
    var(name).and_then(|value| value.into_string().ok())
}

/// Returns all variables: `local-env` reads them, and programs inherit them.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
pub(super) fn all() -> BTreeMap<OsString, OsString> {
    std::env::vars_os().collect()
}

/// Returns the home folder: HOME, or the one that the system knows where that is not set.
#[expect(clippy::disallowed_methods, reason = "this is the place that asks the process")]
pub(super) fn home_folder() -> Option<PathBuf> {
    std::env::home_dir().filter(|folder| !folder.as_os_str().is_empty())
}

/// Returns the arguments of the command line; of one that is no UTF-8, what is.
#[expect(clippy::disallowed_methods, reason = "a command line that the parser refuses has to be looked at once more")]
pub(super) fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned())
}

/// Returns the working directory.
///
/// # Errors
/// When it was removed, or can't be read.
#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
pub(super) fn working_directory() -> std::io::Result<PathBuf> {
    std::env::current_dir()
}

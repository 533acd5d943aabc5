//! Which backend holds the state of a stack: chosen as Pulumi chooses, unless `esc-shell.yaml` says otherwise.
//!
//! A setting of the stack itself goes first, then `PULUMI_BACKEND_URL`, `pulumi.backend` of `esc-shell.yaml`, `backend.url` of the
//! `Pulumi.yaml` above the definition, and the backend that Pulumi is logged in to.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Address;
use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{
        Host,
        pulumi::name::StackName,
        read::{MAX_BYTES, read_now},
    },
    pulumi::{self, BackendUrl},
};

/// A backend, and who named it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) struct Choice {
    /// The backend.
    pub(in super::super) address: Address,
    /// Who named it.
    pub(in super::super) by: NamedBy,
}

impl Choice {
    /// Returns the backend that the settings or the environment name for a stack; nothing when they name none.
    ///
    /// # Errors
    /// When the address is malformed, or of a kind that this build does not read.
    pub(in super::super) fn of_settings(name: &StackName, host: &Host) -> Result<Option<Self>, Failure> {
        let settings = &host.settings;
        let folder = settings.folder.as_deref().unwrap_or(&host.cwd);
        let of_stack = settings.pulumi.stacks.get(&name.short()).and_then(|stack| stack.backend.as_deref());
        let named = [
            (of_stack, NamedBy::Stack, folder),
            (host.variable("PULUMI_BACKEND_URL"), NamedBy::Variable, &host.cwd),
            (settings.pulumi.backend.as_deref(), NamedBy::Configuration, folder),
        ];
        let named =
            named.into_iter().find_map(|(text, by, base)| Some((text.filter(|text| !text.is_empty())?, by, base)));
        named.map(|(text, by, base)| Self::new(text, by, base, host)).transpose()
    }

    /// Returns the backend that a project file names.
    ///
    /// # Errors
    /// As [`of_settings`](Self::of_settings).
    pub(in super::super) fn of_project(url: &str, file: PathBuf, host: &Host) -> Result<Self, Failure> {
        let base = file.parent().unwrap_or(&host.cwd).to_owned();
        Self::new(url, NamedBy::Project(file), &base, host)
    }

    /// Returns the backend that Pulumi is logged in to, and its own service when it is nowhere.
    ///
    /// # Errors
    /// When Pulumi's file can't be read, and as [`of_settings`](Self::of_settings).
    pub(in super::super) fn of_login(host: &Host) -> Result<Self, Failure> {
        let current = match pulumi::current_backend(&host.pulumi) {
            // A broken or encrypted file does not stand in the way of the token of the environment.
            Err(_) if host.pulumi.access_token.is_some() => None,
            other => other?,
        };
        match current {
            Some(url) => Self::new(&url, NamedBy::Login, &host.cwd, host),
            None => Ok(Self { address: Address::Cloud(BackendUrl::hosted().to_string()), by: NamedBy::Nobody }),
        }
    }

    fn new(text: &str, by: NamedBy, base: &Path, host: &Host) -> Result<Self, Failure> {
        let address = Address::parse(text, base, host.home.as_deref());
        Ok(Self { address: address.map_err(|failure| failure.hint(by.told()))?, by })
    }
}

/// Who named a backend.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in super::super) enum NamedBy {
    /// `pulumi.stacks` of `esc-shell.yaml`.
    Stack,
    /// `PULUMI_BACKEND_URL`.
    Variable,
    /// `pulumi.backend` of `esc-shell.yaml`.
    Configuration,
    /// A project file.
    Project(PathBuf),
    /// The current login.
    Login,
    /// Nobody: it is Pulumi's own service.
    Nobody,
}

impl NamedBy {
    /// Says who it was, for a hint.
    pub(in super::super) fn told(&self) -> String {
        match self {
            Self::Stack => "the backend is from `pulumi.stacks` in esc-shell.yaml".to_owned(),
            Self::Variable => "the backend is from PULUMI_BACKEND_URL".to_owned(),
            Self::Configuration => "the backend is from `pulumi.backend` in esc-shell.yaml".to_owned(),
            Self::Project(file) => format!("the backend is from `{}`", file.display()),
            Self::Login => "the backend is from `pulumi login`".to_owned(),
            Self::Nobody => {
                "no backend is named: set `pulumi.backend` in esc-shell.yaml, or PULUMI_BACKEND_URL".to_owned()
            }
        }
    }
}

/// The files that a Pulumi project has one of.
const PROJECT_FILES: [&str; 3] = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/// Returns the backend that the nearest project file at or above a folder names, with the file; it reads files.
///
/// # Errors
/// When the file can't be read, or is no YAML.
pub(in super::super) fn of_project(folder: &Path) -> Result<Option<(String, PathBuf)>, Failure> {
    #[derive(Deserialize)]
    struct Project {
        backend: Option<Backend>,
    }
    #[derive(Deserialize)]
    struct Backend {
        url: Option<String>,
    }
    let file = folder.ancestors().flat_map(|folder| PROJECT_FILES.map(|name| folder.join(name)));
    let Some(file) = file.into_iter().find(|file| file.is_file()) else { return Ok(None) };
    let shown = format!("`{}`", file.display());
    let text = read_now(&file, &shown, MAX_BYTES)?;
    // The parser's own words may hold a part of the text.
    let project: Project = serde_yaml::from_slice(&text)
        .map_err(|_| Failure::new(FailureKind::File, format!("{shown} is no project file of Pulumi")))?;
    let url = project.backend.and_then(|backend| backend.url).filter(|url| !url.is_empty());
    Ok(url.map(|url| (url, file)))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_project_file_counts() {
        let root = tempfile::tempdir().unwrap();
        let folder = |name: &str| {
            let folder = root.path().join(name);
            fs::create_dir_all(&folder).unwrap();
            folder
        };
        let (outer, inner, deep) = (folder("a"), folder("a/b"), folder("a/b/c/d"));
        assert_eq!(of_project(&deep), Ok(None));
        fs::write(outer.join("Pulumi.yaml"), "name: infra\nruntime: nodejs\nbackend:\n  url: file://state\n").unwrap();
        assert_eq!(of_project(&deep), Ok(Some(("file://state".into(), outer.join("Pulumi.yaml")))));
        // One without a backend hides those above it.
        fs::write(inner.join("Pulumi.yml"), "name: app\nruntime: {name: go}\n").unwrap();
        assert_eq!(of_project(&deep), Ok(None));
        fs::write(inner.join("Pulumi.yml"), "name: app\nbackend: {url: 's3://b'}\n").unwrap();
        assert_eq!(of_project(&inner), Ok(Some(("s3://b".into(), inner.join("Pulumi.yml")))));
        fs::write(inner.join("Pulumi.yml"), "name: [hunter2").unwrap();
        let failure = of_project(&deep).unwrap_err();
        assert_eq!(failure.kind, FailureKind::File);
        assert!(failure.message.ends_with("Pulumi.yml` is no project file of Pulumi"), "{failure}");
    }
}

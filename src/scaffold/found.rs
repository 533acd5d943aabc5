//! Looks at a folder: what stands there already, and what it tells.
//!
//! Invariant: of a `.env` file only names and guessed types are kept.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{
    envrc::{self, Envrc},
    guess::{Guess, guess},
};
use crate::{
    config::Config,
    dotenv::{self, DotenvError},
    shell,
    store::DEFAULT_FOLDERS,
};

/// The `.env` files that are looked for, by the environment that they belong to; a later one goes before an earlier one.
const DOTENVS: &[(&str, Role)] = &[
    (".env.example", Role::Example),
    (".env.sample", Role::Example),
    (".env.template", Role::Example),
    (".env.dist", Role::Example),
    (".env", Role::Dev),
    (".env.dev", Role::Dev),
    (".env.development", Role::Dev),
    (".env.local", Role::Dev),
    (".env.development.local", Role::Dev),
    (".env.staging", Role::Staging),
    (".env.prod", Role::Prod),
    (".env.production", Role::Prod),
];

/// Where a project of Pulumi stands in a repository.
const PULUMI_FOLDERS: [&str; 6] = ["", "infra", "infra/pulumi", "infrastructure", "pulumi", "deploy"];

/// What a `.env` file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It names variables, and its values are made up.
    Example,
    Dev,
    Staging,
    Prod,
}

/// A `.env` file without its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dotenv {
    /// Its path, relative to the folder.
    pub(super) path: PathBuf,
    pub(super) role: Role,
    /// Names that are variables of a shell, in the order of the file, each once.
    pub(super) variables: Vec<(String, Guess)>,
    /// Names that no shell takes.
    pub(super) unfit: Vec<String>,
}

/// A project of Pulumi.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    pub(super) name: String,
    /// The stacks that have a file, sorted.
    pub(super) stacks: Vec<String>,
}

/// What stands in a folder.
#[derive(Clone, Debug)]
pub struct Found {
    /// The folder, absolute.
    pub(super) folder: PathBuf,
    /// `esc-shell.yaml`, where there is one.
    pub(super) config: Option<Config>,
    /// The folder that holds definitions already, relative.
    pub(super) definitions: Option<PathBuf>,
    pub(super) dotenvs: Vec<Dotenv>,
    /// `.env` files that belong to no environment that is written.
    pub(super) other_dotenvs: Vec<String>,
    /// `.envrc`, its text and what it tells.
    pub(super) envrc: Option<(String, Envrc)>,
    /// The text of `.gitignore`.
    pub(super) gitignore: Option<String>,
    /// The text of `flake.nix`.
    pub(super) flake: Option<String>,
    pub(super) pulumi: Option<Project>,
    /// Whether `infra` is a folder.
    pub(super) infra: bool,
}

/// Why a file can't be taken into account.
#[derive(Debug)]
pub enum FindError {
    /// It can't be read, or is no text.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// It is no `.env` file.
    Dotenv {
        /// The file.
        path: PathBuf,
        /// The line, and what is wrong there.
        error: DotenvError,
    },
    /// It is no `Pulumi.yaml`.
    Pulumi {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => write!(f, "`{}` can't be read: {error}", path.display()),
            Self::Dotenv { path, error } => write!(f, "`{}` is no .env file: {error}", path.display()),
            Self::Pulumi { path } => write!(f, "`{}` has no `name`", path.display()),
        }
    }
}

/// Looks at a folder. `from` names the `.env` files to read, relative to it; when it is empty those with a usual name are.
///
/// # Errors
/// All files that can't be read, at once.
pub fn find(folder: &Path, config: Option<Config>, from: &[PathBuf]) -> Result<Found, Vec<FindError>> {
    let mut finder = Finder { folder, errors: Vec::new() };
    let dotenvs = finder.dotenvs(from);
    let envrc = finder.text(".envrc").map(|text| {
        let told = envrc::read(&text);
        (text, told)
    });
    let found = Found {
        folder: folder.to_owned(),
        definitions: finder.definitions(config.as_ref()),
        config,
        dotenvs,
        other_dotenvs: if from.is_empty() { finder.other_dotenvs() } else { Vec::new() },
        envrc,
        gitignore: finder.text(".gitignore"),
        flake: finder.text("flake.nix"),
        pulumi: finder.pulumi(),
        infra: folder.join("infra").is_dir(),
    };
    if finder.errors.is_empty() { Ok(found) } else { Err(finder.errors) }
}

struct Finder<'f> {
    folder: &'f Path,
    errors: Vec<FindError>,
}

impl Finder<'_> {
    /// Reads a file; nothing when it is not there.
    fn text(&mut self, path: impl AsRef<Path>) -> Option<String> {
        match fs::read_to_string(self.folder.join(&path)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                self.errors.push(FindError::Unreadable { path: path.as_ref().to_owned(), error });
                None
            }
        }
    }

    fn dotenvs(&mut self, from: &[PathBuf]) -> Vec<Dotenv> {
        let usual = || DOTENVS.iter().map(|(name, role)| (PathBuf::from(name), *role)).collect();
        let named = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let role = DOTENVS.iter().find(|(usual, _)| *usual == name).map_or(Role::Dev, |(_, role)| *role);
            (path.clone(), role)
        };
        let wanted: Vec<(PathBuf, Role)> = if from.is_empty() { usual() } else { from.iter().map(named).collect() };
        wanted.into_iter().filter_map(|(path, role)| self.dotenv(path, role, !from.is_empty())).collect()
    }

    fn dotenv(&mut self, path: PathBuf, role: Role, named: bool) -> Option<Dotenv> {
        let Some(text) = self.text(&path) else {
            if named && !self.folder.join(&path).exists() {
                self.errors.push(FindError::Unreadable { path, error: io::ErrorKind::NotFound.into() });
            }
            return None;
        };
        let assignments = match dotenv::parse(text.strip_prefix('\u{feff}').unwrap_or(&text)) {
            Ok(assignments) => assignments,
            Err(error) => {
                self.errors.push(FindError::Dotenv { path, error });
                return None;
            }
        };
        let mut found = Dotenv { path, role, variables: Vec::new(), unfit: Vec::new() };
        for (name, value) in assignments {
            if !shell::is_name(name) {
                found.unfit.push(name.to_owned());
                continue;
            }
            // The values of an example are made up: only the name says something.
            let guess = guess(name, if role == Role::Example { "" } else { &value });
            match found.variables.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = guess,
                None => found.variables.push((name.to_owned(), guess)),
            }
        }
        Some(found)
    }

    fn other_dotenvs(&self) -> Vec<String> {
        let usual = |name: &str| DOTENVS.iter().any(|(known, _)| *known == name);
        let mut names: Vec<String> = entries(self.folder)
            .filter(|name| name.starts_with(".env.") && !usual(name))
            .filter(|name| self.folder.join(name).is_file())
            .collect();
        names.sort();
        names
    }

    /// Returns the folder with definitions: a configured one, or one where they are looked for by default and that has some.
    fn definitions(&self, config: Option<&Config>) -> Option<PathBuf> {
        let configured = config.and_then(|config| config.environments.first().cloned());
        let has_some = |folder: &PathBuf| {
            entries(&self.folder.join(folder)).any(|name| {
                let ending = Path::new(&name).extension().and_then(|ending| ending.to_str());
                matches!(ending, Some("yaml" | "yml")) || self.folder.join(folder).join(&name).is_dir()
            })
        };
        configured.into_iter().chain(DEFAULT_FOLDERS.map(PathBuf::from)).find(has_some)
    }

    fn pulumi(&mut self) -> Option<Project> {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        for folder in PULUMI_FOLDERS {
            for file in ["Pulumi.yaml", "Pulumi.yml"] {
                let path = Path::new(folder).join(file);
                let Some(text) = self.text(&path) else { continue };
                let Ok(Named { name }) = serde_yaml::from_str(&text) else {
                    self.errors.push(FindError::Pulumi { path });
                    return None;
                };
                let stack = |file: String| {
                    let stack = file.strip_prefix("Pulumi.")?;
                    let stack = stack.strip_suffix(".yaml").or_else(|| stack.strip_suffix(".yml"))?;
                    Some(stack.to_owned())
                };
                let mut stacks: Vec<String> = entries(&self.folder.join(folder)).filter_map(stack).collect();
                stacks.sort();
                return Some(Project { name, stacks });
            }
        }
        None
    }
}

/// Returns the names in a folder that are text; none when it can't be read.
fn entries(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok())
}

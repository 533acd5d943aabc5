//! A definition that was found, and why one was not.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::diagnostic::{Failure, FailureKind};

use super::{
    git::{Blob, Commit, GitError},
    reference::{ReferenceError, Version},
};

/// Tells definitions apart within a run: the same file, in the same state, as an environment of the same project.
///
/// The project belongs to it because it decides what the imports mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionKey {
    /// The file, with all links followed.
    pub path: PathBuf,
    /// The full id of the commit; absent for the working tree.
    pub commit: Option<Arc<str>>,
    /// The organization, where one is known.
    pub organization: Option<Arc<str>>,
    /// The environment as `project/env`.
    pub name: Arc<str>,
}

/// A definition that was found; its bytes are still to be read.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Tells it apart from others.
    pub key: DefinitionKey,
    /// The organization, where one is known.
    pub organization: Option<Arc<str>>,
    /// The project; `default` where none is known.
    pub project: Arc<str>,
    /// The environment.
    pub environment: Arc<str>,
    /// The file, absolute, as it was found.
    pub path: PathBuf,
    /// The file for people: relative to the working directory, with `@revision` where it comes from one.
    pub shown: String,
    /// The commit; absent for the working tree.
    pub commit: Option<Commit>,
    pub(super) scope: Scope,
    /// The object that holds the file in its commit.
    pub(super) blob: Option<Blob>,
}

impl Definition {
    /// Returns the name that the environment goes by, `project/env`.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.key.name
    }

    /// Returns the folder of the file, which relative paths in the definition start from.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// Where the imports of a definition are looked for first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// In its own project.
    Project,
    /// In its own folder: it was named by its path.
    Folder,
}

/// How an import without a project is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportRule {
    /// In the importing environment's own project, then in project `default`.
    OwnProjectFirst,
    /// In project `default` only, as hosted ESC does.
    DefaultProjectOnly,
}

/// An imported definition.
#[derive(Clone, Debug)]
pub struct Import {
    /// The definition.
    pub definition: Definition,
    /// Whether only [`ImportRule::OwnProjectFirst`] finds it: the importing project is not `default`.
    pub from_own_project: bool,
}

/// Why a name leads to no definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// It is no name.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// An import that names no environment.
    #[error(transparent)]
    ImportName(ReferenceError),
    /// An import that is a path.
    #[error("an import names an environment, and `{0}` is a path")]
    ImportPath(String),
    /// A revision number, which only Pulumi Cloud has.
    #[error("`{version}` in `{reference}` is a revision number of Pulumi Cloud, and a local definition has none")]
    CloudRevision {
        /// What was asked for.
        reference: String,
        /// The number.
        version: Version,
    },
    /// There is no such file in any of the folders.
    #[error(transparent)]
    NotFound(#[from] NotFound),
    /// A file that cannot be used.
    #[error(transparent)]
    File(#[from] Failure),
    /// A revision that cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A name without an organization, where none is known.
    #[error("`{0}` names no organization, and no default one is known")]
    NoOrganization(String),
    /// A name that means two environments of Pulumi Cloud.
    #[error("environment reference `{reference}` is ambiguous: there are `{}` and `{}`", candidates[0], candidates[1])]
    Ambiguous {
        /// What was asked for.
        reference: String,
        /// What it may mean.
        candidates: [String; 2],
    },
}

impl ResolveError {
    /// Returns the lines that say what to do.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Reference(error) => error.hints(),
            Self::ImportName(_) | Self::ImportPath(_) => vec!["write `env` or `project/env`".to_owned()],
            Self::CloudRevision { .. } => {
                vec![
                    "name a git revision (a tag, a branch, `HEAD~3`), or ask Pulumi Cloud with `--source cloud`"
                        .to_owned(),
                ]
            }
            Self::NotFound(error) => error.hints(),
            Self::File(failure) => failure.hints.clone(),
            Self::Git(error) => error.hints(),
            Self::NoOrganization(_) => vec![
                "write `org/project/env`, or set `organization` in esc-shell.yaml or PULUMI_DEFAULT_ORGANIZATION"
                    .to_owned(),
            ],
            Self::Ambiguous { .. } => vec!["write the one that is meant: `<org>/<project>/<environment>`".to_owned()],
        }
    }

    /// Returns whose fault it is; a reference that a person typed is a usage error, which the command knows.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::Reference(_)
            | Self::ImportName(_)
            | Self::ImportPath(_)
            | Self::CloudRevision { .. }
            | Self::NoOrganization(_)
            | Self::Ambiguous { .. } => FailureKind::Definition,
            Self::NotFound(_) => FailureKind::Provider,
            Self::File(failure) => failure.kind,
            Self::Git(error) => error.kind(),
        }
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        Self { kind: error.kind(), message: error.to_string(), hints: error.hints() }
    }
}

/// A name that no file stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotFound {
    /// What was asked for.
    pub reference: String,
    /// Every file that was looked for, for people; those that end in `.yml` are left out.
    pub tried: Vec<String>,
    /// An environment with a similar name.
    pub similar: Option<String>,
    /// What else is known: a folder that is not there, a file of that name.
    pub remarks: Vec<String>,
}

impl NotFound {
    /// Returns the lines that say what to do.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let mut hints: Vec<String> = self.similar.iter().map(|name| format!("did you mean `{name}`?")).collect();
        if !self.tried.is_empty() {
            hints.push(format!("looked for {} (or .yml)", self.tried.join(", ")));
        }
        hints.extend(self.remarks.iter().cloned());
        hints
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no local definition of `{}`", self.reference)
    }
}

impl std::error::Error for NotFound {}

//! Why a revision cannot be read, and what to do about it.

use crate::diagnostic::FailureKind;

/// Why a revision cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no `git`.
    #[error("no `git` on the search path")]
    NotInstalled,
    /// The folder belongs to no repository.
    #[error("`{0}` is in no git repository")]
    NotARepository(String),
    /// git does not trust the owner of the repository.
    #[error("git does not read the repository of `{folder}`: it belongs to somebody else")]
    Untrusted {
        /// The folder.
        folder: String,
        /// The command that git itself advises.
        advice: String,
    },
    /// There is no such revision.
    #[error("no revision `{revision}` in the repository of `{folder}`")]
    UnknownRevision {
        /// The revision.
        revision: String,
        /// The folder.
        folder: String,
        /// Whether the repository holds a part of its history only.
        shallow: bool,
        /// A branch or tag with a similar name.
        similar: Option<String>,
    },
    /// The commit holds no such file.
    #[error("no file `{path}` in commit {commit}")]
    NotInCommit {
        /// The path.
        path: String,
        /// The commit, or how it was written.
        commit: String,
    },
    /// The clone holds only some of the files.
    #[error("the repository of `{0}` lacks files of that revision")]
    Partial(String),
    /// git failed otherwise.
    #[error("git failed: {0}")]
    Failed(String),
}

impl GitError {
    /// Returns the lines that say what to do.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NotInstalled => vec!["install git, or leave out the version".to_owned()],
            Self::NotARepository(_) => vec!["leave out the version to read the files as they are".to_owned()],
            Self::Untrusted { advice, .. } => vec![format!("when you trust it, run `{advice}`")],
            Self::UnknownRevision { shallow, similar, .. } => {
                let similar = similar.iter().map(|name| format!("did you mean `{name}`?"));
                let fetch = if *shallow {
                    "the clone is shallow: fetch more of it (`git fetch --unshallow --tags`, `fetch-depth: 0`)"
                } else {
                    "see `git branch --all` and `git tag`, or fetch it"
                };
                similar.chain([fetch.to_owned()]).collect()
            }
            Self::NotInCommit { commit, .. } => vec![format!("see `git ls-tree -r --name-only {commit}`")],
            Self::Partial(_) => vec![
                "the clone is partial, and nothing is fetched from here: fetch the rest with `git fetch --refetch --no-filter`"
                    .to_owned(),
            ],
            Self::Failed(_) => vec!["see whether `git fsck` finds the repository whole".to_owned()],
        }
    }

    /// Returns whose fault it is.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::UnknownRevision { .. } | Self::NotInCommit { .. } => FailureKind::Provider,
            _ => FailureKind::File,
        }
    }
}

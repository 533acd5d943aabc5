//! Where a path of an input leads.

use std::path::{Path, PathBuf};

use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{CallContext, Host},
};

/// A path with its anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere on this machine: an absolute path, or one below the home folder.
    Machine(PathBuf),
    /// Relative to the definition's folder: the folder and the path as it was written.
    Definition(PathBuf, String),
}

impl Place {
    /// Finds the anchor of a path.
    ///
    /// # Errors
    /// When a path is relative and the definition is no local file, or begins with `~/` and there is no home folder.
    pub(super) fn of(path: &str, host: &Host, context: &CallContext) -> Result<Self, Failure> {
        let below_home = if path == "~" { Some("") } else { path.strip_prefix("~/") };
        if let Some(below) = below_home {
            let Some(home) = &host.home else {
                return Err(Failure::new(FailureKind::File, "`~` has no meaning without a home folder")
                    .hint("set HOME, or give the path from the root"));
            };
            return Ok(Self::Machine(home.join(below.trim_start_matches('/'))));
        }
        if Path::new(path).is_absolute() {
            return Ok(Self::Machine(path.into()));
        }
        match &context.folder {
            Some(folder) => Ok(Self::Definition(folder.to_path_buf(), path.to_owned())),
            None => {
                Err(Failure::new(FailureKind::Definition, "a relative path needs a definition that is a local file")
                    .hint("give the path from the root, or below `~/`"))
            }
        }
    }

    /// Returns the path in the file system, the working tree for what belongs to the definition.
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Machine(path) => path.clone(),
            Self::Definition(folder, path) => folder.join(path),
        }
    }
}

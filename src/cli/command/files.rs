//! Where the `files` of environments are written.

use std::path::PathBuf;

use crate::{
    cli::{complaint::Complaint, env, failure::Failure, output::Output, workbench::Workbench},
    delivery::{Places, PrivateFolder, Staged},
    environment::{FilePaths, Variable},
};

/// Finds the folder for files with secrets; says so when they come to lie on a disk.
pub(in crate::cli) fn private_folder(workbench: &Workbench, output: &Output) -> Result<PrivateFolder, Failure> {
    let home = || Some(PathBuf::from(env::var(env::HOME)?).join(".cache"));
    let found = PrivateFolder::find(&Places {
        runtime: env::var(env::XDG_RUNTIME_DIR).map(PathBuf::from),
        shared_memory: "/dev/shm".into(),
        cache: env::var(env::XDG_CACHE_HOME).map(PathBuf::from).or_else(home),
    })?;
    if found.on_disk {
        let message = format!("files with secrets are written to disk, in {}", workbench.shown(found.path()));
        output.warn(&Complaint::warning("on-disk", message).hint("set XDG_RUNTIME_DIR to a folder in memory"));
    }
    Ok(found)
}

/// Files of an export, which lie ready; nothing where there are none.
pub(super) struct Exported(Option<Staged>);

impl Exported {
    /// Writes files aside; `name` is that of their folder.
    pub(super) fn prepare(
        name: &str,
        files: &[Variable],
        workbench: &Workbench,
        output: &Output,
    ) -> Result<Self, Failure> {
        if files.is_empty() {
            return Ok(Self(None));
        }
        let folder = private_folder(workbench, output)?;
        Ok(Self(Some(Staged::prepare(&folder, name, files)?)))
    }

    /// Returns where they will be.
    pub(super) fn paths(&self) -> FilePaths {
        self.0.as_ref().map(|staged| staged.paths().clone()).unwrap_or_default()
    }

    /// Puts them there, when all else passed.
    pub(super) fn commit(self) -> Result<(), Failure> {
        Ok(self.0.map_or(Ok(()), Staged::commit)?)
    }
}

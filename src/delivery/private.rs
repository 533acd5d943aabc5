//! The folder for files with secrets: the user's own, readable for nobody else, in memory where the system has such a place.
//!
//! A folder that is there is trusted only when it is no link, belongs to the user and is closed to everybody else; `/tmp` is never
//! looked at.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
};

use crate::diagnostic::{Failure, FailureKind};

/// Where private files may go, from best to worst.
#[derive(Clone, Debug)]
pub struct Places {
    /// The user's runtime folder (`XDG_RUNTIME_DIR`).
    pub runtime: Option<PathBuf>,
    /// A folder in memory that all users share: `/dev/shm`.
    pub shared_memory: PathBuf,
    /// The user's cache (`XDG_CACHE_HOME`, or `.cache` of the home).
    pub cache: Option<PathBuf>,
}

/// A folder that is readable for nobody else.
#[derive(Clone, Debug)]
pub struct PrivateFolder {
    pub(super) path: PathBuf,
    /// Whether what is written there may outlive a restart.
    pub on_disk: bool,
}

impl PrivateFolder {
    /// Finds the first place that can be used, and makes the folder there.
    ///
    /// # Errors
    /// When a folder of its name belongs to somebody else or is open to others, or there is no place at all.
    pub fn find(places: &Places) -> Result<Self, Failure> {
        let user = rustix::process::getuid().as_raw();
        if let Some(runtime) = places.runtime.as_deref().filter(|runtime| is_own(runtime, user)) {
            return Self::make(runtime.join("esc-shell"), user, false);
        }
        if places.shared_memory.is_dir() {
            return Self::make(places.shared_memory.join(format!("esc-shell-{user}")), user, false);
        }
        let Some(cache) = &places.cache else {
            return Err(failure("there is no place for private files")
                .hint("set XDG_RUNTIME_DIR to a folder that only you can read"));
        };
        let folder = cache.join("esc-shell");
        private().recursive(true).create(&folder).map_err(|error| unusable(&folder, &error.to_string()))?;
        Self::make(folder.join("files"), user, true)
    }

    /// Returns the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn make(path: PathBuf, user: u32, on_disk: bool) -> Result<Self, Failure> {
        match private().create(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(unusable(&path, &error.to_string()));
            }
            _ => {}
        }
        let metadata = fs::symlink_metadata(&path).map_err(|error| unusable(&path, &error.to_string()))?;
        let wrong = if !metadata.is_dir() {
            "it is no folder"
        } else if metadata.uid() != user {
            "it belongs to somebody else"
        } else if metadata.mode() & 0o077 != 0 {
            "others can get into it"
        } else {
            return Ok(Self { path, on_disk });
        };
        Err(unusable(&path, wrong).hint("remove it, or make it yours with mode 0700"))
    }
}

/// Makes folders that are the user's only.
pub(super) fn private() -> DirBuilder {
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

/// Tells whether a folder is the user's own, so that nobody else can put anything into it.
fn is_own(folder: &Path, user: u32) -> bool {
    let metadata = fs::metadata(folder);
    metadata.is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == user && metadata.mode() & 0o022 == 0)
}

fn unusable(path: &Path, reason: &str) -> Failure {
    failure(&format!("`{}` can't be used for private files: {reason}", path.display()))
}

pub(super) fn failure(message: &str) -> Failure {
    Failure::new(FailureKind::File, message)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A scene with the three places.
    fn scene() -> (tempfile::TempDir, Places) {
        let folder = tempfile::tempdir().unwrap();
        let [runtime, shared_memory, cache] = ["run", "shm", "cache"].map(|name| folder.path().join(name));
        for place in [&runtime, &shared_memory] {
            private().create(place).unwrap();
        }
        (folder, Places { runtime: Some(runtime), shared_memory, cache: Some(cache) })
    }

    #[test]
    fn places_are_tried_in_their_order() {
        let (folder, mut places) = scene();
        let user = rustix::process::getuid().as_raw();
        let found = |places: &Places| {
            let found = PrivateFolder::find(places).unwrap();
            assert_eq!(fs::metadata(found.path()).unwrap().mode() & 0o777, 0o700);
            (found.path().strip_prefix(folder.path()).unwrap().display().to_string(), found.on_disk)
        };
        assert_eq!(found(&places), ("run/esc-shell".to_owned(), false));
        assert_eq!(found(&places), ("run/esc-shell".to_owned(), false), "it is found again");
        mode(places.runtime.as_ref().unwrap(), 0o777);
        assert_eq!(found(&places), (format!("shm/esc-shell-{user}"), false), "others write to the runtime folder");
        places.runtime = None;
        assert_eq!(found(&places), (format!("shm/esc-shell-{user}"), false));
        places.shared_memory = folder.path().join("nowhere");
        assert_eq!(found(&places), ("cache/esc-shell/files".to_owned(), true));
        places.cache = None;
        assert_eq!(PrivateFolder::find(&places).unwrap_err().message, "there is no place for private files");
    }

    #[test]
    fn a_folder_that_others_may_have_made_is_refused() {
        let (folder, places) = scene();
        let path = places.runtime.as_ref().unwrap().join("esc-shell");
        let refused = |reason: &str| {
            let message = PrivateFolder::find(&places).unwrap_err().message;
            assert!(message.ends_with(reason), "{message}");
        };
        private().create(&path).unwrap();
        mode(&path, 0o750);
        refused("others can get into it");
        fs::remove_dir(&path).unwrap();
        symlink(folder.path(), &path).unwrap();
        refused("it is no folder");
        fs::remove_file(&path).unwrap();
        fs::write(&path, "").unwrap();
        refused("it is no folder");
        let metadata = fs::metadata(folder.path()).unwrap();
        assert!(!is_own(folder.path(), metadata.uid() + 1) && is_own(folder.path(), metadata.uid()));
    }
}

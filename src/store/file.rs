//! Files of the working tree: looked at before they are opened, kept to their folder, and counted.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use crate::diagnostic::{Failure, FailureKind};

/// The most bytes of definitions that a run reads.
pub const RUN_LIMIT: u64 = 10 << 20;

/// Counts the bytes of definitions that a run may still read.
#[derive(Debug)]
pub(super) struct Budget(AtomicU64);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU64::new(RUN_LIMIT))
    }
}

impl Budget {
    /// Allows as much as at the beginning.
    pub(super) fn renew(&self) {
        self.0.store(RUN_LIMIT, Ordering::Relaxed);
    }

    /// Returns how many bytes are left.
    pub(super) fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes bytes off; fails when there are not so many left.
    pub(super) fn take(&self, bytes: u64, shown: &str) -> Result<(), Failure> {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes)).map(drop).map_err(
            |_| {
                failure(format!("`{shown}` is too large"))
                    .hint(format!("the definitions of one run may have {} MB together", RUN_LIMIT >> 20))
            },
        )
    }
}

/// Makes a failure of a local file.
pub(super) fn failure(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::File, message)
}

/// Words a failure of the operating system.
pub(super) fn unreadable(shown: &str, error: &io::Error) -> Failure {
    let failure = failure(match error.kind() {
        io::ErrorKind::NotFound => format!("`{shown}` does not exist"),
        kind => format!("`{shown}` cannot be read: {kind}"),
    });
    match error.kind() {
        io::ErrorKind::PermissionDenied => failure.hint("make it readable for this user"),
        _ => failure,
    }
}

/// Refuses what leads out of its folder.
pub(super) fn outside(shown: &str, folder: &str) -> Failure {
    failure(format!("`{shown}` leads out of `{folder}`"))
        .hint("definitions are read from their own folder only: put the file there instead of a link")
}

/// Looks for a regular file that stays within a folder (which has its links followed already, and a name for people); returns the
/// file with its links followed, or `None` when nothing is there.
///
/// # Errors
/// When something else is there, or it cannot be looked at.
pub(super) fn look(path: &Path, within: Option<(&Path, &str)>, shown: &str) -> Result<Option<PathBuf>, Failure> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if is_absent(&error) => {
            return match fs::symlink_metadata(path) {
                Ok(_) => Err(failure(format!("`{shown}` is a link to nothing"))),
                Err(_) => Ok(None),
            };
        }
        Err(error) => return Err(unreadable(shown, &error)),
    };
    if metadata.is_dir() {
        return Err(failure(format!("`{shown}` is a folder")).hint("a definition is a file"));
    }
    // A pipe is never opened: it would wait for its writer.
    if !metadata.is_file() {
        return Err(failure(format!("`{shown}` is no regular file")).hint("a definition is a regular file"));
    }
    let path = fs::canonicalize(path).map_err(|error| unreadable(shown, &error))?;
    match within {
        Some((within, folder)) if !path.starts_with(within) => Err(outside(shown, folder)),
        _ => Ok(Some(path)),
    }
}

/// Tells whether nothing is there, as opposed to something that cannot be looked at.
pub(super) fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidFilename)
}

/// Reads a file that was looked at before.
pub(super) fn read(path: &Path, budget: &Budget, shown: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(budget.left().saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|error| unreadable(shown, &error))?;
    budget.take(bytes.len() as u64, shown)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use assert_fs::{TempDir, prelude::*};

    use super::*;

    fn looked(folder: &Path, name: &str) -> Result<Option<PathBuf>, String> {
        look(&folder.join(name), Some((folder, "esc")), name).map_err(|failure| failure.message)
    }

    #[test]
    fn only_regular_files_within_the_folder_are_taken() {
        let root = TempDir::new().unwrap();
        let root = root.child("esc");
        root.child("a.yaml").write_str("").unwrap();
        root.child("folder.yaml/x").write_str("").unwrap();
        root.child("../out.yaml").write_str("").unwrap();
        let folder = root.path().canonicalize().unwrap();
        assert_eq!(looked(&folder, "a.yaml"), Ok(Some(folder.join("a.yaml"))));
        assert_eq!(looked(&folder, "none.yaml"), Ok(None));
        assert_eq!(looked(&folder, "a.yaml/x.yaml"), Ok(None));
        assert_eq!(looked(&folder, &format!("{}.yaml", "x".repeat(300))), Ok(None));
        assert_eq!(looked(&folder, "folder.yaml"), Err("`folder.yaml` is a folder".into()));
        assert_eq!(looked(&folder, "../out.yaml"), Err("`../out.yaml` leads out of `esc`".into()));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_within_the_folder() {
        use std::os::unix::fs::symlink;

        let root = TempDir::new().unwrap();
        root.child("esc/a.yaml").write_str("").unwrap();
        root.child("secret").write_str("").unwrap();
        root.child("esc2/b.yaml").write_str("").unwrap();
        let folder = root.path().canonicalize().unwrap().join("esc");
        for (link, target) in [
            ("in.yaml", "a.yaml"),
            ("out.yaml", "../secret"),
            ("absolute.yaml", "/etc/hostname"),
            ("sibling.yaml", "../esc2/b.yaml"),
            ("nothing.yaml", "nowhere"),
            ("loop.yaml", "loop.yaml"),
            ("up", ".."),
        ] {
            symlink(target, folder.join(link)).unwrap();
        }
        assert_eq!(looked(&folder, "in.yaml"), Ok(Some(folder.join("a.yaml"))));
        for link in ["out.yaml", "sibling.yaml", "up/secret"] {
            assert_eq!(looked(&folder, link), Err(format!("`{link}` leads out of `esc`")));
        }
        assert_eq!(looked(&folder, "nothing.yaml"), Err("`nothing.yaml` is a link to nothing".into()));
        assert!(looked(&folder, "loop.yaml").is_err());
    }

    #[test]
    fn a_run_reads_so_much_and_no_more() {
        let root = TempDir::new().unwrap();
        let file = root.child("a.yaml");
        file.write_str("12345").unwrap();
        let budget = Budget(AtomicU64::new(12));
        assert_eq!(read(file.path(), &budget, "a"), Ok(b"12345".to_vec()));
        assert_eq!(read(file.path(), &budget, "a").map(|_| budget.left()), Ok(2));
        assert_eq!(read(file.path(), &budget, "a").unwrap_err().message, "`a` is too large");
        assert_eq!(read(&root.path().join("none"), &budget, "b").unwrap_err().kind, FailureKind::File);
    }
}

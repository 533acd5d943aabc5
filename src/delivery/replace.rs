//! Files of the user, replaced at once: a reader sees the old text or the new one, and nothing is left behind when it fails.

use std::{
    fs::{self, Permissions},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// A file that lies ready beside its place.
#[derive(Debug)]
pub struct Replacement {
    target: PathBuf,
    file: NamedTempFile,
    new: bool,
}

impl Replacement {
    /// Writes the bytes beside the place of a file, which stays as it is. The folder must exist. A link is followed, so that it stays
    /// a link; permissions are those of the file that is there, or what the umask leaves of a new file's.
    ///
    /// # Errors
    /// When the folder can't be written to, or what is there is no file.
    pub fn prepare(path: &Path, bytes: &[u8]) -> io::Result<Self> {
        let target = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(error),
        };
        let there = match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_file() => Some(metadata.permissions()),
            Ok(_) => return Err(io::Error::other("it is no file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new()
            .prefix(".esc-shell-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        if let Some(permissions) = &there {
            // Before the bytes: a private file stays private all the time.
            file.as_file().set_permissions(permissions.clone())?;
        }
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(Self { target, file, new: there.is_none() })
    }

    /// Returns the file that is replaced, links followed.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Puts the bytes in place.
    ///
    /// # Errors
    /// When the file can't be replaced, or one has come to be where there was none.
    pub fn commit(self) -> io::Result<()> {
        let kept = if self.new { self.file.persist_noclobber(&self.target) } else { self.file.persist(&self.target) };
        kept.map(drop).map_err(|error| error.error)
    }
}

/// Replaces a file.
///
/// # Errors
/// All of [`Replacement`].
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    Replacement::prepare(path, bytes)?.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_new_or_keeps_its_permissions_and_its_links() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        replace(&file, b"1").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a", &link).unwrap();
        replace(&link, b"2").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"2");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn what_is_no_file_and_what_came_meanwhile_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let ready = Replacement::prepare(&path, b"1").unwrap();
        fs::write(&path, b"other").unwrap();
        assert_eq!(ready.commit().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"other");
        assert!(replace(folder.path(), b"1").is_err());
        assert_eq!(names(folder.path()), ["a"]);
    }
}

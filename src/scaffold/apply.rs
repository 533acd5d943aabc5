//! Writes a plan: all of its files, or none.
//!
//! Invariant: until every file lies ready beside its place nothing is changed, and what was changed is taken back when a later
//! step fails.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::plan::{Change, Plan};
use crate::delivery::replace::{Replacement, replace};

/// Why a plan could not be carried out; the folder is as it was.
#[derive(Debug)]
pub struct ApplyError {
    /// The file that could not be written, relative to the folder.
    pub path: PathBuf,
    /// The reason.
    pub error: io::Error,
    /// Files and folders that could not be taken back, relative to the folder.
    pub left: Vec<PathBuf>,
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` can't be written: {}", self.path.display(), self.error)
    }
}

/// Carries a plan out in a folder.
///
/// # Errors
/// When a file can't be written, or is not any more what the plan was made for.
pub fn apply(folder: &Path, plan: &Plan) -> Result<(), ApplyError> {
    let mut writer = Writer { folder, made: Vec::new(), done: Vec::new() };
    writer.write(&plan.changes).map_err(|(path, error)| {
        let left = writer.take_back();
        ApplyError { path, error, left }
    })
}

struct Writer<'a> {
    folder: &'a Path,
    /// Folders that were made, outer ones first.
    made: Vec<PathBuf>,
    /// Files that were written, with what they held before.
    done: Vec<(PathBuf, Option<String>)>,
}

impl Writer<'_> {
    fn write(&mut self, changes: &[Change]) -> Result<(), (PathBuf, io::Error)> {
        let mut ready = Vec::new();
        for change in changes {
            let at = |error| (change.path.clone(), error);
            let path = self.folder.join(&change.path);
            self.make(path.parent().unwrap_or(self.folder)).map_err(at)?;
            ready.push((change, Replacement::prepare(&path, change.after.as_bytes()).map_err(at)?));
        }
        for (change, replacement) in ready {
            let at = |error| (change.path.clone(), error);
            let target = replacement.target().to_owned();
            unchanged(&target, change).map_err(at)?;
            replacement.commit().map_err(at)?;
            self.done.push((target, change.before.clone()));
        }
        Ok(())
    }

    /// Makes a folder and those above it.
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.made.push(folder.to_owned());
        }
        Ok(())
    }

    /// Takes back what was done; returns what could not be.
    fn take_back(&mut self) -> Vec<PathBuf> {
        let mut left = Vec::new();
        for (path, before) in self.done.drain(..).rev() {
            let back = match before {
                None => fs::remove_file(&path),
                Some(text) => replace(&path, text.as_bytes()),
            };
            if back.is_err() {
                left.push(path);
            }
        }
        for folder in self.made.drain(..).rev() {
            if fs::remove_dir(&folder).is_err() {
                left.push(folder);
            }
        }
        left.iter().map(|path| path.strip_prefix(self.folder).unwrap_or(path).to_owned()).collect()
    }
}

/// Fails when a file is not what the plan was made for.
fn unchanged(target: &Path, change: &Change) -> io::Result<()> {
    let now = match fs::read_to_string(target) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if now == change.before { Ok(()) } else { Err(io::Error::other("it was changed meanwhile")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: &str, before: Option<&str>, after: &str) -> Change {
        Change { path: path.into(), before: before.map(str::to_owned), after: after.to_owned(), what: String::new() }
    }

    fn files(folder: &Path) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                if path.is_dir() {
                    files.push((name, "a folder".to_owned()));
                    folders.push(path);
                } else {
                    files.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }

    fn scene() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old"), "1").unwrap();
        folder
    }

    fn owned<const N: usize>(files: [(&str, &str); N]) -> Vec<(String, String)> {
        files.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
    }

    #[test]
    fn all_files_are_written() {
        let folder = scene();
        let changes = vec![change("a/b/new", None, "n"), change("old", Some("1"), "2")];
        apply(folder.path(), &Plan { changes, ..Plan::default() }).unwrap();
        let expected = [("a", "a folder"), ("a/b", "a folder"), ("a/b/new", "n"), ("old", "2")];
        assert_eq!(files(folder.path()), owned(expected));
    }

    #[test]
    fn a_failure_leaves_the_folder_as_it_was() {
        for last in [
            // Found out before anything is written: a file where a folder has to be.
            change("old/x", None, "x"),
            // Found out after the others were written: somebody was faster.
            change("old", Some("0"), "x"),
            change("old", None, "x"),
        ] {
            let folder = scene();
            let changes = vec![change("a/b/new", None, "n"), change("c", None, "c"), last.clone()];
            let error = apply(folder.path(), &Plan { changes, ..Plan::default() }).unwrap_err();
            assert_eq!((error.path, error.left), (last.path, Vec::new()));
            assert_eq!(files(folder.path()), owned([("old", "1")]));
        }
    }
}

//! Paths in a commit: the first of some that is there, with its links followed.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

use crate::{
    diagnostic::Failure,
    store::{definition::ResolveError, file},
};

use super::{Blob, Commit, Entry, Git};

/// The most links in a row.
const LINKS: usize = 8;

/// A target of a link longer than this is no path.
const TARGET: u64 = 4096;

impl Git {
    /// Looks for the first of some paths, relative to the root, that is a file of the commit and stays within a folder; returns which
    /// of them it is, the path with its links followed, and the content's place.
    pub(in crate::store) fn first(
        &self,
        commit: &Commit,
        paths: &[PathBuf],
        within: &Path,
    ) -> Result<Option<(usize, PathBuf, Blob)>, ResolveError> {
        let entries = self.entries(commit, paths)?;
        let Some(index) = paths.iter().position(|path| entries.contains_key(path)) else { return Ok(None) };
        let (path, blob) = self.follow(commit, paths[index].clone(), entries, within)?;
        Ok(Some((index, path, blob)))
    }

    fn follow(
        &self,
        commit: &Commit,
        mut path: PathBuf,
        mut entries: HashMap<PathBuf, Entry>,
        within: &Path,
    ) -> Result<(PathBuf, Blob), ResolveError> {
        let shown = self.shown(commit, &path);
        for _ in 0..LINKS {
            let link = match entries.remove(&path) {
                Some(Entry::File(blob)) => return Ok((path, blob)),
                Some(Entry::Link(blob)) => blob,
                Some(Entry::Other) => {
                    return Err(file::failure(format!("`{shown}` is a folder")).hint("a definition is a file").into());
                }
                None => return Err(file::failure(format!("`{shown}` is a link to nothing")).into()),
            };
            let outside = || file::outside(&shown, &self.shown(commit, within));
            path = self.target(commit, &path, &link)?.filter(|path| path.starts_with(within)).ok_or_else(outside)?;
            entries = self.entries(commit, std::slice::from_ref(&path))?;
        }
        Err(file::failure(format!("`{shown}` leads through more than {LINKS} links")).into())
    }

    /// Returns where a link leads, relative to the root; `None` when that is outside of the repository.
    fn target(&self, commit: &Commit, link: &Path, blob: &Blob) -> Result<Option<PathBuf>, ResolveError> {
        if blob.size > TARGET {
            return Ok(None);
        }
        let content = self.read(&commit.root, blob)?;
        let Ok(target) = String::from_utf8(content) else { return Ok(None) };
        Ok(join(link.parent().unwrap_or(Path::new("")), Path::new(&target)))
    }

    fn shown(&self, commit: &Commit, path: &Path) -> String {
        format!("{}@{}", self.surroundings.shown(&commit.root.join(path)), commit.revision)
    }

    /// Reads a file of a commit by its absolute path; links may lead anywhere within the repository.
    pub(in crate::store) fn read_path(
        &self,
        commit: &Commit,
        path: &Path,
        budget: &file::Budget,
    ) -> Result<Vec<u8>, Failure> {
        let shown = self.shown(commit, path);
        let inside = path.strip_prefix(&commit.root).map_err(|_| file::outside(&shown, "the repository"))?;
        let found = self.first(commit, &[inside.to_owned()], Path::new(""))?;
        let missing = || super::GitError::NotInCommit { path: shown.clone(), commit: commit.revision.to_string() };
        let (_, _, blob) = found.ok_or_else(|| ResolveError::Git(missing()))?;
        self.read_blob(&commit.root, &blob, budget, &shown)
    }

    /// Reads a file's content when the run may still read so much.
    pub(in crate::store) fn read_blob(
        &self,
        root: &Path,
        blob: &Blob,
        budget: &file::Budget,
        shown: &str,
    ) -> Result<Vec<u8>, Failure> {
        budget.take(blob.size, shown)?;
        Ok(self.read(root, blob).map_err(ResolveError::Git)?)
    }
}

/// Joins a target to the folder of its link; `None` when it is absolute or leaves the root.
fn join(folder: &Path, target: &Path) -> Option<PathBuf> {
    let mut joined = folder.to_owned();
    for component in target.components() {
        match component {
            Component::Normal(name) => joined.push(name),
            Component::CurDir => {}
            Component::ParentDir => joined.pop().then_some(())?,
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_stay_below_the_root() {
        for (target, expected) in [
            ("b.yaml", Some("esc/app/b.yaml")),
            ("./b.yaml", Some("esc/app/b.yaml")),
            ("../b.yaml", Some("esc/b.yaml")),
            ("../../b.yaml", Some("b.yaml")),
            ("../../../b.yaml", None),
            ("/etc/passwd", None),
        ] {
            assert_eq!(join(Path::new("esc/app"), Path::new(target)), expected.map(PathBuf::from), "{target}");
        }
    }
}

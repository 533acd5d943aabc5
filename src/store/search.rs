//! Looking for a name in folders, as they are now or at a revision, and remembering where.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use super::{
    definition::{Definition, NotFound, ResolveError, Scope},
    file,
    folders::{ENDINGS, Wanted},
    git::{Blob, Commit, real},
    local::LocalStore,
    reference::Version,
    similar::closest,
};

/// Which state of the files is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum State<'a> {
    WorkingTree,
    /// A revision that is still to be resolved, in the repository of each folder.
    Revision(&'a str),
    Commit(&'a Commit),
}

impl<'a> State<'a> {
    /// Takes the state that a version means; none written means the same as elsewhere. A number has no local state: it is refused
    /// only when there is a local file, for without one it may be meant for Pulumi Cloud.
    pub(super) fn of(version: Option<&'a Version>, same: Self) -> Self {
        match version {
            None => same,
            Some(Version::Named(revision)) if version.is_some_and(|version| !version.is_number()) => {
                Self::Revision(revision)
            }
            Some(_) => Self::WorkingTree,
        }
    }
}

/// A search for one environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search<'a> {
    pub(super) wanted: Wanted<'a>,
    pub(super) state: State<'a>,
    /// Taken for the configured project where none is.
    pub(super) own_project: Option<&'a str>,
}

/// A file that was found.
pub(super) struct Hit {
    /// As it was found, absolute.
    pub(super) path: PathBuf,
    /// With its links followed.
    pub(super) real: PathBuf,
    pub(super) commit: Option<(Commit, Blob)>,
}

/// Where searches for one name have looked, for people.
#[derive(Default)]
pub(super) struct Trail {
    tried: Vec<String>,
    remarks: Vec<String>,
}

impl LocalStore {
    /// Searches the configured folders for an environment.
    pub(super) fn search(&self, search: &Search<'_>, trail: &mut Trail) -> Result<Option<Definition>, ResolveError> {
        let forms = self.layout.forms(&search.wanted, search.own_project);
        let folders = self.layout.folders(&self.surroundings, matches!(search.state, State::WorkingTree));
        let hit = self.first_of(&folders, &forms, search.state, trail)?;
        Ok(hit.map(|hit| self.definition(hit, search.wanted, Scope::Project)))
    }

    /// Searches the folder of the definition that imports an environment.
    pub(super) fn search_beside(
        &self,
        importer: &Definition,
        search: &Search<'_>,
        trail: &mut Trail,
    ) -> Result<Option<Definition>, ResolveError> {
        let forms = [search.wanted.environment.to_owned()];
        let hit = self.first_of(&[importer.folder().to_owned()], &forms, search.state, trail)?;
        Ok(hit.map(|hit| self.definition(hit, search.wanted, Scope::Folder)))
    }

    fn first_of(
        &self,
        folders: &[PathBuf],
        forms: &[String],
        state: State<'_>,
        trail: &mut Trail,
    ) -> Result<Option<Hit>, ResolveError> {
        let before = trail.tried.len();
        let mut trouble = None;
        for folder in folders {
            let hit = match state {
                State::WorkingTree => self.first_now(folder, forms, trail)?,
                State::Commit(commit) => self.first_then(folder, forms, commit, trail)?,
                State::Revision(revision) => {
                    match self.git.root(folder).and_then(|root| self.git.commit(&root, revision)) {
                        Ok(commit) => self.first_then(folder, forms, &commit, trail)?,
                        // One of several folders may be in another repository, which lacks the revision.
                        Err(error) => {
                            trouble.get_or_insert(error);
                            None
                        }
                    }
                }
            };
            if hit.is_some() {
                return Ok(hit);
            }
        }
        let Some(error) = trouble.filter(|_| trail.tried.len() == before) else { return Ok(None) };
        // Without a local file the version may be a tag of Pulumi Cloud, so it is no error yet.
        let now = self.first_of(folders, forms, State::WorkingTree, trail);
        if !matches!(now, Ok(None)) {
            return Err(error.into());
        }
        trail.remarks.push(error.to_string());
        Ok(None)
    }

    /// Looks for the first of some files in one folder of the working tree.
    fn first_now(&self, folder: &Path, forms: &[String], trail: &mut Trail) -> Result<Option<Hit>, ResolveError> {
        let shown = self.surroundings.shown(folder);
        let within = match fs::canonicalize(folder) {
            Ok(within) => within,
            Err(error) if file::is_absent(&error) => return Ok(None),
            Err(error) => return Err(file::unreadable(&shown, &error).into()),
        };
        for (index, name) in files(forms).into_iter().enumerate() {
            let path = folder.join(name);
            let name = self.surroundings.shown(&path);
            if let Some(real) = file::look(&path, Some((&within, &shown)), &name)? {
                return Ok(Some(Hit { path, real, commit: None }));
            }
            // The second ending says nothing new.
            if index.is_multiple_of(ENDINGS.len()) {
                trail.tried.push(name);
            }
        }
        Ok(None)
    }

    /// Looks for the first of some files in one folder of a commit.
    fn first_then(
        &self,
        folder: &Path,
        forms: &[String],
        commit: &Commit,
        trail: &mut Trail,
    ) -> Result<Option<Hit>, ResolveError> {
        let whole = real(folder).1;
        // A folder of another repository has no part in the commit.
        let Ok(inside) = whole.strip_prefix(&commit.root) else { return Ok(None) };
        let names = files(forms);
        let paths: Vec<PathBuf> = names.iter().map(|name| inside.join(name)).collect();
        if let Some((index, path, blob)) = self.git.first(commit, &paths, inside)? {
            let (path, real) = (folder.join(&names[index]), commit.root.join(path));
            return Ok(Some(Hit { path, real, commit: Some((commit.clone(), blob)) }));
        }
        for name in names.iter().step_by(ENDINGS.len()) {
            trail.tried.push(format!("{}@{}", self.surroundings.shown(&folder.join(name)), commit.revision));
        }
        Ok(None)
    }

    /// Makes the error of a name that no file stands for.
    pub(super) fn not_found(&self, reference: String, search: &Search<'_>, trail: Trail) -> ResolveError {
        let Trail { mut tried, mut remarks } = trail;
        let mut seen = HashSet::new();
        tried.retain(|place| seen.insert(place.clone()));
        remarks.dedup();
        let environment = search.wanted.environment;
        let is_file = ENDINGS.iter().any(|ending| environment.ends_with(&format!(".{ending}")));
        if is_file && self.surroundings.cwd.join(environment).is_file() {
            remarks.push(format!("write `./{environment}` for the file of that name"));
        }
        remarks.extend(self.layout.remarks(&self.surroundings));
        let similar = match search.state {
            State::WorkingTree => self.similar(&reference, environment).filter(|similar| *similar != reference),
            // What is there now says little about what was there then.
            _ => None,
        };
        NotFound { reference, tried, similar, remarks }.into()
    }

    /// Finds an environment that may have been meant: by its whole name, else by the last part of it.
    fn similar(&self, reference: &str, environment: &str) -> Option<String> {
        let listed = self.list().unwrap_or_default();
        let last = |name: &'_ str| name.rsplit('/').next().map(str::to_owned).unwrap_or_default();
        let names: Vec<String> = listed.iter().map(|entry| last(&entry.name)).collect();
        let by_last = |wanted: &str| listed.iter().find(|entry| last(&entry.name) == wanted);
        closest(reference, listed.iter().map(|entry| entry.name.as_str()))
            .map(str::to_owned)
            .or_else(|| by_last(environment).map(|entry| entry.name.clone()))
            .or_else(|| {
                by_last(closest(environment, names.iter().map(String::as_str))?).map(|entry| entry.name.clone())
            })
    }
}

/// Returns the files that forms could be, with each ending.
fn files(forms: &[String]) -> Vec<String> {
    forms.iter().flat_map(|form| ENDINGS.map(|ending| format!("{form}.{ending}"))).collect()
}

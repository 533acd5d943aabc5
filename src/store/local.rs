//! The local store: definitions in the folders of a repository, as they are now or at a revision.

use std::{io, path::Path, sync::Arc};

use crate::diagnostic::Failure;

use super::{
    definition::{Definition, DefinitionKey, Import, ImportRule, ResolveError, Scope},
    file::{self, Budget},
    folders::{Layout, Wanted},
    git::{Git, GitError, real},
    reference::{DEFAULT_PROJECT, FileReference, Reference, ReferenceError, Target},
    search::{Hit, Search, State, Trail},
    surroundings::Surroundings,
};

/// Finds and reads local definitions; one for a run, which its limits and answers are for.
#[derive(Debug)]
pub struct LocalStore {
    pub(super) surroundings: Surroundings,
    pub(super) layout: Layout,
    pub(super) git: Git,
    budget: Budget,
}

impl LocalStore {
    /// Makes a store. Nothing is looked at yet.
    #[must_use]
    pub fn new(surroundings: Surroundings, layout: Layout) -> Self {
        Self { git: Git::new(surroundings.clone()), surroundings, layout, budget: Budget::default() }
    }

    /// Begins another run with the same answers from git: the limit on bytes is for each.
    pub fn begin(&self) {
        self.budget.renew();
    }

    /// Says what is missing of the folders: where nothing is found, this is why.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        self.layout.remarks(&self.surroundings)
    }

    /// Parses what a command was given, or what a file in another folder says; a path starts from `base`.
    ///
    /// # Errors
    /// When it is no reference: a usage error.
    pub fn target(&self, text: &str, base: &Path) -> Result<Target, ReferenceError> {
        let base = self.surroundings.cwd.join(base);
        let target = Target::parse(text, |path| base.join(path).is_file())?;
        Ok(match target {
            Target::File(FileReference { path, version }) if base != self.surroundings.cwd => {
                Target::File(FileReference { path: base.join(path), version })
            }
            other => other,
        })
    }

    /// Finds the definition of a reference.
    ///
    /// # Errors
    /// When no file stands for it, which is no reason not to ask Pulumi Cloud; or a file or a revision cannot be used.
    pub fn resolve(&self, target: &Target) -> Result<Definition, ResolveError> {
        let state = State::of(target.version(), State::WorkingTree);
        let definition = match target {
            Target::File(reference) => self.named_file(reference, state)?,
            Target::Environment(reference) => self.named_environment(reference, state)?,
        };
        refuse_number(target)?;
        Ok(definition)
    }

    fn named_environment(&self, reference: &Reference, state: State<'_>) -> Result<Definition, ResolveError> {
        let full = reference.clone().or_defaults(self.layout.organization.as_deref(), self.layout.project.as_deref());
        let wanted = Wanted {
            organization: full.organization.as_deref(),
            project: full.project.as_deref().unwrap_or(DEFAULT_PROJECT),
            environment: &full.environment,
        };
        let mut trail = Trail::default();
        let search = Search { wanted, state, own_project: None };
        let found = self.search(&search, &mut trail)?;
        found.ok_or_else(|| self.not_found(full.to_string(), &search, trail))
    }

    /// Finds the definition that another one imports by a name.
    ///
    /// An import without a version is looked for in the state that the importing definition is from.
    ///
    /// # Errors
    /// As for [`LocalStore::resolve`].
    pub fn import(&self, importer: &Definition, name: &str, rule: ImportRule) -> Result<Import, ResolveError> {
        let target = Target::parse(name, |_| false).map_err(ResolveError::ImportName)?;
        let Target::Environment(reference) = &target else { return Err(ResolveError::ImportPath(name.to_owned())) };
        let import = self.imported(importer, name, reference, rule)?;
        refuse_number(&target)?;
        Ok(import)
    }

    fn imported(
        &self,
        importer: &Definition,
        name: &str,
        reference: &Reference,
        rule: ImportRule,
    ) -> Result<Import, ResolveError> {
        let same = importer.commit.as_ref().map_or(State::WorkingTree, State::Commit);
        let state = State::of(reference.version.as_ref(), same);
        let search = |project| Search {
            wanted: Wanted {
                organization: reference.organization.as_deref().or(importer.organization.as_deref()),
                project,
                environment: &reference.environment,
            },
            state,
            own_project: (rule == ImportRule::DefaultProjectOnly).then_some(&*importer.project),
        };
        let is_default = &*importer.project == DEFAULT_PROJECT;
        let mut trail = Trail::default();
        if reference.project.is_none() && (is_default || rule == ImportRule::OwnProjectFirst) {
            let own = search(&importer.project);
            let found = match importer.scope {
                Scope::Project => self.search(&own, &mut trail)?,
                Scope::Folder => self.search_beside(importer, &own, &mut trail)?,
            };
            if let Some(definition) = found {
                return Ok(Import { definition, from_own_project: !is_default });
            }
        }
        let last = search(reference.project.as_deref().unwrap_or(DEFAULT_PROJECT));
        match self.search(&last, &mut trail)? {
            Some(definition) => Ok(Import { definition, from_own_project: false }),
            None => Err(self.not_found(name.to_owned(), &last, trail)),
        }
    }

    /// Reads a definition's bytes.
    ///
    /// # Errors
    /// When the file cannot be read, or the definitions of the run are too large together.
    pub fn read(&self, definition: &Definition) -> Result<Vec<u8>, Failure> {
        match (&definition.commit, &definition.blob) {
            (Some(commit), Some(blob)) => self.git.read_blob(&commit.root, blob, &self.budget, &definition.shown),
            _ => file::read(&definition.key.path, &self.budget, &definition.shown),
        }
    }

    /// Reads a file, given by its absolute path, as it is in a commit, given by its full id.
    ///
    /// # Errors
    /// When it is not there, or leads out of the repository.
    pub fn read_file(&self, commit: &str, path: &Path) -> Result<Vec<u8>, Failure> {
        let (folder, name) = parts(path)?;
        let (_, folder) = real(folder);
        let root = self.git.root(&folder).map_err(ResolveError::Git)?;
        let commit = self.git.known(&root, commit).map_err(ResolveError::Git)?;
        self.git.read_path(&commit, &folder.join(name), &self.budget)
    }

    /// Finds the definition that a path names.
    fn named_file(&self, reference: &FileReference, state: State<'_>) -> Result<Definition, ResolveError> {
        let path = self.surroundings.cwd.join(&reference.path);
        let shown = self.surroundings.shown(&path);
        let (folder, name) = parts(&path)?;
        let hit = match state {
            State::Revision(revision) => {
                let (_, folder) = real(folder);
                let commit = self.git.commit(&self.git.root(&folder)?, revision)?;
                let missing = || GitError::NotInCommit { path: shown.clone(), commit: revision.to_owned() };
                let inside = folder.strip_prefix(&commit.root).map_err(|_| missing())?;
                let found = self.git.first(&commit, &[inside.join(name)], Path::new(""))?;
                let (_, real, blob) = found.ok_or_else(missing)?;
                Hit { path: path.clone(), real: commit.root.join(real), commit: Some((commit, blob)) }
            }
            // The path was named by a person, so links may lead anywhere.
            _ => match file::look(&path, None, &shown)? {
                Some(real) => Hit { path: path.clone(), real, commit: None },
                None => return Err(file::unreadable(&shown, &io::ErrorKind::NotFound.into()).into()),
            },
        };
        let environment = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folders = self.layout.folders(&self.surroundings, false);
        let place = folders.iter().find_map(|folder| hit.real.strip_prefix(real(folder).1).ok().map(Path::to_owned));
        let (organization, project) = self.layout.owner(place.as_deref());
        let wanted = Wanted { organization: organization.as_deref(), project: &project, environment: &environment };
        Ok(self.definition(hit, wanted, Scope::Folder))
    }

    pub(super) fn definition(&self, hit: Hit, wanted: Wanted<'_>, scope: Scope) -> Definition {
        let Wanted { organization, project, environment } = wanted;
        let organization: Option<Arc<str>> = organization.map(Arc::from);
        let (commit, blob) = hit.commit.unzip();
        let file = self.surroundings.shown(&hit.path);
        Definition {
            key: DefinitionKey {
                path: hit.real,
                commit: commit.as_ref().map(|commit| commit.id.clone()),
                organization: organization.clone(),
                name: format!("{project}/{environment}").into(),
            },
            organization,
            project: project.into(),
            environment: environment.into(),
            shown: commit.as_ref().map_or(file.clone(), |commit| format!("{file}@{}", commit.revision)),
            path: hit.path,
            commit,
            scope,
            blob,
        }
    }
}

/// Refuses a revision number of Pulumi Cloud for a definition that was found here.
fn refuse_number(target: &Target) -> Result<(), ResolveError> {
    match target.version() {
        Some(version) if version.is_number() => {
            Err(ResolveError::CloudRevision { reference: target.to_string(), version: version.clone() })
        }
        _ => Ok(()),
    }
}

/// Splits a path into its folder and its name.
fn parts(path: &Path) -> Result<(&Path, &std::ffi::OsStr), Failure> {
    path.parent().zip(path.file_name()).ok_or_else(|| file::failure(format!("`{}` names no file", path.display())))
}

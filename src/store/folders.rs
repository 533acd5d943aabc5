//! Which files could stand for a name, in the order in which they are looked for.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use super::{reference::DEFAULT_PROJECT, surroundings::Surroundings};

/// Folders that hold definitions where none are configured, relative to the repository.
pub const DEFAULT_FOLDERS: [&str; 3] = ["infra/pulumi/esc", "esc", ".esc"];

/// The endings that a definition's file may have.
pub(super) const ENDINGS: [&str; 2] = ["yaml", "yml"];

/// What is configured of references and folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The organization of references that name none.
    pub organization: Option<String>,
    /// The project of references that name none.
    pub project: Option<String>,
    /// The folders with definitions; absent for the [`DEFAULT_FOLDERS`].
    pub folders: Option<Vec<PathBuf>>,
    /// The folder of the configuration: default folders are looked for up to it, also outside of a repository.
    pub root: Option<PathBuf>,
}

impl Layout {
    /// Returns the folders, absolute. Of the default ones, those of every level from the working directory up to the root of the
    /// repository or the configuration are taken, nearest first; `existing` leaves out what is not there now.
    pub(super) fn folders(&self, surroundings: &Surroundings, existing: bool) -> Vec<PathBuf> {
        if let Some(folders) = &self.folders {
            return folders.iter().map(|folder| surroundings.cwd.join(folder)).collect();
        }
        let mut seen = HashSet::new();
        let levels = surroundings.levels(self.root.as_deref());
        let folders = levels.iter().flat_map(|level| DEFAULT_FOLDERS.map(|folder| level.join(folder)));
        folders
            .filter(|folder| !existing || folder.is_dir())
            .filter(|folder| seen.insert(fs::canonicalize(folder).unwrap_or_else(|_| folder.clone())))
            .collect()
    }

    /// Says which folders are missing.
    pub(super) fn remarks(&self, surroundings: &Surroundings) -> Vec<String> {
        match &self.folders {
            Some(folders) => folders
                .iter()
                .filter(|folder| !surroundings.cwd.join(folder).is_dir())
                .map(|folder| format!("`environments` names `{}`, which is no folder", surroundings.shown(folder)))
                .collect(),
            None if self.folders(surroundings, true).is_empty() => {
                let root = surroundings
                    .levels(self.root.as_deref())
                    .last()
                    .map_or_else(String::new, |root| surroundings.shown(root));
                vec![
                    format!(
                        "there is no folder {} in `{root}`",
                        DEFAULT_FOLDERS.map(|folder| format!("`{folder}`")).join(", ")
                    ),
                    "name the folder with your definitions: `environments:` in esc-shell.yaml".to_owned(),
                ]
            }
            None => Vec::new(),
        }
    }

    /// Returns the files that could stand for an environment, relative to a folder and without their ending.
    ///
    /// A part may be left out where it is the configured one or none is configured. `own_project` is taken for the configured
    /// project where none is: files that leave it out belong to that one.
    pub(super) fn forms(&self, wanted: &Wanted<'_>, own_project: Option<&str>) -> Vec<String> {
        let Wanted { organization, project, environment } = wanted;
        let organization_fits = self.organization.as_deref().is_none_or(|own| Some(own) == *organization);
        let project_fits = self.project.as_deref().or(own_project).is_none_or(|own| own == *project);
        let mut forms = Vec::new();
        if let Some(organization) = organization {
            forms.push(format!("{organization}/{project}/{environment}"));
        }
        if organization_fits {
            forms.push(format!("{project}/{environment}"));
        }
        if organization_fits && project_fits {
            forms.push((*environment).to_owned());
        }
        forms
    }

    /// Tells the organization and the project that a file belongs to by where it is below a folder, else by what is configured.
    pub(super) fn owner(&self, relative: Option<&Path>) -> (Option<String>, String) {
        let folders: Vec<String> = relative
            .and_then(Path::parent)
            .map(|parent| parent.iter().map(|part| part.to_string_lossy().into_owned()).collect())
            .unwrap_or_default();
        let project = self.project.clone().unwrap_or_else(|| DEFAULT_PROJECT.to_owned());
        match &folders[..] {
            [project] => (self.organization.clone(), project.clone()),
            [organization, project] => (Some(organization.clone()), project.clone()),
            _ => (self.organization.clone(), project),
        }
    }
}

/// An environment with all its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) organization: Option<&'a str>,
    pub(super) project: &'a str,
    pub(super) environment: &'a str,
}

//! Which environments there are.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::diagnostic::Failure;

use super::{file::unreadable, folders::ENDINGS, local::LocalStore, reference::check_name};

/// Folders below one with definitions that are looked into: an organization, and a project in it.
const LEVELS: usize = 2;

/// A file that may lie among definitions and is none.
const CONFIGURATION: &str = "esc-shell.yaml";

/// An environment with a local definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What it can be opened by: `env`, `project/env` or `org/project/env`, after its place.
    pub name: String,
    /// Its file, absolute.
    pub path: PathBuf,
}

impl LocalStore {
    /// Lists the environments of the working tree, sorted by name. What is hidden, leads out of its folder or has a name with `@` or
    /// `:` (a version would begin there) is left out, and so is a file that another one of the same name hides.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>, Failure> {
        let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
        for folder in self.layout.folders(&self.surroundings, true) {
            let Ok(within) = fs::canonicalize(&folder) else { continue };
            let mut files = Vec::new();
            if within.is_dir() {
                self.walk(&within, &within, LEVELS, &mut files)?;
            }
            for file in files {
                let inside = file.strip_prefix(&within).unwrap_or(&file);
                if let Some(name) = inside.with_extension("").to_str() {
                    found.entry(name.to_owned()).or_insert_with(|| folder.join(inside));
                }
            }
        }
        Ok(found.into_iter().map(|(name, path)| Listed { name, path }).collect())
    }

    fn walk(&self, folder: &Path, within: &Path, levels: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let shown = |error: io::Error| unreadable(&self.surroundings.shown(folder), &error);
        let mut entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(shown)?;
        // In this order `.yaml` comes before `.yml`.
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = entry.path();
            let Ok(real) = fs::canonicalize(&path) else { continue };
            // A link to a folder above would list the same files again.
            let again = real != path && path.starts_with(&real);
            let is_name = !name.starts_with('.') && !name.contains(['@', ':']) && check_name(&name).is_ok();
            if !is_name || name == CONFIGURATION || !real.starts_with(within) || again {
                continue;
            }
            if real.is_dir() {
                if levels > 0 {
                    self.walk(&path, within, levels - 1, files)?;
                }
            } else if real.is_file() && ENDINGS.iter().any(|ending| path.extension().is_some_and(|own| own == *ending))
            {
                files.push(path);
            }
        }
        Ok(())
    }
}

//! The definitions of dev, staging and prod: which file each variable is read from, and what is left to be filled in.

use std::{
    collections::BTreeSet,
    path::{Component, Path},
};

use super::{
    found::{Dotenv, Role},
    plan::{Planner, shown},
};
use crate::diagnostic::list;

/// The definition of an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) about: String,
    /// The key and the name of a stack.
    pub(super) stack: Option<(String, String)>,
    /// The key and the path of each `.env` file.
    pub(super) dotenvs: Vec<(String, String)>,
    /// Each variable, and the key of the file that it is read from.
    pub(super) variables: Vec<(String, String)>,
    /// The address of the example.
    pub(super) api: Option<&'static str>,
    /// Variables that are to be filled in.
    pub(super) open: Vec<String>,
}

impl Planner<'_> {
    /// Returns the definitions of dev, staging and prod.
    pub(super) fn definitions(&self) -> Vec<Definition> {
        let names = self.all_names();
        let example = names.is_empty() && self.found.pulumi.is_none();
        [
            ("dev", Role::Dev, "http://localhost:${ports.api}"),
            ("staging", Role::Staging, "https://api-staging.${domain}"),
            ("prod", Role::Prod, "https://api.${domain}"),
        ]
        .map(|(name, role, api)| {
            let files = self.files(role);
            let keys = keys(files.iter().map(|file| file.path.as_path()));
            let provided = |name: &String| {
                let last = files.iter().zip(&keys).rev();
                last.into_iter()
                    .find(|(file, _)| file.variables.iter().any(|(known, _)| known == name))
                    .map(|(_, key)| key.clone())
            };
            let mut definition = Definition { name, api: example.then_some(api), ..Definition::default() };
            for name in &names {
                match provided(name) {
                    Some(key) => definition.variables.push((name.clone(), key)),
                    None => definition.open.push(name.clone()),
                }
            }
            let read =
                files.iter().zip(&keys).filter(|(_, key)| definition.variables.iter().any(|(_, used)| used == *key));
            definition.dotenvs = read.map(|(file, key)| (key.clone(), self.way_to(source(file)))).collect();
            definition.stack = self.stack(name);
            definition.about = about(&definition, &files);
            definition
        })
        .into()
    }

    /// Returns the files that an environment reads. Where dev has none, an example stands for the `.env` that is made from it.
    pub(super) fn files(&self, role: Role) -> Vec<&Dotenv> {
        let of = |role| self.found.dotenvs.iter().filter(move |file| file.role == role).collect::<Vec<_>>();
        let files = of(role);
        if files.is_empty() && role == Role::Dev { of(Role::Example).into_iter().take(1).collect() } else { files }
    }

    /// Returns all names that something mentions, sorted.
    pub(super) fn all_names(&self) -> BTreeSet<String> {
        let dotenvs = self.found.dotenvs.iter().flat_map(|file| file.variables.iter().map(|(name, _)| name.clone()));
        dotenvs.chain(self.required().iter().cloned()).collect()
    }

    pub(super) fn required(&self) -> &[String] {
        self.found.envrc.as_ref().map_or(&[], |(_, told)| &told.required)
    }

    fn stack(&self, environment: &str) -> Option<(String, String)> {
        let project = self.found.pulumi.as_ref()?;
        let has_it = project.stacks.iter().any(|stack| stack == environment);
        has_it.then(|| {
            (keys([Path::new(&project.name)].into_iter()).remove(0), format!("{}/{environment}", project.name))
        })
    }

    /// Returns the way from the folder of the definitions to a file.
    fn way_to(&self, file: &Path) -> String {
        if file.is_absolute() {
            return shown(file);
        }
        let up = self
            .folder()
            .components()
            .filter(|part| matches!(part, Component::Normal(_)))
            .map(|_| "../")
            .collect::<String>();
        format!("{up}{}", shown(file))
    }
}

/// Says in a few words what a definition adds to base.
fn about(definition: &Definition, files: &[&Dotenv]) -> String {
    let files: Vec<String> = files.iter().map(|file| format!("`{}`", shown(source(file)))).collect();
    match (definition.dotenvs.is_empty(), definition.name) {
        (false, _) => format!("what {} {}", list(&files), if files.len() == 1 { "holds" } else { "hold" }),
        (true, "dev") => "what holds on the machine of a developer".to_owned(),
        (true, _) => "what holds there".to_owned(),
    }
}

/// Returns the file that is read: of an example, the one that is made from it.
pub(super) fn source(file: &Dotenv) -> &Path {
    if file.role == Role::Example { Path::new(".env") } else { &file.path }
}

/// Returns a key for each path: its name as a word, told apart by a number where it comes again.
fn keys<'p>(paths: impl Iterator<Item = &'p Path>) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.strip_prefix(".env.").unwrap_or(&name);
        let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let word = word.trim_matches('_');
        let word =
            if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word.to_owned() } else { format!("env{word}") };
        let same = keys
            .iter()
            .filter(|key| key.trim_end_matches(|c: char| c.is_ascii_digit()) == word || **key == word)
            .count();
        keys.push(if same == 0 { word } else { format!("{word}{}", same + 1) });
    }
    keys
}

//! How a self-managed backend arranges its files, whether they are on a disk or in a bucket.
//!
//! ```text
//! .pulumi/meta.yaml                                    version: 1; missing or 0 in the older layout
//! .pulumi/stacks/PROJECT/STACK.json[.gz|.zst]          in the older layout without PROJECT
//! .pulumi/locks/organization/PROJECT/STACK/ID.json     in the older layout without organization/PROJECT
//! ```

use std::path::Path;

use serde::Deserialize;
use thiserror::Error;

use super::super::name::StackName;

/// Where the backend says how it is arranged.
pub(super) const META: &str = ".pulumi/meta.yaml";
/// The folder of all states.
pub(super) const STACKS: &str = ".pulumi/stacks";
const LOCKS: &str = ".pulumi/locks";
/// What a state may be named, behind the name of the stack.
const ENDINGS: [&str; 3] = [".json", ".json.gz", ".json.zst"];

/// The arrangements that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Stacks lie in folders of their projects.
    Projects,
    /// Stacks have no projects.
    Legacy,
}

/// Why the arrangement can't be told.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum MetaError {
    /// The file is no YAML, or has no version.
    #[error("its `.pulumi/meta.yaml` is damaged")]
    Damaged,
    /// It is arranged in a way that came later.
    #[error("its `.pulumi/meta.yaml` says version {0}, and esc-shell knows versions 0 and 1")]
    Later(u64),
}

/// A file of a backend: the last part of its name, and when it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<T> {
    /// Its name in its folder.
    pub(super) name: String,
    /// When it was changed; later is greater.
    pub(super) modified: T,
}

impl Layout {
    /// Tells the arrangement from the content of [`META`] and the names right below [`STACKS`].
    ///
    /// # Errors
    /// When the file is damaged, or says something that came later.
    pub(super) fn of<'n>(meta: Option<&[u8]>, names: impl IntoIterator<Item = &'n str>) -> Result<Self, MetaError> {
        #[derive(Deserialize)]
        struct Meta {
            version: u64,
        }
        let Some(meta) = meta else {
            return Ok(if names.into_iter().any(|name| stack(name).is_some()) { Self::Legacy } else { Self::Projects });
        };
        let meta: Meta = serde_yaml::from_slice(meta).map_err(|_| MetaError::Damaged)?;
        match meta.version {
            0 => Ok(Self::Legacy),
            1 => Ok(Self::Projects),
            later => Err(MetaError::Later(later)),
        }
    }

    /// Returns the folder that holds the state of a stack.
    pub(super) fn folder(self, stack: &StackName) -> String {
        match self {
            Self::Projects => format!("{STACKS}/{}", stack.project),
            Self::Legacy => STACKS.to_owned(),
        }
    }

    /// Returns the folder whose files say that the stack is being updated.
    pub(super) fn locks(self, stack: &StackName) -> String {
        match self {
            Self::Projects => format!("{LOCKS}/organization/{}/{}", stack.project, stack.stack),
            Self::Legacy => format!("{LOCKS}/{}", stack.stack),
        }
    }
}

/// Chooses the state of a stack among the files of its folder: the one that was changed last; of those, the last.
pub(super) fn newest<'e, T: PartialOrd>(entries: &'e [Entry<T>], stack: &str) -> Option<&'e Entry<T>> {
    let mut found: Option<&Entry<T>> = None;
    for entry in entries {
        let ending = entry.name.strip_prefix(stack);
        let newer = found.is_none_or(|found| entry.modified >= found.modified);
        if ending.is_some_and(|ending| ENDINGS.contains(&ending)) && newer {
            found = Some(entry);
        }
    }
    found
}

/// Tells whether a file says that its stack is being updated.
pub(super) fn is_lock(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending == "json")
}

/// Returns the name of the stack that a file is the state of.
pub(super) fn stack(file: &str) -> Option<&str> {
    ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content of `meta.yaml`, the names beside it, and what they mean.
    type Case = (Option<&'static str>, &'static [&'static str], Result<Layout, MetaError>);
    type Chosen = Option<&'static str>;

    #[test]
    fn the_arrangement_is_told_by_meta_yaml_or_by_what_lies_there() {
        let cases: [Case; 13] = [
            (Some("version: 1\n"), &["dev.json"], Ok(Layout::Projects)),
            (Some("version: 0\n"), &[], Ok(Layout::Legacy)),
            (Some("{\"version\": 1, \"more\": true}"), &[], Ok(Layout::Projects)),
            (Some("version: 2\n"), &[], Err(MetaError::Later(2))),
            (Some(""), &[], Err(MetaError::Damaged)),
            (Some("versions: 1\n"), &[], Err(MetaError::Damaged)),
            (Some("version: one\n"), &[], Err(MetaError::Damaged)),
            (Some("version: [\n"), &["dev.json"], Err(MetaError::Damaged)),
            (None, &[], Ok(Layout::Projects)),
            (None, &["infra"], Ok(Layout::Projects)),
            (None, &["dev.json.attrs", "dev.json.bak", ".json"], Ok(Layout::Projects)),
            (None, &["infra", "dev.json"], Ok(Layout::Legacy)),
            (None, &["dev.json.zst"], Ok(Layout::Legacy)),
        ];
        for (meta, names, want) in cases {
            let found = Layout::of(meta.map(str::as_bytes), names.iter().copied());
            assert_eq!(found, want, "{meta:?} {names:?}");
        }
    }

    #[test]
    fn the_newest_state_is_chosen() {
        let cases: [(&[(&str, i32)], Chosen); 8] = [
            (&[], None),
            (&[("dev.json", 1)], Some("dev.json")),
            (&[("dev.json", 1), ("dev.json.gz", 2)], Some("dev.json.gz")),
            (&[("dev.json", 3), ("dev.json.gz", 2), ("dev.json.zst", 1)], Some("dev.json")),
            (&[("dev.json", 2), ("dev.json.gz", 2)], Some("dev.json.gz")),
            (
                &[
                    ("dev.json.attrs", 9),
                    ("dev.json.bak", 9),
                    ("dev.json.gz.bak", 9),
                    ("dev.json.1795476251217683162", 9),
                ],
                None,
            ),
            (&[("development.json", 9), ("dev-2.json", 9), ("dev.json.gz", 1)], Some("dev.json.gz")),
            (&[("dev.JSON", 9), ("dev.json.zstd", 9), ("dev", 9)], None),
        ];
        for (files, want) in cases {
            let entry = |(name, modified): &(&str, i32)| Entry { name: (*name).to_owned(), modified: *modified };
            let entries: Vec<_> = files.iter().map(entry).collect();
            assert_eq!(newest(&entries, "dev").map(|entry| entry.name.as_str()), want, "{files:?}");
        }
    }

    #[test]
    fn both_arrangements_have_their_places() {
        let name = StackName::parse("org/infra/dev").unwrap();
        let places = |layout: Layout| (layout.folder(&name), layout.locks(&name));
        let projects = (".pulumi/stacks/infra".to_owned(), ".pulumi/locks/organization/infra/dev".to_owned());
        assert_eq!(places(Layout::Projects), projects);
        assert_eq!(places(Layout::Legacy), (".pulumi/stacks".to_owned(), ".pulumi/locks/dev".to_owned()));
    }
}

//! State in a folder of this machine. Everything here blocks: it runs on a thread of its own.

use std::{fs, io, path::Path, time::SystemTime};

use super::{
    Found, NotFound,
    layout::{Entry, Layout, META, STACKS, is_lock, newest, stack},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{
        pulumi::{name::StackName, state},
        read::{MAX_BYTES, read_now},
    },
};

/// Reads the state of a stack from the folder of a backend.
///
/// # Errors
/// When there is no backend, no such stack, or something can't be read.
pub(in super::super) fn read(root: &Path, name: &StackName) -> Result<Found, NotFound> {
    let layout = layout(root)?;
    let folder = root.join(layout.folder(name));
    let entries = entries(&folder)?;
    let Some(entry) = newest(&entries, &name.stack) else {
        return Err(NotFound::Stack(known(root, layout)?));
    };
    let file = folder.join(&entry.name);
    let bytes = read_now(&file, &format!("`{}`", file.display()), state::MAX_BYTES)?;
    let locked = names(&root.join(layout.locks(name)))?.iter().any(|name| is_lock(name));
    Ok(Found { bytes, legacy: layout == Layout::Legacy, locked })
}

fn layout(root: &Path) -> Result<Layout, NotFound> {
    let meta = root.join(META);
    let shown = format!("`{}`", meta.display());
    let meta = match fs::metadata(&meta) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        _ => Some(read_now(&meta, &shown, MAX_BYTES)?),
    };
    let stacks = root.join(STACKS);
    if meta.is_none() && !stacks.is_dir() {
        return Err(NotFound::Backend);
    }
    let names = names(&stacks)?;
    let damaged = |error: super::layout::MetaError| {
        Failure::new(FailureKind::Provider, format!("the backend `{}` can't be read: {error}", root.display()))
    };
    Ok(Layout::of(meta.as_deref(), names.iter().map(String::as_str)).map_err(damaged)?)
}

/// Returns the names of all stacks.
fn known(root: &Path, layout: Layout) -> Result<Vec<String>, Failure> {
    let stacks = root.join(STACKS);
    let mut all = Vec::new();
    for name in names(&stacks)? {
        match layout {
            Layout::Legacy => all.extend(stack(&name).map(str::to_owned)),
            Layout::Projects if stacks.join(&name).is_dir() => {
                let files = names(&stacks.join(&name))?;
                all.extend(files.iter().filter_map(|file| stack(file)).map(|stack| format!("{name}/{stack}")));
            }
            Layout::Projects => {}
        }
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// Returns the names in a folder, sorted; none when it is not there. Names that are no text name no stack.
fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names: Vec<String> = entries(folder)?.into_iter().map(|entry| entry.name).collect();
    names.sort();
    Ok(names)
}

/// Returns the files and folders in a folder, by their names.
fn entries(folder: &Path) -> Result<Vec<Entry<SystemTime>>, Failure> {
    let unreadable = |error: io::Error| {
        Failure::new(FailureKind::File, format!("`{}` cannot be read: {}", folder.display(), error.kind()))
    };
    let found = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found.map_err(unreadable)?,
    };
    let mut entries = Vec::new();
    for entry in found {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // What was removed while it was listed, and links that lead nowhere, were never there.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        entries.push(Entry { name, modified });
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        time::{Duration, UNIX_EPOCH},
    };

    use tempfile::TempDir;

    use super::*;

    /// A backend with files that hold their own names.
    fn backend(files: &[&str]) -> TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            put(&root, file, file);
        }
        root
    }

    fn put(root: &TempDir, file: &str, content: &str) {
        let path = root.path().join(".pulumi").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn touch(root: &TempDir, file: &str, seconds: u64) {
        let file = File::options().append(true).open(root.path().join(".pulumi").join(file)).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    }

    /// What is found: the content, and whether it is legacy and locked.
    fn found(root: &TempDir, name: &str) -> Result<(String, bool, bool), NotFound> {
        let found = read(root.path(), &StackName::parse(name).unwrap())?;
        Ok((String::from_utf8(found.bytes).unwrap(), found.legacy, found.locked))
    }

    #[test]
    fn states_are_found_in_both_layouts() {
        let new = backend(&["stacks/infra/dev.json", "stacks/infra/dev.json.attrs", "stacks/app/dev.json.gz"]);
        assert_eq!(found(&new, "infra/dev"), Ok(("stacks/infra/dev.json".into(), false, false)));
        assert_eq!(found(&new, "org/app/dev"), Ok(("stacks/app/dev.json.gz".into(), false, false)));
        let legacy = backend(&["stacks/dev.json", "stacks/dev.json.bak"]);
        assert_eq!(found(&legacy, "infra/dev"), Ok(("stacks/dev.json".into(), true, false)));
        put(&legacy, "meta.yaml", "version: 1\n");
        assert_eq!(found(&legacy, "infra/dev"), Err(NotFound::Stack(vec![])));
    }

    #[test]
    fn the_newest_file_counts() {
        let root = backend(&[
            "stacks/infra/dev.json",
            "stacks/infra/dev.json.gz",
            "stacks/infra/dev.json.1795476251217683162",
        ]);
        touch(&root, "stacks/infra/dev.json", 2_000);
        touch(&root, "stacks/infra/dev.json.gz", 1_000);
        assert_eq!(found(&root, "infra/dev").unwrap().0, "stacks/infra/dev.json");
        touch(&root, "stacks/infra/dev.json.gz", 3_000);
        assert_eq!(found(&root, "infra/dev").unwrap().0, "stacks/infra/dev.json.gz");
    }

    #[test]
    fn a_lock_tells_of_an_update() {
        let root = backend(&["stacks/infra/dev.json", "locks/organization/infra/prod/1.json"]);
        assert!(!found(&root, "infra/dev").unwrap().2);
        put(&root, "locks/organization/infra/dev/1.json.attrs", "");
        assert!(!found(&root, "infra/dev").unwrap().2);
        put(&root, "locks/organization/infra/dev/1.json", "{}");
        assert!(found(&root, "infra/dev").unwrap().2);
        let legacy = backend(&["stacks/dev.json", "locks/dev/1.json"]);
        assert!(found(&legacy, "infra/dev").unwrap().2);
    }

    #[test]
    fn what_is_missing_is_told_with_what_there_is() {
        assert_eq!(found(&backend(&[]), "infra/dev"), Err(NotFound::Backend));
        let root =
            backend(&["stacks/infra/dev.json", "stacks/infra/dev.json.gz", "stacks/app/prod.json", "stacks/x.txt"]);
        let known = vec!["app/prod".to_owned(), "infra/dev".to_owned()];
        assert_eq!(found(&root, "infra/staging"), Err(NotFound::Stack(known)));
        let legacy = backend(&["stacks/dev.json"]);
        assert_eq!(found(&legacy, "infra/staging"), Err(NotFound::Stack(vec!["dev".to_owned()])));
        let empty = backend(&["meta.yaml"]);
        put(&empty, "meta.yaml", "version: 1");
        assert_eq!(found(&empty, "infra/dev"), Err(NotFound::Stack(vec![])));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let root = backend(&["stacks/infra/dev.json/x"]);
        let path = root.path().join(".pulumi/stacks/infra/dev.json");
        let folder = Failure::new(FailureKind::File, format!("`{}` is a folder", path.display()));
        assert_eq!(found(&root, "infra/dev"), Err(NotFound::Failed(folder)));
        for (meta, why) in [
            ("version: 7", "its `.pulumi/meta.yaml` says version 7, and esc-shell knows versions 0 and 1"),
            ("nothing: 1", "its `.pulumi/meta.yaml` is damaged"),
        ] {
            put(&root, "meta.yaml", meta);
            let message = format!("the backend `{}` can't be read: {why}", root.path().display());
            let failure = Failure::new(FailureKind::Provider, message);
            assert_eq!(found(&root, "infra/dev"), Err(NotFound::Failed(failure)));
        }
    }
}

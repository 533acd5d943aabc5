//! The `files` of environments: each in a file of its variable's name, with mode 0600, in a folder that is the user's only.
//!
//! What is exported has one folder for what it is of, at the same place every time: it is written aside, and replaced at once.
//! A process has a folder of its own, which is gone with it; what a killed one leaves is removed by the next.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::TempDir;

use super::private::{PrivateFolder, failure, private};
use crate::{
    diagnostic::Failure,
    environment::{FilePaths, Variable},
};

/// Folders of exports, one for each thing that is exported.
const EXPORTS: &str = "export";
/// Folders of processes.
const PROCESSES: &str = "run";
/// How long an export's folder is kept after the last export.
const KEPT: Duration = Duration::from_hours(30 * 24);
/// How old a folder without an owner must be: until then its owner may be about to lock it, or to put it into place.
const GRACE: Duration = Duration::from_mins(1);

/// Files that lie ready beside their place.
#[derive(Debug)]
pub struct Staged {
    stage: TempDir,
    target: PathBuf,
    paths: FilePaths,
}

impl Staged {
    /// Writes files aside, for an export of the given name: ASCII letters, digits, `.`, `-`, `_`. Values that are not known, and
    /// names that no variable can have, are left out.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn prepare(root: &PrivateFolder, name: &str, files: &[Variable]) -> Result<Self, Failure> {
        let folder = below(root, EXPORTS)?;
        sweep(&folder, KEPT, |_| true);
        let (stage, target) = (new_folder(&folder)?, folder.join(name));
        let paths = write(stage.path(), &target, files)?;
        Ok(Self { stage, target, paths })
    }

    /// Returns where the files will be.
    #[must_use]
    pub fn paths(&self) -> &FilePaths {
        &self.paths
    }

    /// Puts the files into their place; those of an earlier export are removed.
    ///
    /// # Errors
    /// When that can't be done; the earlier files are still there then.
    pub fn commit(self) -> Result<(), Failure> {
        let stage = self.stage.path();
        let put = match fs::rename(stage, &self.target) {
            // There is an earlier export. Both are exchanged, and the earlier one is removed as what lies aside.
            Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) => {
                renameat_with(CWD, stage, CWD, &self.target, RenameFlags::EXCHANGE).map_err(io::Error::from)
            }
            other => other,
        };
        put.map_err(|error| unwritable(&self.target, &error))
    }
}

/// The files of one process. They are removed when this is dropped.
#[derive(Debug)]
pub struct ProcessFiles {
    folder: TempDir,
    paths: FilePaths,
    /// Says to others that the owner lives: the system takes the lock off when it ends, however that happens.
    _lock: File,
}

impl ProcessFiles {
    /// Writes files for this process, and removes what processes left that are no more.
    ///
    /// # Errors
    /// When they can't be written.
    pub fn write(root: &PrivateFolder, files: &[Variable]) -> Result<Self, Failure> {
        let processes = below(root, PROCESSES)?;
        sweep(&processes, GRACE, |folder| File::open(folder).is_ok_and(|lock| lock.try_lock().is_ok()));
        let folder = new_folder(&processes)?;
        let lock = File::open(folder.path()).and_then(|lock| lock.lock().map(|()| lock));
        let lock = lock.map_err(|error| unwritable(folder.path(), &error))?;
        let paths = write(folder.path(), folder.path(), files)?;
        Ok(Self { folder, paths, _lock: lock })
    }

    /// Returns where the files are.
    #[must_use]
    pub fn paths(&self) -> &FilePaths {
        &self.paths
    }

    /// Removes the files now.
    ///
    /// # Errors
    /// When they can't be removed.
    pub fn remove(self) -> Result<(), Failure> {
        let path = self.folder.path().to_owned();
        self.folder.close().map_err(|error| failure(&format!("`{}` can't be removed: {error}", path.display())))
    }
}

/// Writes files into a folder; returns where they are when that folder is at its place.
fn write(folder: &Path, place: &Path, files: &[Variable]) -> Result<FilePaths, Failure> {
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut paths = FilePaths::new();
    for file in files.iter().filter(|file| plain(&file.name) && !file.unknown) {
        let target = place.join(&*file.name);
        let path = folder.join(&*file.name);
        let new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        new.and_then(|mut new| new.write_all(file.text.as_bytes())).map_err(|error| unwritable(&target, &error))?;
        let Some(shown) = target.to_str() else {
            return Err(failure(&format!("`{}` is no path for a variable: it is not UTF-8", target.display())));
        };
        paths.insert(file.name.clone(), shown.to_owned());
    }
    Ok(paths)
}

/// Makes a folder below the private one.
fn below(root: &PrivateFolder, name: &str) -> Result<PathBuf, Failure> {
    let folder = root.path().join(name);
    private().recursive(true).create(&folder).map_err(|error| unwritable(&folder, &error))?;
    Ok(folder)
}

/// Makes a folder with a name that nobody has.
fn new_folder(below: &Path) -> Result<TempDir, Failure> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".new-").permissions(Permissions::from_mode(0o700));
    builder.tempdir_in(below).map_err(|error| unwritable(below, &error))
}

/// Removes folders that are older than `age`, and what was left aside, when `dead` agrees. What can't be removed stays.
fn sweep(folder: &Path, age: Duration, dead: impl Fn(&Path) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let now = SystemTime::now();
    for entry in entries.flatten() {
        let aside = entry.file_name().as_encoded_bytes().starts_with(OsStr::new(".new-").as_encoded_bytes());
        let limit = if aside { GRACE } else { age };
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let old = modified.is_ok_and(|modified| now.duration_since(modified).is_ok_and(|past| past > limit));
        if old && dead(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    failure(&format!("`{}` can't be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;
    use crate::{delivery::private::Places, value::Graph};

    fn scene() -> (TempDir, PrivateFolder) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = folder.path().join("run");
        private().create(&runtime).unwrap();
        let places = Places { runtime: Some(runtime), shared_memory: "/nowhere".into(), cache: None };
        let root = PrivateFolder::find(&places).unwrap();
        (folder, root)
    }

    fn files(list: &[(&str, &str)]) -> Vec<Variable> {
        let origin = Graph::new().null();
        let file = |(name, text): &(&str, &str)| Variable {
            name: (*name).into(),
            text: (*text).into(),
            secret: true,
            unknown: false,
            origin: Some(origin),
        };
        list.iter().map(file).collect()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn age(folder: &Path, age: Duration) {
        File::open(folder).unwrap().set_modified(SystemTime::now() - age).unwrap();
    }

    #[test]
    fn an_export_is_replaced_at_once_at_the_same_place() {
        let (_folder, root) = scene();
        let export = |list: &[(&str, &str)]| {
            let staged = Staged::prepare(&root, "dev-1", &files(list)).unwrap();
            let paths = staged.paths().clone();
            (staged, paths)
        };
        let (staged, paths) = export(&[("A", "one"), ("B", "b"), ("../x", "out")]);
        let exports = root.path().join("export");
        assert_eq!(paths["A"], exports.join("dev-1/A").display().to_string());
        assert!(!Path::new(&paths["A"]).exists(), "nothing is there before it is put there");
        staged.commit().unwrap();
        assert_eq!(names(&exports), ["dev-1"]);
        assert_eq!(names(&exports.join("dev-1")), ["A", "B"]);
        assert_eq!(fs::read(&paths["A"]).unwrap(), b"one");
        assert_eq!(fs::metadata(&paths["A"]).unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(exports.join("dev-1")).unwrap().mode() & 0o777, 0o700);
        let (dropped, _) = export(&[("A", "never")]);
        drop(dropped);
        assert_eq!(fs::read(&paths["A"]).unwrap(), b"one");
        export(&[("A", "two"), ("C", "c")]).0.commit().unwrap();
        assert_eq!(names(&exports), ["dev-1"]);
        assert_eq!(names(&exports.join("dev-1")), ["A", "C"]);
        assert_eq!(fs::read(&paths["A"]).unwrap(), b"two");
    }

    #[test]
    fn old_exports_are_swept() {
        let (_folder, root) = scene();
        let exports = root.path().join("export");
        for name in ["old", "young"] {
            Staged::prepare(&root, name, &files(&[("A", "a")])).unwrap().commit().unwrap();
        }
        private().create(exports.join(".new-left")).unwrap();
        private().create(exports.join(".new-now")).unwrap();
        age(&exports.join("old"), KEPT + GRACE);
        age(&exports.join("young"), KEPT.checked_sub(GRACE).unwrap());
        age(&exports.join(".new-left"), GRACE * 2);
        Staged::prepare(&root, "new", &files(&[("A", "a")])).unwrap().commit().unwrap();
        assert_eq!(names(&exports), [".new-now", "new", "young"]);
    }

    #[test]
    fn the_files_of_a_process_go_with_it() {
        let (_folder, root) = scene();
        let processes = root.path().join("run");
        let alive = ProcessFiles::write(&root, &files(&[("A", "a")])).unwrap();
        age(alive.folder.path(), GRACE * 2);
        let left = processes.join(".new-left");
        private().create(&left).unwrap();
        File::create_new(left.join("A")).unwrap();
        age(&left, GRACE * 2);
        let other = ProcessFiles::write(&root, &files(&[("B", "b")])).unwrap();
        assert!(!left.exists(), "its process is no more");
        assert_eq!(fs::read(&alive.paths()["A"]).unwrap(), b"a");
        assert_eq!(names(&processes).len(), 2);
        drop(alive);
        other.remove().unwrap();
        assert_eq!(names(&processes), Vec::<String>::new());
    }
}

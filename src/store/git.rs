//! Definitions as they were: files of a commit, read through the `git` found on the search path.
//!
//! Invariant: git is asked for objects only. It runs no hook, asks nobody, fetches nothing, and is given revisions and paths in
//! places where they cannot be options.

mod error;
mod tree;

use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use super::{
    similar::closest,
    surroundings::{Surroundings, normalize},
};

pub use error::GitError;

/// Variables that would turn git to another repository than that of the folder.
const FOREIGN: [&str; 11] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
];

/// A commit of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its full id, in hexadecimal.
    pub id: Arc<str>,
    /// The revision as it was written.
    pub revision: Arc<str>,
    /// The root of the repository's working tree, with all links followed.
    pub root: Arc<Path>,
}

/// What a path is in a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file.
    File(Blob),
    /// A symbolic link; its target is the content.
    Link(Blob),
    /// A folder or a submodule.
    Other,
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Blob {
    pub(super) id: String,
    /// Its length in bytes.
    pub(super) size: u64,
}

/// The `git` of a run, with what it answered.
#[derive(Debug)]
pub(super) struct Git {
    surroundings: Surroundings,
    program: OnceLock<Option<PathBuf>>,
    roots: Answers<PathBuf, Arc<Path>>,
    commits: Answers<(Arc<Path>, String), Commit>,
}

/// What git answered, failures too: nothing is asked twice.
type Answers<K, V> = Mutex<HashMap<K, Result<V, GitError>>>;

impl Git {
    pub(super) fn new(surroundings: Surroundings) -> Self {
        Self { surroundings, program: OnceLock::new(), roots: Mutex::default(), commits: Mutex::default() }
    }

    /// Returns the root of the repository that a folder belongs to, with all links followed. The folder may be gone meanwhile.
    pub(super) fn root(&self, folder: &Path) -> Result<Arc<Path>, GitError> {
        let (existing, _) = real(folder);
        if let Some(known) = lock(&self.roots).get(&existing) {
            return known.clone();
        }
        let root = self.find_root(&existing);
        lock(&self.roots).insert(existing, root.clone());
        root
    }

    fn find_root(&self, folder: &Path) -> Result<Arc<Path>, GitError> {
        let nowhere = || GitError::NotARepository(self.surroundings.shown(folder));
        let output = self.run(folder, ["rev-parse", "--show-cdup"])?;
        if !output.status.success() {
            return Err(self.trouble(folder, &output).unwrap_or_else(nowhere));
        }
        // The way up is made of `../` only, whatever bytes the path itself has.
        let up = String::from_utf8_lossy(&output.stdout);
        fs::canonicalize(folder.join(up.trim_end_matches('\n'))).map(Arc::from).map_err(|_| nowhere())
    }

    /// Resolves a revision to its commit, once a run.
    pub(super) fn commit(&self, root: &Arc<Path>, revision: &str) -> Result<Commit, GitError> {
        let key = (root.clone(), revision.to_owned());
        if let Some(known) = lock(&self.commits).get(&key) {
            return known.clone();
        }
        let commit = self.find_commit(root, revision);
        lock(&self.commits).insert(key, commit.clone());
        commit
    }

    fn find_commit(&self, root: &Arc<Path>, revision: &str) -> Result<Commit, GitError> {
        let wanted = format!("{revision}^{{commit}}");
        let output = self.run(root, ["rev-parse", "--verify", "--end-of-options", &wanted])?;
        let id = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        if !output.status.success() || !is_id(&id) {
            return Err(self.trouble(root, &output).unwrap_or_else(|| self.unknown(root, revision)));
        }
        Ok(Commit { id: id.into(), revision: revision.into(), root: root.clone() })
    }

    /// Takes the id of a commit that was resolved before.
    pub(super) fn known(&self, root: &Arc<Path>, id: &str) -> Result<Commit, GitError> {
        if !is_id(id) {
            return Err(self.unknown(root, id));
        }
        Ok(Commit { id: id.into(), revision: id.into(), root: root.clone() })
    }

    /// Returns what some paths, relative to the root, are in a commit; those that are not there are left out.
    pub(super) fn entries(&self, commit: &Commit, paths: &[PathBuf]) -> Result<HashMap<PathBuf, Entry>, GitError> {
        let mut arguments: Vec<OsString> =
            ["ls-tree", "-z", "-l", "--full-tree", &*commit.id, "--"].map(OsString::from).to_vec();
        arguments.extend(paths.iter().map(|path| path.clone().into_os_string()));
        let output = self.run(&commit.root, arguments)?;
        if !output.status.success() {
            return Err(self.trouble(&commit.root, &output).unwrap_or_else(|| failed(&output)));
        }
        let mut entries = HashMap::new();
        for line in output.stdout.split(|byte| *byte == 0) {
            let Some(tab) = line.iter().position(|byte| *byte == b'\t') else { continue };
            let (facts, name) = (String::from_utf8_lossy(&line[..tab]), &line[tab + 1..]);
            // Git writes `/` on every system, and so do the paths that are asked for.
            let path = paths.iter().find(|path| path.as_os_str().as_encoded_bytes() == name);
            if let (Some(path), Some(entry)) = (path, entry(&facts)) {
                entries.insert(path.clone(), entry);
            }
        }
        Ok(entries)
    }

    /// Reads a file's content.
    pub(super) fn read(&self, root: &Path, blob: &Blob) -> Result<Vec<u8>, GitError> {
        let output = self.run(root, ["cat-file", "blob", &blob.id])?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(self.trouble(root, &output).unwrap_or_else(|| failed(&output)))
    }

    #[expect(clippy::disallowed_methods, reason = "this is where git is started, without what could lead it astray")]
    fn run<A: AsRef<OsStr>>(&self, folder: &Path, arguments: impl IntoIterator<Item = A>) -> Result<Output, GitError> {
        let program = self.program.get_or_init(|| find(&self.surroundings)).as_ref().ok_or(GitError::NotInstalled)?;
        let mut command = Command::new(program);
        command.args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"]);
        command.args(["-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "-C"]).arg(folder).args(arguments);
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
        // What git says is compared below, so it speaks English.
        command.env("LC_ALL", "C").env_remove("LANGUAGE");
        if let Some(home) = &self.surroundings.home {
            command.env("HOME", home);
        }
        if let Some(path) = &self.surroundings.path {
            command.env("PATH", path);
        }
        command.stdin(Stdio::null()).output().map_err(|error| GitError::Failed(error.kind().to_string()))
    }

    /// Knows what keeps git from any answer.
    fn trouble(&self, folder: &Path, output: &Output) -> Option<GitError> {
        let said = String::from_utf8_lossy(&output.stderr);
        let shown = || self.surroundings.shown(folder);
        if said.contains("dubious ownership") {
            let advice = said.lines().map(str::trim).find(|line| line.starts_with("git config"));
            let advice = advice.unwrap_or("git config --global --add safe.directory FOLDER");
            return Some(GitError::Untrusted { folder: shown(), advice: printable(advice) });
        }
        if said.contains("not a git repository") || said.contains("must be run in a work tree") {
            return Some(GitError::NotARepository(shown()));
        }
        if said.contains("promisor remote") {
            return Some(GitError::Partial(shown()));
        }
        None
    }

    fn unknown(&self, root: &Path, revision: &str) -> GitError {
        let text = |arguments: &[&str]| {
            let output = self.run(root, arguments).ok();
            output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
        };
        let names = text(&["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"]);
        GitError::UnknownRevision {
            revision: printable(revision),
            folder: self.surroundings.shown(root),
            shallow: text(&["rev-parse", "--is-shallow-repository"]).trim() == "true",
            similar: closest(revision, names.lines()).map(str::to_owned),
        }
    }
}

/// Finds `git` in the folders of the search path. Relative ones are passed over: they would name a program of the repository.
fn find(surroundings: &Surroundings) -> Option<PathBuf> {
    which::which_in_global("git", surroundings.path.as_ref()).ok()?.find(|program| program.is_absolute())
}

/// Follows the links of the part of a path that exists; returns that part, and the whole path.
pub(super) fn real(path: &Path) -> (PathBuf, PathBuf) {
    for existing in path.ancestors() {
        if let Ok(real) = fs::canonicalize(existing)
            && real.is_dir()
        {
            let rest = path.strip_prefix(existing).unwrap_or(Path::new(""));
            let whole = normalize(&real.join(rest));
            return (real, whole);
        }
    }
    (PathBuf::from("/"), path.to_owned())
}

/// Reads `MODE TYPE ID SIZE` of a listed entry.
fn entry(facts: &str) -> Option<Entry> {
    let mut facts = facts.split_ascii_whitespace();
    let (mode, kind, id, size) = (facts.next()?, facts.next()?, facts.next()?, facts.next()?);
    if kind != "blob" {
        return Some(Entry::Other);
    }
    let blob = Blob { id: id.to_owned(), size: size.parse().ok()? };
    Some(if mode == "120000" { Entry::Link(blob) } else { Entry::File(blob) })
}

fn is_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Takes the last line that git said.
fn failed(output: &Output) -> GitError {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("no reason given");
    GitError::Failed(printable(line.trim_start_matches("fatal: ")))
}

/// Makes foreign text fit to be shown: no control characters, 300 characters.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What the maps hold is whole after each insertion, so a panic elsewhere spoils nothing.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

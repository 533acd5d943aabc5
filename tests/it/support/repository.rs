//! A folder with definitions, and a git repository around it where one is wanted.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use assert_fs::{TempDir, prelude::*};
use esc_shell::store::{Layout, LocalStore, Surroundings};

/// A folder that is gone when the test is over.
pub struct Repository {
    folder: TempDir,
}

impl Repository {
    /// Makes a folder with files, each holding its own name as a comment.
    pub fn with(files: &[&str]) -> Self {
        let repository = Self { folder: TempDir::new().unwrap() };
        for file in files {
            repository.write(file, &format!("# {file}\n"));
        }
        repository
    }

    /// Makes a folder with files, committed to a git repository; `None` when there is no git outside of CI.
    pub fn committed(files: &[&str]) -> Option<Self> {
        if which::which("git").is_err() {
            assert!(std::env::var_os("CI").is_none(), "git is missing");
            eprintln!("skipped: no git");
            return None;
        }
        let repository = Self::with(files);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository.commit();
        Some(repository)
    }

    /// Returns the folder, with all links followed.
    pub fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Writes a file.
    pub fn write(&self, file: &str, content: &str) {
        self.folder.child(file).write_str(content).unwrap();
    }

    /// Removes a file.
    pub fn remove(&self, file: &str) {
        std::fs::remove_file(self.folder.path().join(file)).unwrap();
    }

    /// Commits everything there is.
    pub fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
    }

    /// Runs git, with settings of its own, and returns what it prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("GIT_DIR")
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// Makes a store with nothing configured, in the folder itself.
    pub fn store(&self) -> LocalStore {
        self.store_in("", Layout::default())
    }

    /// Makes a store below the folder.
    pub fn store_in(&self, cwd: &str, layout: Layout) -> LocalStore {
        LocalStore::new(self.surroundings(cwd), layout)
    }

    /// Returns what a store below the folder would be told.
    pub fn surroundings(&self, cwd: &str) -> Surroundings {
        let cwd = if cwd.is_empty() { self.path() } else { self.path().join(cwd) };
        Surroundings { cwd, home: Some(self.path()), path: std::env::var_os("PATH") }
    }

    /// Returns a path relative to the folder.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(self.path()).unwrap_or(path).display().to_string()
    }
}

//! A project of a user, and the program run in it: its environment is cleared, and its home and its temporary folder are its own.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A folder with definitions, beside a home; gone when the test is over.
pub struct Project {
    folder: TempDir,
}

/// What a program printed, and how it ended.
#[derive(Debug)]
pub struct Printed {
    /// The status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Project {
    /// Makes a project with definitions: each is a file of `esc`, by the name of the environment.
    pub fn with(definitions: &[(&str, &str)]) -> Self {
        let project = Self { folder: TempDir::new().unwrap() };
        for folder in ["repo/esc", "home", "tmp", "run"] {
            fs::create_dir_all(project.folder.path().join(folder)).unwrap();
        }
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(project.folder.path().join("run"), private).unwrap();
        for (name, text) in definitions {
            project.write(&format!("esc/{name}.yaml"), text);
        }
        project
    }

    /// Returns the folder of the project, with all links followed.
    pub fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("repo")
    }

    /// Returns a folder beside the project: `home`, `tmp` or `run` (the runtime folder).
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// Writes a file of the project.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a program for the POSIX shell beside the project, and returns its path.
    pub fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.beside("home").join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Prepares the program with arguments.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = self.program(Path::new(env!("CARGO_BIN_EXE_esc-shell")));
        command.args(arguments);
        command
    }

    /// Prepares any program to run in the project; `esc-shell` is on its PATH.
    pub fn program(&self, program: &Path) -> Command {
        let own = Path::new(env!("CARGO_BIN_EXE_esc-shell")).parent().unwrap().to_owned();
        let system = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&system))).unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.beside("home"))
            .env("TMPDIR", self.beside("tmp"))
            .env("XDG_RUNTIME_DIR", self.beside("run"))
            .stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Printed {
        printed(&mut self.command(arguments))
    }

    /// Runs the program, which must succeed without a word; returns what it prints.
    pub fn prints(&self, arguments: &[&str]) -> String {
        let Printed { code, out, err } = self.run(arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
        out
    }
}

/// Runs a command to its end.
pub fn printed(command: &mut Command) -> Printed {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Printed { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

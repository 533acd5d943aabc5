//! Finds a program as shells do, and puts together what it is started with.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use super::StartError;

/// A program that was found, and what it is given.
pub struct Program {
    path: PathBuf,
    name: OsString,
    arguments: Vec<OsString>,
    directory: PathBuf,
    variables: Vec<(OsString, OsString)>,
}

impl Program {
    /// Finds a program: a name with a slash is a path from `directory`, where the child begins; any other is looked for in the
    /// folders of `path`, the `PATH` that the child will have. `variables` are set beside those that it inherits.
    ///
    /// # Errors
    /// When there is no such program, or it is not executable.
    pub fn find(
        name: OsString,
        arguments: Vec<OsString>,
        directory: PathBuf,
        path: Option<&OsStr>,
        variables: Vec<(OsString, OsString)>,
    ) -> Result<Self, StartError> {
        let found = if name.as_bytes().contains(&b'/') {
            executable(&name, directory.join(&name))?
        } else {
            on_path(&name, path, &directory)?
        };
        Ok(Self { path: found, name, arguments, directory, variables })
    }

    /// Returns how the program was called, for messages.
    pub(super) fn name(&self) -> String {
        self.name.to_string_lossy().into_owned()
    }

    /// Returns the command, with everything inherited.
    #[expect(clippy::disallowed_methods, reason = "this is where the child is made")]
    pub(super) fn command(&self) -> Command {
        use std::os::unix::process::CommandExt as _;
        let mut command = Command::new(&self.path);
        // Programs that have several names go by the one that was typed.
        command.arg0(&self.name).args(&self.arguments);
        command.current_dir(&self.directory);
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn executable(name: &OsStr, path: PathBuf) -> Result<PathBuf, StartError> {
    let name = name.to_string_lossy().into_owned();
    Err(match path.metadata() {
        Ok(metadata) if metadata.is_dir() => StartError::Folder { name },
        Ok(_) if rustix::fs::access(&path, rustix::fs::Access::EXEC_OK).is_ok() => return Ok(path),
        Ok(_) => StartError::NotExecutable { name },
        Err(_) => StartError::NotThere { name },
    })
}

fn on_path(name: &OsStr, path: Option<&OsStr>, directory: &Path) -> Result<PathBuf, StartError> {
    if let Ok(found) = which::which_in(name, path, directory) {
        return Ok(found);
    }
    // One that is there and not executable is told as such, as shells do.
    let folders = path.unwrap_or_default().as_bytes().split(|byte| *byte == b':');
    let there = folders.map(|folder| directory.join(OsStr::from_bytes(folder)).join(name)).find(|path| path.is_file());
    Err(match there.filter(|_| !name.is_empty()) {
        Some(path) => StartError::NotExecutable { name: path.display().to_string() },
        None => StartError::NotOnPath { name: name.to_string_lossy().into_owned() },
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    #[test]
    fn programs_are_found_as_shells_find_them() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (name, mode) in [("bin/good", 0o755), ("bin/plain", 0o644), ("here", 0o755)] {
            fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            fs::write(at(name), "#!/bin/sh\n").unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        let bin = at("bin");
        let found = |name: &str, path: Option<&OsStr>| {
            Program::find(name.into(), Vec::new(), folder.path().to_owned(), path, Vec::new())
                .map(|program| program.path)
                .map_err(|error| {
                    (error.is_there(), error.to_string().replace(&folder.path().display().to_string(), ""))
                })
        };
        let path = Some(bin.as_os_str());
        assert_eq!(found("good", path).unwrap(), at("bin/good"));
        assert_eq!(found("bin/good", None).unwrap(), at("bin/good"));
        assert_eq!(found("./here", path).unwrap(), at("./here"));
        assert_eq!(found("good", Some("bin".as_ref())).unwrap(), at("bin/good"));
        let error = |name: &str, path| found(name, path).unwrap_err();
        assert_eq!(error("here", path), (false, "there is no program `here` on PATH".to_owned()));
        assert_eq!(error("good", None), (false, "there is no program `good` on PATH".to_owned()));
        assert_eq!(error("", path), (false, "there is no program `` on PATH".to_owned()));
        assert_eq!(error("plain", path), (true, "`/bin/plain` is not executable".to_owned()));
        assert_eq!(error("./nope", path), (false, "there is no program `./nope`".to_owned()));
        assert_eq!(error("bin/", path), (true, "`bin/` is a folder".to_owned()));
    }
}

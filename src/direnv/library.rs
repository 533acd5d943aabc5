//! The library for direnv: its text, where direnv looks for it, and what is there.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

/// The text of the library.
pub const TEXT: &str = include_str!("../../lib-direnv/esc-shell.sh");

/// The version of the library, and of what it asks of the program.
pub const VERSION: u32 = 1;

/// What the environment says about direnv's folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct Places<'e> {
    /// `DIRENV_CONFIG`.
    pub direnv: Option<&'e OsStr>,
    /// `XDG_CONFIG_HOME`.
    pub config: Option<&'e OsStr>,
    /// `HOME`.
    pub home: Option<&'e OsStr>,
}

impl Places<'_> {
    /// Returns where direnv looks for the library; nothing when there is no home.
    #[must_use]
    pub fn library(&self) -> Option<PathBuf> {
        let config = || self.config.map(PathBuf::from).or_else(|| Some(Path::new(self.home?).join(".config")));
        let folder = self.direnv.map(PathBuf::from).or_else(|| Some(config()?.join("direnv")))?;
        Some(folder.join("lib/esc-shell.sh"))
    }
}

/// What is there where the library belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    /// Nothing.
    Nothing,
    /// This library.
    Current,
    /// Another text; its version, where it says one.
    Other(Option<u32>),
}

/// Tells what is there.
///
/// # Errors
/// When it can't be read.
pub fn installed(path: &Path) -> io::Result<Installed> {
    match fs::read(path) {
        Ok(bytes) if bytes == TEXT.as_bytes() => Ok(Installed::Current),
        Ok(bytes) => Ok(Installed::Other(version(&String::from_utf8_lossy(&bytes)))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Installed::Nothing),
        Err(error) => Err(error),
    }
}

fn version(text: &str) -> Option<u32> {
    text.lines().find_map(|line| line.strip_prefix("# Library version: ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_where_direnv_looks() {
        let places = |direnv: Option<&'static str>, config: Option<&'static str>, home: Option<&'static str>| {
            let [direnv, config, home] = [direnv, config, home].map(|place| place.map(OsStr::new));
            Places { direnv, config, home }.library()
        };
        let (direnv, config, home) = (Some("/d"), Some("/x"), Some("/h"));
        assert_eq!(places(direnv, config, home), Some("/d/lib/esc-shell.sh".into()));
        assert_eq!(places(None, config, home), Some("/x/direnv/lib/esc-shell.sh".into()));
        assert_eq!(places(None, None, home), Some("/h/.config/direnv/lib/esc-shell.sh".into()));
        assert_eq!(places(None, None, None), None);
    }

    #[test]
    fn the_text_says_its_version() {
        assert_eq!(version(TEXT), Some(VERSION));
        assert!(TEXT.contains(&format!(" --library {VERSION} ")));
    }

    #[test]
    fn what_is_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("esc-shell.sh");
        assert_eq!(installed(&path).unwrap(), Installed::Nothing);
        for (text, expected) in [
            (TEXT, Installed::Current),
            ("use_esc() { :; }\n", Installed::Other(None)),
            ("# Library version: 7\n", Installed::Other(Some(7))),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(installed(&path).unwrap(), expected);
        }
        assert!(installed(folder.path()).is_err());
    }
}

//! What the store knows of the process it runs in; handed in, never asked for.

use std::{
    ffi::OsString,
    path::{Component, Path, PathBuf},
};

/// The working directory and what was read from the environment.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The working directory, absolute.
    pub cwd: PathBuf,
    /// The home folder, for programs that read their settings there.
    pub home: Option<PathBuf>,
    /// The search path for programs.
    pub path: Option<OsString>,
}

impl Surroundings {
    /// Returns the folders from the working directory up to the root of its repository (the folder with `.git`) or to that of the
    /// configuration, whichever is higher, nearest first; only the working directory where there is neither. A configuration from
    /// elsewhere adds its folder at the end.
    pub(crate) fn levels<'s>(&'s self, configured: Option<&'s Path>) -> Vec<&'s Path> {
        let levels: Vec<&Path> = self.cwd.ancestors().collect();
        let repository = levels.iter().position(|folder| folder.join(".git").exists());
        let above = levels.iter().position(|folder| Some(*folder) == configured);
        let elsewhere = configured.filter(|_| above.is_none());
        levels[..=repository.max(above).unwrap_or(0)].iter().copied().chain(elsewhere).collect()
    }

    /// Writes a path for people: relative to the working directory where both are below one folder, else absolute; control
    /// characters are replaced.
    #[must_use]
    pub fn shown(&self, path: &Path) -> String {
        let shown = self.nearest(path).display().to_string();
        shown.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
    }

    fn nearest(&self, path: &Path) -> PathBuf {
        let path = normalize(&self.cwd.join(path));
        let cwd = normalize(&self.cwd);
        let common = path.components().zip(cwd.components()).take_while(|(one, other)| one == other).count();
        // Nothing but the root in common: the way there says less than the path.
        if common <= 1 && path != cwd {
            return path;
        }
        let up = cwd.components().skip(common).map(|_| Component::ParentDir);
        let relative: PathBuf = up.chain(path.components().skip(common)).collect();
        if relative.as_os_str().is_empty() { PathBuf::from(".") } else { relative }
    }
}

/// Takes `.` and `..` out of a path without looking at the file system; a `..` at the root is dropped.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_relative_where_that_is_shorter() {
        let surroundings = Surroundings { cwd: "/home/u/repo/sub".into(), ..Surroundings::default() };
        for (path, shown) in [
            ("/home/u/repo/sub/esc/dev.yaml", "esc/dev.yaml"),
            ("/home/u/repo/esc/dev.yaml", "../esc/dev.yaml"),
            ("/home/u/repo/sub", "."),
            ("/home/u/repo", ".."),
            ("/etc/dev.yaml", "/etc/dev.yaml"),
            ("./x.yaml", "x.yaml"),
            ("../x/../y.yaml", "../y.yaml"),
            ("a\x1b[31m.yaml", "a\u{fffd}[31m.yaml"),
        ] {
            assert_eq!(surroundings.shown(Path::new(path)), shown, "{path}");
        }
    }
}

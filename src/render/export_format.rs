//! The names of the formats of `export`.

use crate::shell::Shell;

/// A format of `export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// Assignments for a shell.
    Shell(Shell),
    /// For an `.envrc`: bash, and before the assignments a call of direnv's `watch_file` with every file that was read.
    Direnv,
    /// For later steps of a GitHub Actions job: appended to `$GITHUB_ENV`, and commands that mask secrets in the log.
    Github,
    /// A dotenv report of GitLab CI.
    Gitlab,
    /// An `--env-file` of docker or podman.
    Docker,
    /// Lines that both direnv's `dotenv` and node's dotenv read.
    Dotenv,
    /// An `EnvironmentFile=` of systemd.
    Systemd,
    /// A Secret manifest of Kubernetes, with the contents of files.
    K8s,
    /// A JSON object of strings.
    Json,
}

impl ExportFormat {
    /// The formats that no shell evaluates.
    const DATA: [Self; 8] =
        [Self::Direnv, Self::Github, Self::Gitlab, Self::Docker, Self::Dotenv, Self::Systemd, Self::K8s, Self::Json];

    /// Returns every format, in the order in which help shows them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        Shell::ALL.map(Self::Shell).into_iter().chain(Self::DATA).collect()
    }

    /// Returns the name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shell(shell) => shell.name(),
            Self::Direnv => "direnv",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Docker => "docker",
            Self::Dotenv => "dotenv",
            Self::Systemd => "systemd",
            Self::K8s => "k8s",
            Self::Json => "json",
        }
    }

    /// Returns other names for it.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Shell(shell) => shell.aliases(),
            _ => &[],
        }
    }

    /// Returns the format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|format| format.name() == name || format.aliases().contains(&name))
    }

    /// Tells whether the files of environments go into the text, so that none is written.
    #[must_use]
    pub fn holds_files(self) -> bool {
        self == Self::K8s
    }

    /// Returns who keeps a variable for itself, so that it can't be set in this format.
    pub(super) fn keeper(self, name: &str) -> Option<&'static str> {
        let shell = |shell: Shell| shell.read_only().contains(&name).then(|| shell.name());
        match self {
            Self::Shell(reader) => shell(reader),
            Self::Direnv => shell(Shell::Bash),
            Self::Github => {
                let kept = name.starts_with("GITHUB_") || name.starts_with("RUNNER_") || name == "NODE_OPTIONS";
                kept.then_some("GitHub Actions")
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for format in ExportFormat::all() {
            assert_eq!(ExportFormat::named(format.name()), Some(format));
        }
        assert_eq!(ExportFormat::named("posix"), Some(ExportFormat::Shell(Shell::Bash)));
        assert_eq!(ExportFormat::named("JSON"), None);
    }
}

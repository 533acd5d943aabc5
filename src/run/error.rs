//! Why a program does not start, told apart as shells do.

use std::io;

use thiserror::Error;

/// Why a program does not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// No folder of `PATH` has it.
    #[error("there is no program `{name}` on PATH")]
    NotOnPath {
        /// Its name.
        name: String,
    },
    /// Nothing is at its path.
    #[error("there is no program `{name}`")]
    NotThere {
        /// Its path, as it was typed.
        name: String,
    },
    /// It is a folder.
    #[error("`{name}` is a folder")]
    Folder {
        /// Its path, as it was typed.
        name: String,
    },
    /// It may not be executed.
    #[error("`{name}` is not executable")]
    NotExecutable {
        /// Its path, as it was typed.
        name: String,
    },
    /// The program that its first line names is not there.
    #[error("`{name}` can't be started: what interprets it is not there")]
    NoInterpreter {
        /// Its path, as it was typed.
        name: String,
    },
    /// The system takes no more arguments and variables.
    #[error("`{name}` can't be started: its arguments and variables are too large")]
    TooLarge {
        /// Its path, as it was typed.
        name: String,
    },
    /// Anything else.
    #[error("`{name}` can't be started: {error}")]
    Failed {
        /// Its path, as it was typed.
        name: String,
        /// What the system says.
        error: io::Error,
    },
}

impl StartError {
    /// Makes an error of what the system says about a program that is there.
    pub(super) fn of(name: String, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NoInterpreter { name },
            io::ErrorKind::PermissionDenied => Self::NotExecutable { name },
            io::ErrorKind::ArgumentListTooLong => Self::TooLarge { name },
            _ => Self::Failed { name, error },
        }
    }

    /// Tells whether there is such a program at all.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !matches!(self, Self::NotOnPath { .. } | Self::NotThere { .. })
    }

    /// Returns what can be done about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotOnPath { name } if name.contains(char::is_whitespace) => {
                Some("write program and arguments as words of their own, or `sh -c '…'` for a shell's line".to_owned())
            }
            Self::NotExecutable { name } => Some(format!("`chmod +x {name}` makes it executable")),
            Self::TooLarge { .. } => Some("deliver large values as `files` of the environment".to_owned()),
            _ => None,
        }
    }
}

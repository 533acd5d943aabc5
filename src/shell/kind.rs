//! The shells, by name: how each quotes, and which variables it lets nobody set.

use super::quote::posix;

/// A shell that takes variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shell {
    /// bash, and with it every POSIX shell: dash, ksh, ash.
    Bash,
}

impl Shell {
    /// Every shell, in the order in which help shows them.
    pub const ALL: [Self; 1] = [Self::Bash];

    /// Returns the name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
        }
    }

    /// Returns the shell that a program is, by the name of its file; `-bash` is what a login shell calls itself.
    #[must_use]
    pub fn of_program(name: &str) -> Option<Self> {
        match name.trim_start_matches('-') {
            "bash" | "sh" | "dash" | "ash" | "ksh" | "mksh" => Some(Self::Bash),
            _ => None,
        }
    }

    /// Makes one word of a text, which the shell reads back unchanged; always in quotes.
    ///
    /// A NUL byte cannot be quoted: the caller refuses it.
    #[must_use]
    pub fn quote(self, text: &str) -> String {
        match self {
            Self::Bash => posix::quote(text),
        }
    }

    /// Returns the variables that the shell itself keeps: setting one is an error, which may end what is being evaluated.
    #[must_use]
    pub fn read_only(self) -> &'static [&'static str] {
        match self {
            Self::Bash => &["BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"],
        }
    }
}

//! The shells, by name: how each quotes, and which variables it lets nobody set.

use super::{kept, quote};

/// A shell that takes variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shell {
    /// bash, and with it every POSIX shell: dash, ksh, ash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// Nushell.
    Nu,
    /// PowerShell.
    Pwsh,
    /// Elvish.
    Elvish,
    /// xonsh.
    Xonsh,
    /// tcsh, from 6.20 on.
    Tcsh,
    /// murex.
    Murex,
}

impl Shell {
    /// Every shell, in the order in which help shows them.
    pub const ALL: [Self; 9] =
        [Self::Bash, Self::Zsh, Self::Fish, Self::Nu, Self::Pwsh, Self::Elvish, Self::Xonsh, Self::Tcsh, Self::Murex];

    /// Returns the name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Nu => "nu",
            Self::Pwsh => "pwsh",
            Self::Elvish => "elvish",
            Self::Xonsh => "xonsh",
            Self::Tcsh => "tcsh",
            Self::Murex => "murex",
        }
    }

    /// Returns other names for it.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Bash => &["posix", "sh", "dash", "ash", "ksh", "mksh"],
            Self::Nu => &["nushell"],
            Self::Pwsh => &["powershell"],
            Self::Tcsh => &["csh"],
            _ => &[],
        }
    }

    /// Returns the shell of a name; `-bash` is what a login shell calls itself.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.strip_prefix('-').unwrap_or(name);
        Self::ALL.into_iter().find(|shell| shell.name() == name || shell.aliases().contains(&name))
    }

    /// Makes one word of a text, which the shell reads back unchanged; always in quotes.
    ///
    /// A NUL byte cannot be quoted: the caller refuses it.
    #[must_use]
    pub fn quote(self, text: &str) -> String {
        match self {
            Self::Bash | Self::Zsh => quote::posix(text),
            Self::Fish => quote::fish(text),
            Self::Nu => quote::json(text),
            Self::Pwsh => quote::pwsh(text),
            Self::Elvish => quote::elvish(text),
            Self::Xonsh => quote::python(text),
            Self::Tcsh => quote::tcsh(text),
            Self::Murex => quote::murex(text),
        }
    }

    /// Returns the variables that the shell keeps for itself: setting one is an error there, or what programs get is another value.
    #[must_use]
    pub fn read_only(self) -> &'static [&'static str] {
        match self {
            Self::Bash => kept::BASH,
            Self::Zsh => kept::ZSH,
            Self::Fish => kept::FISH,
            Self::Nu => kept::NU,
            Self::Pwsh | Self::Elvish | Self::Xonsh | Self::Tcsh | Self::Murex => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for shell in Shell::ALL {
            assert_eq!(Shell::named(shell.name()), Some(shell));
            assert!(shell.aliases().iter().all(|alias| Shell::named(alias) == Some(shell)));
        }
        assert_eq!(Shell::named("-zsh"), Some(Shell::Zsh));
        assert_eq!(Shell::named("login"), None);
    }
}

//! The names of the formats.

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON, indented by two spaces.
    Json,
    /// YAML, block style.
    Yaml,
    /// The text form of the value.
    String,
    /// JSON with the flags and the definition of every value.
    Detailed,
    /// Lines that both direnv's `dotenv` and node's dotenv read.
    Dotenv,
    /// Assignments for bash and every POSIX shell.
    Shell,
    /// The reference's `shell`, byte for byte: the shell expands `$` and backticks in it.
    ShellCompat,
    /// The reference's `dotenv`, byte for byte.
    DotenvCompat,
}

impl Format {
    /// Every format, in the order in which help shows them.
    pub const ALL: [Self; 8] = [
        Self::Json,
        Self::Yaml,
        Self::String,
        Self::Detailed,
        Self::Dotenv,
        Self::Shell,
        Self::ShellCompat,
        Self::DotenvCompat,
    ];

    /// Returns the name that `--format` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::String => "string",
            Self::Detailed => "detailed",
            Self::Dotenv => "dotenv",
            Self::Shell => "shell",
            Self::ShellCompat => "shell-compat",
            Self::DotenvCompat => "dotenv-compat",
        }
    }

    /// Returns the format of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Tells whether the format holds `environmentVariables` and `files` only, so that it takes no property path.
    #[must_use]
    pub fn holds_variables_only(self) -> bool {
        match self {
            Self::Json | Self::Yaml | Self::String | Self::Detailed => false,
            Self::Dotenv | Self::Shell | Self::ShellCompat | Self::DotenvCompat => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
        }
        assert_eq!(Format::named("JSON"), None);
    }
}

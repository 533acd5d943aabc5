//! An access token, which nothing prints.

use std::{fmt, path::PathBuf};

/// An access token of Pulumi Cloud; `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps a token, without the blanks around it; nothing when that leaves nothing.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// Returns the text, for the header of a request.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where a token is from, so that whoever is refused knows which one to replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenOrigin {
    /// `PULUMI_ACCESS_TOKEN`.
    Variable,
    /// Pulumi's credentials file.
    File(PathBuf),
    /// The exchange of a GitHub token.
    Exchange,
}

impl fmt::Display for TokenOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable => f.write_str("PULUMI_ACCESS_TOKEN"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Exchange => f.write_str("the exchange of a GitHub token"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_shown() {
        let token = Token::new(" pul-123\n").unwrap();
        assert_eq!(token.reveal(), "pul-123");
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(Token::new(" \n"), None);
    }
}

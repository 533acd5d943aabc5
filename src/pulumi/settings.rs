//! What the process says about Pulumi Cloud; handed in, never asked for.

use std::{path::PathBuf, time::Duration};

use super::Token;

/// What decides which Pulumi Cloud is meant, and with which token.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `PULUMI_ACCESS_TOKEN`.
    pub access_token: Option<Token>,
    /// `PULUMI_BACKEND_URL`.
    pub backend_url: Option<String>,
    /// `PULUMI_API`.
    pub api: Option<String>,
    /// `PULUMI_DEFAULT_ORGANIZATION`.
    pub default_organization: Option<String>,
    /// `PULUMI_CREDENTIALS_PATH`: the folder of Pulumi's files.
    pub credentials_path: Option<PathBuf>,
    /// `PULUMI_HOME`: the same, when that is not set.
    pub pulumi_home: Option<PathBuf>,
    /// The home folder; `.pulumi` in it is the last place for Pulumi's files.
    pub home: Option<PathBuf>,
    /// The address that `esc-shell.yaml` names.
    pub configured_url: Option<String>,
    /// The organization that `esc-shell.yaml` names.
    pub configured_organization: Option<String>,
    /// The token exchange that `esc-shell.yaml` asks for.
    pub oidc: Option<Oidc>,
}

impl Settings {
    /// Returns the folder of `credentials.json` and `config.json`.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        let home = || self.home.as_ref().map(|home| home.join(".pulumi"));
        self.credentials_path.clone().or_else(|| self.pulumi_home.clone()).or_else(home)
    }
}

/// The exchange of a GitHub token for one of Pulumi Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oidc {
    /// Organization that the token is for; the configured one where it is left out.
    pub organization: Option<String>,
    /// Whose token it is.
    pub scope: Scope,
    /// Its life.
    pub expiration: Duration,
}

/// Whose token an exchange gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The organization's.
    Organization,
    /// A team's.
    Team(String),
    /// A user's.
    User(String),
}

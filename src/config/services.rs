//! How the services behind providers are reached, as it is declared.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};

use super::mapping;
use crate::duration;

/// How AWS is reached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Aws {
    /// File with the web identity token for `aws-login.oidc`.
    pub token_file: Option<PathBuf>,
    /// Audience of the web identity token.
    pub audience: String,
    /// Region of STS.
    pub region: Option<String>,
    /// Whether the instance metadata service is asked for credentials.
    pub imds: bool,
    /// Whether session names get a suffix of their own.
    pub session_suffix: bool,
}

impl Default for Aws {
    fn default() -> Self {
        Self {
            token_file: None,
            audience: "sts.amazonaws.com".to_owned(),
            region: None,
            imds: false,
            session_suffix: true,
        }
    }
}

/// Where the outputs of stacks are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Pulumi {
    /// Backend that holds the state of stacks.
    pub backend: Option<String>,
    /// Stacks with settings of their own, by `project/stack`.
    #[serde(deserialize_with = "mapping")]
    pub stacks: BTreeMap<String, Stack>,
}

/// A stack with settings of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Stack {
    /// Backend that holds its state.
    pub backend: Option<String>,
    /// Variable that holds its passphrase.
    pub passphrase_env: Option<String>,
    /// File that holds its passphrase.
    pub passphrase_file: Option<PathBuf>,
}

/// Web identity for Vault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Vault {
    /// File with the web identity token for `vault-login.jwt`.
    pub token_file: Option<PathBuf>,
    /// Audience of the web identity token.
    pub audience: Option<String>,
}

/// Pulumi Cloud.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Cloud {
    /// Address of Pulumi Cloud.
    pub url: Option<String>,
    /// Exchange of a GitHub token; absent when none is wanted.
    pub oidc: Option<CloudOidc>,
}

/// Exchange of a GitHub token for one of Pulumi Cloud.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CloudOidc {
    /// Organization that the token is for.
    pub organization: Option<String>,
    /// Team that the token is for; never with a user.
    pub team: Option<String>,
    /// User that the token is for; never with a team.
    pub user: Option<String>,
    /// Life of the token.
    #[serde(deserialize_with = "go_duration")]
    pub expiration: Duration,
}

impl Default for CloudOidc {
    fn default() -> Self {
        Self { organization: None, team: None, user: None, expiration: Duration::from_hours(2) }
    }
}

fn go_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    duration::parse(&text).map_err(D::Error::custom)
}

//! What `esc-shell.yaml` says of the services behind providers: plain data, with absolute paths.

use std::{collections::BTreeMap, path::PathBuf};

/// How the services behind providers are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The folder of `esc-shell.yaml`; absent when there is none.
    pub folder: Option<PathBuf>,
    /// How AWS is reached.
    pub aws: AwsSettings,
    /// Where the outputs of stacks are read.
    pub pulumi: PulumiSettings,
    /// Web identity for Vault.
    pub vault: VaultSettings,
}

/// How AWS is reached: `aws`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsSettings {
    /// File with the web identity token for `aws-login.oidc`, absolute.
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

impl Default for AwsSettings {
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

/// Where the outputs of stacks are read: `pulumi`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PulumiSettings {
    /// Backend that holds the state of stacks.
    pub backend: Option<String>,
    /// Stacks with settings of their own, by `project/stack`.
    pub stacks: BTreeMap<String, StackSettings>,
}

/// A stack with settings of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackSettings {
    /// Backend that holds its state.
    pub backend: Option<String>,
    /// Variable that holds its passphrase.
    pub passphrase_env: Option<String>,
    /// File that holds its passphrase, absolute.
    pub passphrase_file: Option<PathBuf>,
}

/// Web identity for Vault: `vault`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VaultSettings {
    /// File with the web identity token for `vault-login.jwt`, absolute.
    pub token_file: Option<PathBuf>,
    /// Audience of the web identity token.
    pub audience: Option<String>,
}

//! The schemas of all providers and rotators, as tables: a name, and the function that builds its schemas when they are
//! asked for.

mod aws;
mod azure;
mod build;
#[cfg(test)]
mod checks;
mod common;
mod gcp;
mod local;
mod pulumi;
mod rotators;
mod state;
#[cfg(test)]
mod tests;
mod vault;
mod vendors;

use super::{RotatorSignature, Signature};
use crate::dialect::Dialect;

/// Where a provider exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// In the reference and here.
    Everywhere,
    /// Only here.
    Local,
}

/// One provider.
pub(super) struct Known {
    /// What follows `fn::open::`.
    pub(super) name: &'static str,
    /// Where it exists.
    pub(super) scope: Scope,
    /// Builds its schemas.
    pub(super) signature: fn(Dialect) -> Signature,
}

/// One rotator.
pub(super) struct KnownRotator {
    /// What follows `fn::rotate::`.
    pub(super) name: &'static str,
    /// Builds its schemas.
    pub(super) signature: fn() -> RotatorSignature,
}

/// All providers, by name.
pub(super) static PROVIDERS: [Known; 24] = [
    known("1password-secrets", vendors::onepassword_secrets),
    known("aws-login", aws::login),
    known("aws-parameter-store", aws::parameter_store),
    known("aws-secrets", aws::secrets),
    known("azure-login", azure::login),
    known("azure-secrets", azure::secrets),
    known("debug-oidc-claims", pulumi::debug_oidc_claims),
    known("doppler-login", vendors::doppler_login),
    known("doppler-secrets", vendors::doppler_secrets),
    known("external", pulumi::external),
    known("gcp-login", gcp::login),
    known("gcp-secrets", gcp::secrets),
    known("gh-login", vendors::github_login),
    known("infisical-login", vendors::infisical_login),
    known("infisical-secrets", vendors::infisical_secrets),
    only_here("local-command", local::command),
    only_here("local-env", local::env),
    only_here("local-file", local::file),
    known("oidc", pulumi::oidc),
    known("pulumi-stacks", state::pulumi_stacks),
    known("snowflake-login", vendors::snowflake_login),
    known("terraform-state", state::terraform),
    known("vault-login", vault::login),
    known("vault-secrets", vault::secrets),
];

/// All rotators, by name.
pub(super) static ROTATORS: [KnownRotator; 8] = [
    KnownRotator { name: "aws-iam", signature: rotators::aws_iam },
    KnownRotator { name: "azure-app-secret", signature: rotators::azure_app_secret },
    KnownRotator { name: "external", signature: rotators::external },
    KnownRotator { name: "mysql", signature: rotators::database },
    KnownRotator { name: "passphrase", signature: rotators::passphrase },
    KnownRotator { name: "password", signature: rotators::password },
    KnownRotator { name: "postgres", signature: rotators::database },
    KnownRotator { name: "snowflake-user", signature: rotators::snowflake_user },
];

const fn known(name: &'static str, signature: fn(Dialect) -> Signature) -> Known {
    Known { name, scope: Scope::Everywhere, signature }
}

const fn only_here(name: &'static str, signature: fn(Dialect) -> Signature) -> Known {
    Known { name, scope: Scope::Local, signature }
}

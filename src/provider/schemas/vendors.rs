//! Single services: 1Password, Doppler, Infisical, GitHub, Snowflake.

use super::{
    build::{entries, list, number, object, one_of, optional, required, text},
    common::{subject_attributes, texts},
};
use crate::{dialect::Dialect, provider::Signature, value::schema::Schema};

/// Returns the schemas of `1password-secrets`.
pub(super) fn onepassword_secrets(_: Dialect) -> Signature {
    let secret = object([required("ref", text().matching("op://.+"))]);
    Signature {
        inputs: object([
            required("login", object([required("serviceAccountToken", text())])),
            required("get", entries(secret)),
        ])
        .into(),
        outputs: texts(),
    }
}

/// Returns the schemas of `doppler-login`.
pub(super) fn doppler_login(_: Dialect) -> Signature {
    let uuid = text().matching("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$");
    let oidc = object([required("identityId", uuid), optional("subjectAttributes", subject_attributes())]);
    Signature {
        inputs: object([required("oidc", oidc)]).into(),
        outputs: object([required("accessToken", text())]).into(),
    }
}

/// Returns the schemas of `doppler-secrets`.
pub(super) fn doppler_secrets(_: Dialect) -> Signature {
    Signature {
        inputs: object([
            required("login", object([required("accessToken", text())])),
            required("project", text()),
            required("config", text()),
            required("get", entries(object([required("name", text())]))),
        ])
        .into(),
        outputs: texts(),
    }
}

/// Returns the schemas of `infisical-login`.
pub(super) fn infisical_login(_: Dialect) -> Signature {
    let oidc = object([required("identityId", text()), optional("subjectAttributes", subject_attributes())]);
    let universal = object([required("clientId", text()), required("clientSecret", text())]);
    Signature {
        inputs: object([optional("siteUrl", text()), optional("oidc", oidc), optional("static", universal)]).into(),
        outputs: object([required("accessToken", text()), optional("siteUrl", text())]).into(),
    }
}

/// Returns the schemas of `infisical-secrets`.
pub(super) fn infisical_secrets(_: Dialect) -> Signature {
    let login = object([required("accessToken", text()), optional("siteUrl", text())]);
    let secret = object([
        required("projectId", text()),
        required("environment", text()),
        required("secretKey", text()),
        optional("secretPath", text().by_default("/")),
        optional("type", one_of(["shared", "personal"])),
    ]);
    Signature { inputs: object([required("login", login), required("get", entries(secret))]).into(), outputs: texts() }
}

/// Returns the schemas of `gh-login`: a token of a GitHub App's installation.
pub(super) fn github_login(_: Dialect) -> Signature {
    Signature {
        inputs: object([
            required("appId", number()),
            required("privateKey", text()),
            required("owner", text()),
            optional("repositories", list(text()).at_most(500)),
            optional("permissions", Schema::map(Schema::string())),
            optional("ghe", object([optional("host", text())])),
        ])
        .into(),
        outputs: object([
            required("appId", number()),
            required("appSlug", text()),
            required("installationId", number()),
            required("accessToken", text()),
            required("expiry", text()),
            required("type", text()),
        ])
        .into(),
    }
}

/// Returns the schemas of `snowflake-login`.
pub(super) fn snowflake_login(_: Dialect) -> Signature {
    let oidc = object([required("account", text()), required("user", text()), optional("role", text())]);
    Signature {
        inputs: object([required("oidc", oidc)]).into(),
        outputs: object([required("account", text()), required("user", text()), required("token", text())]).into(),
    }
}

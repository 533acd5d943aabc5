//! Google Cloud: `gcp-login`, `gcp-secrets`.

use super::{
    build::{entries, number, object, optional, required, text},
    common::{duration, subject_attributes, texts},
};
use crate::{dialect::Dialect, provider::Signature};

/// Returns the schemas of `gcp-login`; `project` is a project's number, not its name.
pub(super) fn login(_: Dialect) -> Signature {
    let access_token = object([
        required("accessToken", text()),
        optional("serviceAccount", text()),
        optional("tokenLifetime", duration().by_default("1h")),
    ]);
    let oidc = object([
        required("workloadPoolId", text()),
        required("providerId", text()),
        required("serviceAccount", text()),
        optional("region", text()),
        optional("tokenLifetime", duration().by_default("1h")),
        optional("subjectAttributes", subject_attributes()),
    ]);
    Signature {
        inputs: object([required("project", number()), optional("accessToken", access_token), optional("oidc", oidc)])
            .into(),
        outputs: object([
            required("accessToken", text()),
            required("project", number()),
            required("tokenType", text()),
            optional("expiry", text()),
        ])
        .into(),
    }
}

/// Returns the schemas of `gcp-secrets`, whose map is called `access`.
pub(super) fn secrets(_: Dialect) -> Signature {
    let login = object([required("accessToken", text()), required("project", number()), required("tokenType", text())]);
    let secret = object([required("name", text()), optional("version", number())]);
    Signature {
        inputs: object([required("login", login), required("access", entries(secret))]).into(),
        outputs: texts(),
    }
}

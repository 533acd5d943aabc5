//! Azure: `azure-login`, `azure-secrets`.

use super::{
    build::{Draft, boolean, entries, object, optional, required, text},
    common::{subject_attributes, texts},
};
use crate::{dialect::Dialect, provider::Signature};

/// The material for an access token: what the login returns, and what everything else of Azure takes as `login`.
pub(super) fn credentials() -> Draft {
    object([
        required("clientId", text()),
        required("tenantId", text()),
        optional("subscriptionId", text()),
        optional("clientSecret", text()),
        optional("oidc", object([optional("token", text())])),
    ])
}

/// Returns the schemas of `azure-login`.
pub(super) fn login(_: Dialect) -> Signature {
    Signature {
        inputs: object([
            required("clientId", text()),
            required("tenantId", text()),
            optional("subscriptionId", text()),
            optional("clientSecret", text()),
            optional("oidc", boolean().by_default(false)),
            optional("subjectAttributes", subject_attributes()),
        ])
        .into(),
        outputs: credentials().into(),
    }
}

/// Returns the schemas of `azure-secrets`.
pub(super) fn secrets(_: Dialect) -> Signature {
    let secret = object([required("name", text()), optional("version", text())]);
    Signature {
        inputs: object([required("login", credentials()), required("vault", text()), required("get", entries(secret))])
            .into(),
        outputs: texts(),
    }
}

//! Vault and `OpenBao`: `vault-login`, `vault-secrets`.

use super::{
    build::{data, entries, list, object, optional, required, text},
    common::{duration, subject_attributes},
};
use crate::{
    dialect::Dialect,
    provider::Signature,
    value::schema::{Schema, Type},
};

/// Returns the schemas of `vault-login`.
pub(super) fn login(_: Dialect) -> Signature {
    let jwt = object([
        required("role", text()),
        optional("mount", text().by_default("jwt")),
        optional("subjectAttributes", subject_attributes()),
    ]);
    let token = object([
        required("token", text()),
        optional("displayName", text().by_default("pulumi")),
        optional("maxTtl", duration().by_default("2h")),
        optional("metadata", Schema::of(Type::Object)),
        optional("policies", list(text())),
    ]);
    Signature {
        inputs: object([
            required("address", text()),
            optional("namespace", text()),
            optional("jwt", jwt),
            optional("token", token),
        ])
        .into(),
        outputs: object([required("address", text()), optional("namespace", text()), required("token", text())]).into(),
    }
}

/// Returns the schemas of `vault-secrets`, whose map is called `read`; what it returns is the server's own data.
pub(super) fn secrets(_: Dialect) -> Signature {
    let login = object([required("address", text()), required("token", text()), optional("namespace", text())]);
    let secret = object([required("path", text()), optional("field", text())]);
    Signature { inputs: object([required("login", login), required("read", entries(secret))]).into(), outputs: data() }
}

//! AWS: `aws-login`, `aws-secrets`, `aws-parameter-store`.

use super::{
    build::{Draft, any_of, boolean, entries, list, object, optional, required, text},
    common::{duration, subject_attributes, texts},
};
use crate::{dialect::Dialect, provider::Signature, value::schema::Schema};

/// Credentials: what the login returns, and what everything else of AWS takes as `login`.
pub(super) fn credentials() -> Draft {
    object([required("accessKeyId", text()), required("secretAccessKey", text()), optional("sessionToken", text())])
}

/// Returns the schemas of `aws-login`; here `ambient` stands for the caller's own identity.
pub(super) fn login(dialect: Dialect) -> Signature {
    let arn = || text().length(20, 2048);
    let oidc = object([
        required("roleArn", arn()),
        required("sessionName", text().length(2, 64).matching(r"[\w+=,.@-]*")),
        optional("duration", duration().by_default("2h")),
        optional("policyArns", list(arn())),
        optional("subjectAttributes", subject_attributes()),
    ]);
    let mut inputs = vec![optional("oidc", oidc), optional("static", credentials())];
    if dialect == Dialect::Local {
        let ambient = object([optional("profile", text()), optional("imds", boolean().by_default(false))]);
        inputs.push(optional("ambient", ambient));
    }
    Signature { inputs: object(inputs).into(), outputs: credentials().into() }
}

/// Returns the schemas of `aws-secrets`; here `login` may be left out.
pub(super) fn secrets(dialect: Dialect) -> Signature {
    let login = match dialect {
        Dialect::Local => optional("login", credentials()),
        Dialect::Hosted => required("login", credentials()),
    };
    let secret =
        object([required("secretId", text()), optional("versionId", text()), optional("versionStage", text())]);
    Signature {
        inputs: object([required("region", text()), login, required("get", entries(secret))]).into(),
        outputs: texts(),
    }
}

/// Returns the schemas of `aws-parameter-store`; here a `StringList` is a list of strings.
pub(super) fn parameter_store(dialect: Dialect) -> Signature {
    let parameter = object([required("name", text()), optional("decrypt", boolean().by_default(false))]);
    Signature {
        inputs: object([
            required("region", text()),
            required("login", credentials()),
            required("get", entries(parameter)),
        ])
        .into(),
        outputs: match dialect {
            Dialect::Local => Schema::map(any_of([text(), list(text())])),
            Dialect::Hosted => texts(),
        },
    }
}

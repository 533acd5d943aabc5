//! All rotators. What they keep is what they return, but for `snowflake-user`.

use super::{
    aws, azure,
    build::{Draft, Fallback, any_of, boolean, data, number, object, optional, required, text},
};
use crate::{provider::RotatorSignature, value::schema::SchemaRef};

/// Returns the schemas of `aws-iam`.
pub(super) fn aws_iam() -> RotatorSignature {
    let key = || {
        object([required("accessKeyId", text()), required("secretAccessKey", text()), optional("createdAt", text())])
    };
    kept(
        object([
            required("login", aws::credentials()).rotate_only(),
            required("userArn", text()),
            optional("region", text().by_default("us-east-1")),
        ]),
        key,
    )
}

/// Returns the schemas of `azure-app-secret`.
pub(super) fn azure_app_secret() -> RotatorSignature {
    let secret = || {
        object([
            required("secretId", text()),
            required("secretValue", text()),
            optional("createdAt", text()),
            optional("expiresAt", text()),
        ])
    };
    kept(
        object([
            required("login", azure::credentials()).rotate_only(),
            required("clientId", text()),
            optional("lifetimeInDays", number().within(1, 730).by_default(180)),
        ]),
        secret,
    )
}

/// Returns the schemas of `postgres` and `mysql`, which are the same.
pub(super) fn database() -> RotatorSignature {
    let user = || object([required("username", text()), required("password", text())]);
    let lambda = object([required("lambdaArn", text()), required("login", aws::credentials())]);
    let server = object([
        required("host", text()),
        required("port", number()),
        required("database", text()),
        required("managingUser", user()).rotate_only(),
        optional("connector", object([optional("awsLambda", lambda)])),
    ]);
    let users = object([required("username1", text()), required("username2", text())]);
    kept(object([required("database", server), required("rotateUsers", users)]), user)
}

/// Returns the schemas of `password`.
pub(super) fn password() -> RotatorSignature {
    let least = || number().within(0, 100).by_default(0);
    kept(
        object([
            optional("length", number().within(8, 100).by_default(16)),
            optional("lower", boolean().by_default(true)),
            optional("upper", boolean().by_default(true)),
            optional("numeric", boolean().by_default(true)),
            optional("special", boolean().by_default(true)),
            optional("minLower", least()),
            optional("minUpper", least()),
            optional("minNumeric", least()),
            optional("minSpecial", least()),
            optional("overrideSpecial", text().by_default("!@#$%&*()-_=+[]{}<>:?")),
        ]),
        text,
    )
}

/// Returns the schemas of `passphrase`.
pub(super) fn passphrase() -> RotatorSignature {
    kept(
        object([
            optional("length", number().within(3, 15).by_default(5)),
            optional("separator", text().length(1, 1).by_default("-")),
            optional("capitalize", boolean().by_default(false)),
        ]),
        text,
    )
}

/// Returns the schemas of `snowflake-user`.
pub(super) fn snowflake_user() -> RotatorSignature {
    let by = |credential: &'static str| {
        object([required("account", text()), required("user", text()), required(credential, text())])
    };
    RotatorSignature {
        inputs: object([
            required("login", any_of([by("privateKey"), by("token")])).rotate_only(),
            required("targetUser", text()),
        ])
        .into(),
        state: object([required("account", text()), required("privateKey", text()), required("createdAt", text())])
            .into(),
        outputs: object([
            required("account", text()),
            required("user", text()),
            required("privateKey", text()),
            required("rotatedAt", text()),
        ])
        .into(),
    }
}

/// Returns the schemas of `external`.
pub(super) fn external() -> RotatorSignature {
    let state: SchemaRef = object([required("current", data())]).into();
    RotatorSignature {
        inputs: object([
            required("url", text().matching("^https://")),
            optional("request", object([]).by_default(Fallback::EmptyObject)).rotate_only(),
        ])
        .into(),
        outputs: SchemaRef::clone(&state),
        state,
    }
}

/// Makes the schemas of a rotator that keeps, and returns, the newest of something and the one before it.
fn kept(inputs: Draft, item: impl Fn() -> Draft) -> RotatorSignature {
    let state: SchemaRef = object([required("current", item()), optional("previous", item())]).into();
    RotatorSignature { inputs: inputs.into(), outputs: SchemaRef::clone(&state), state }
}

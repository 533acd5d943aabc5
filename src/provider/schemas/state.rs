//! Outputs of infrastructure: `pulumi-stacks`, `terraform-state`.

use super::{
    aws,
    build::{data, entries, exactly_one_of, object, optional, required, text},
};
use crate::{dialect::Dialect, provider::Signature, value::schema::Schema};

/// Returns the schemas of `pulumi-stacks`; here a stack may be named with its organization.
pub(super) fn pulumi_stacks(dialect: Dialect) -> Signature {
    let name = text().matching(match dialect {
        Dialect::Local => r"^([a-zA-Z0-9-_.]{1,100}\/)?[a-zA-Z0-9-_.]{1,100}\/[a-zA-Z0-9-_.]{1,100}$",
        Dialect::Hosted => r"^[a-zA-Z0-9-_.]{1,100}\/[a-zA-Z0-9-_.]{1,100}$",
    });
    Signature {
        inputs: object([required("stacks", entries(object([required("stack", name)])))]).into(),
        outputs: Schema::map(data()),
    }
}

/// Returns the schemas of `terraform-state`.
pub(super) fn terraform(_: Dialect) -> Signature {
    let s3 = object([
        required("bucket", text()),
        required("key", text()),
        required("region", text()),
        required("login", aws::credentials()),
    ]);
    let remote = object([
        required("organization", text()),
        required("workspace", text()),
        required("token", text()),
        optional("hostname", text().by_default("app.terraform.io")),
    ]);
    let backend = exactly_one_of([object([required("s3", s3)]), object([required("remote", remote)])]);
    Signature {
        inputs: object([required("backend", backend)]).into(),
        outputs: object([required("outputs", data())]).into(),
    }
}

//! What the schemas of several providers have in common.

use super::build::{Draft, list, one_of, text};
use crate::value::schema::{Schema, SchemaRef};

/// Starts a lifetime, `1h30m`: the form that all logins share. It matches an empty text too, and knows no fractions.
pub(super) fn duration() -> Draft {
    text().matching("^([0-9]+h)?([0-9]+m)?([0-9]+s)?$")
}

/// Starts the list of what may stand in the subject of a token that Pulumi Cloud signs.
pub(super) fn subject_attributes() -> Draft {
    list(one_of([
        "currentEnvironment.name",
        "rootEnvironment.name",
        "pulumi.organization.login",
        "pulumi.user.login",
        "pulumi.token.type",
        "pulumi.token.team",
    ]))
}

/// Makes a map of strings: what most providers of secrets return.
pub(super) fn texts() -> SchemaRef {
    Schema::map(Schema::string())
}

//! The providers that exist only here: `local-env`, `local-file`, `local-command`.

use super::{
    build::{Draft, Property, boolean, entries, list, object, one_of, optional, required, text},
    common::texts,
};
use crate::{dialect::Dialect, duration, provider::Signature, value::schema::Schema};

/// Returns the schemas of `local-env`.
pub(super) fn env(_: Dialect) -> Signature {
    let variable = object([required("name", not_empty_text()), optional("default", text())]);
    Signature { inputs: object([required("get", entries(variable)), secret()]).into(), outputs: texts() }
}

/// Returns the schemas of `local-file`.
pub(super) fn file(_: Dialect) -> Signature {
    Signature {
        inputs: object([required("path", not_empty_text()), format(), secret()]).into(),
        outputs: Schema::any(),
    }
}

/// Returns the schemas of `local-command`.
pub(super) fn command(_: Dialect) -> Signature {
    Signature {
        inputs: object([
            required("command", list(text()).at_least(1)),
            optional("cwd", not_empty_text()),
            optional("timeout", text().matching(duration::PATTERN).by_default("10s")),
            format(),
            secret(),
        ])
        .into(),
        outputs: Schema::any(),
    }
}

fn not_empty_text() -> Draft {
    text().not_empty()
}

fn format() -> Property {
    optional("format", one_of(["string", "json", "yaml", "dotenv", "base64"]).by_default("string"))
}

fn secret() -> Property {
    optional("secret", boolean().by_default(true))
}

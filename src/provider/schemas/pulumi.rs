//! What rests on a token that Pulumi Cloud signs: `external`, `oidc`, `debug-oidc-claims`.

use super::{
    build::{Draft, Fallback, any_of, boolean, data, object, one_of, optional, required, text},
    common::{duration, subject_attributes},
};
use crate::{dialect::Dialect, provider::Signature, value::schema::Schema};

/// Returns the schemas of `external`.
pub(super) fn external(dialect: Dialect) -> Signature {
    let url = text().matching(match dialect {
        // Nobody listens on the way to a service of this machine.
        Dialect::Local => r"^(https://|http://(localhost|127\.0\.0\.1|\[::1\])([:/]|$))",
        Dialect::Hosted => "^https://",
    });
    Signature {
        inputs: object([
            required("url", url),
            optional("request", object([]).by_default(Fallback::EmptyObject)),
            optional("secret", boolean().by_default(true)),
        ])
        .into(),
        outputs: object([required("response", data())]).into(),
    }
}

/// Returns the schemas of `oidc`; the result is the token itself.
pub(super) fn oidc(_: Dialect) -> Signature {
    Signature { inputs: token().into(), outputs: Schema::string() }
}

/// Returns the schemas of `debug-oidc-claims`: the claims of a token, or those of a login whose audience has the prefix.
pub(super) fn debug_oidc_claims(_: Dialect) -> Signature {
    let login = object([required("audiencePrefix", text()), optional("subjectAttributes", subject_attributes())]);
    Signature { inputs: any_of([token(), login]), outputs: data() }
}

fn token() -> Draft {
    object([
        required("audience", text().length(1, 512)),
        required("identityToken", object([required("version", one_of(["v2"]))])),
        optional("duration", duration().by_default("1h")),
    ])
}

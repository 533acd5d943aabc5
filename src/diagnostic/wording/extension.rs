//! The text of local extensions: what hosted ESC does otherwise, and what both understand.

use super::{Extension, Wording};

impl Extension {
    /// Returns how to write it so that hosted ESC understands it, too.
    #[must_use]
    pub fn portable(self) -> &'static str {
        match self {
            Self::JsonAccess => "to be portable, decode the string with `fn::fromJSON` and refer to the result",
            Self::StackOrganization => "to be portable, write `project/stack`",
            Self::AmbientLogin => "to be portable, give `aws-login` credentials: `oidc: {…}` or `static: {…}`",
            Self::LoginOmitted => "to be portable, add `login` with the result of `fn::open::aws-login`",
            Self::ProjectImport => "to be portable, write `project/environment`",
        }
    }
}

pub(super) fn wording(extension: Extension) -> Wording {
    let message = match extension {
        Extension::JsonAccess => "hosted ESC does not read keys of a string that holds JSON",
        Extension::StackOrganization => "hosted ESC takes a stack without its organization",
        Extension::AmbientLogin => "hosted ESC can't use the caller's AWS identity",
        Extension::LoginOmitted => "hosted ESC requires `login`",
        Extension::ProjectImport => "hosted ESC looks for an import without project in project `default`",
    };
    Wording::new(message).label("works in esc-shell only").help(extension.portable())
}

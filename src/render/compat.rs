//! The reference's `dotenv` and `shell`, byte for byte: names are not checked, values are quoted as Go quotes them.
//!
//! What a shell makes of these lines is another matter: it expands `$` and backticks, and leaves `\n` as it is.

use crate::{
    environment::{FilePaths, Variables},
    value::{SECRET, Secrets, go_quote},
};

/// Renders `NAME="…"` lines.
#[must_use]
pub fn dotenv_compat(variables: &Variables, paths: &FilePaths, secrets: Secrets) -> String {
    lines("", variables, paths, secrets)
}

/// Renders `export NAME="…"` lines.
#[must_use]
pub fn shell_compat(variables: &Variables, paths: &FilePaths, secrets: Secrets) -> String {
    lines("export ", variables, paths, secrets)
}

fn lines(lead: &str, variables: &Variables, paths: &FilePaths, secrets: Secrets) -> String {
    let mut out = String::new();
    for assignment in variables.assignments_as_listed(paths) {
        let masked = secrets == Secrets::Masked && assignment.secret;
        let text = if masked { SECRET.into() } else { assignment.text.to_str_lossy() };
        out.extend([lead, assignment.name, "=", &go_quote(text.as_bytes()), "\n"]);
    }
    out
}

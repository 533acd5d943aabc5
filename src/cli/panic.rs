//! What happens when this program has a bug: one line that holds no value, and an exit without a core.

use std::{io::Write as _, panic};

use super::exit;

/// Replaces the panic message, which might hold a value, by the place of the bug.
#[expect(clippy::exit, reason = "a bug must not leave a core, whatever the profile's panic strategy")]
pub(super) fn install() {
    panic::set_hook(Box::new(|info| {
        crate::run::restore_terminal();
        let place = info.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let version = env!("CARGO_PKG_VERSION");
        let _ = writeln!(std::io::stderr(), "error: esc-shell {version} has a bug{place}: please report this line");
        std::process::exit(i32::from(exit::BUG));
    }));
}

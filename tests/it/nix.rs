//! `tests/nix/run.sh`: the flake, the modules and the hook with real Nix, real direnv and the program.

use std::{path::Path, process::Command};

use crate::support::tools;

#[test]
fn nix_shells_are_entered_with_their_variables_or_not_at_all() {
    let needed = ["nix", "direnv", "git", "bash"];
    if needed.iter().any(|name| tools::program(name).is_none()) {
        return;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nix/run.sh");
    let output = Command::new("bash").arg(script).arg(env!("CARGO_BIN_EXE_esc-shell")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let counts = said.lines().last().unwrap();
    assert!(counts.ends_with(" passed, 0 failed"), "{counts}");
}

//! The `esc-shell` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    esc_shell::cli::main()
}

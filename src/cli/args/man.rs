//! `esc-shell man`.

use clap::Args;

/// Prints the manual page, of the program or of one of its commands
#[derive(Args, Debug)]
pub(in crate::cli) struct ManArgs {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub(in crate::cli) command: Option<String>,
}

//! `esc-shell completions`.

use clap::Args;
use clap_complete::Shell;

/// Prints a completion script
#[derive(Args, Debug)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(in crate::cli) shell: Shell,
}

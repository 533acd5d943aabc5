//! `esc-shell run`.

use std::ffi::OsString;

use clap::Args;

use super::GuardArgs;

/// Runs a command with the variables of environments
///
/// They are added to the caller's, and their secrets are masked in what the command prints. At a terminal the command is at one
/// too. The exit code is the command's; 126 when it can't be started, 127 when it is not there. Only what the variables need is
/// opened.
#[derive(Args, Debug)]
#[command(override_usage = "esc-shell run [OPTIONS] [ENV]... -- <COMMAND>...")]
pub(in crate::cli) struct RunArgs {
    /// Environments: `[org/][project/]env[@version]`, or files such as `./dev.yaml`; a later one wins over an earlier one
    ///
    /// Without any, `ESC_ENV` or `environment` of esc-shell.yaml.
    #[arg(value_name = "ENV")]
    pub(in crate::cli) environments: Vec<String>,

    /// The command and its arguments, after `--`
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub(in crate::cli) command: Vec<OsString>,

    /// Leaves what the command prints as it is; where there are no files to remove it takes the place of esc-shell
    #[arg(long)]
    pub(in crate::cli) no_redact: bool,

    /// Opens every provider, also those whose result no variable needs
    #[arg(long)]
    pub(in crate::cli) all: bool,

    #[command(flatten)]
    pub(in crate::cli) guards: GuardArgs,

    #[command(flatten)]
    pub(in crate::cli) session: super::SessionArgs,
}

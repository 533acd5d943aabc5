//! `esc-shell direnv`.

use clap::{Args, Subcommand};

/// Manages the library for direnv: `use esc`, `use esc_flake` and `esc_require`
#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
pub(in crate::cli) struct DirenvArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: DirenvCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum DirenvCommand {
    Install(InstallArgs),
}

/// Installs the library where direnv looks for it, or brings it up to date
///
/// That is `lib/esc-shell.sh` in `$DIRENV_CONFIG`, else in the folder `direnv` of `$XDG_CONFIG_HOME`, else in `~/.config/direnv`.
#[derive(Args, Debug)]
pub(in crate::cli) struct InstallArgs {
    /// Changes nothing, and fails with exit code 5 when the library is missing or another one than this program's
    #[arg(long)]
    pub(in crate::cli) check: bool,
}

//! `esc-shell envrc`.

use clap::Args;

use super::ContractSources;

/// Prints the lines that load environments in an `.envrc`
///
/// They export every variable or none: on any failure `.envrc` ends at once, and direnv drops what it had exported. What they
/// call is `esc-shell export`, so the contract is checked every time.
#[derive(Args, Debug)]
pub(in crate::cli) struct EnvrcArgs {
    /// Environments: `[org/][project/]env[@version]`, or files such as `./dev.yaml`; a later one wins over an earlier one
    ///
    /// Without any, `ESC_ENV` or `environment` of esc-shell.yaml decides whenever it is loaded.
    #[arg(value_name = "ENV")]
    pub(in crate::cli) environments: Vec<String>,

    #[command(flatten)]
    pub(in crate::cli) sources: ContractSources,

    /// Prints two lines that use the library of `esc-shell direnv install`, instead of lines that need nothing but direnv
    #[arg(long)]
    pub(in crate::cli) library: bool,

    /// Puts the lines between markers into `.envrc`, or replaces those that are there; everything else in it stays as it is
    #[arg(short, long)]
    pub(in crate::cli) write: bool,
}

//! `esc-shell contract`.

use clap::{Args, Subcommand};

/// Tells what a contract can say
///
/// A contract is declared in esc-shell.yaml, in a file for `--contract`, or with `--require`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ContractArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: ContractCommand,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ContractCommand {
    /// Lists the types of variables
    Types {
        /// Prints a JSON array of objects with name, description, the wider type and whether it is secret when nothing is said
        #[arg(long)]
        json: bool,
    },
}

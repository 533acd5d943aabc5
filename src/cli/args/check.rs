//! `esc-shell check`.

use clap::Args;

use super::ContractSources;

/// Checks definitions without opening a provider
///
/// Every error is told at its place. Local extensions, which hosted ESC judges differently, are warnings. The contract is held
/// against what can be known without opening anything.
#[derive(Args, Debug)]
pub(in crate::cli) struct CheckArgs {
    /// Environments or files; all local environments when there are none
    #[arg(value_name = "ENV|FILE")]
    pub(in crate::cli) environments: Vec<String>,

    /// Judges as hosted ESC does: a local extension is an error
    #[arg(long)]
    pub(in crate::cli) portable: bool,

    /// Mends what is mechanical, such as `environmentVariables` beside `values`; the file is replaced at once or not at all
    #[arg(long)]
    pub(in crate::cli) fix: bool,

    /// Lets Pulumi Cloud judge local definitions too; their imports are then those in Pulumi Cloud
    #[arg(long, conflicts_with = "portable")]
    pub(in crate::cli) cloud: bool,

    #[command(flatten)]
    pub(in crate::cli) sources: ContractSources,
}

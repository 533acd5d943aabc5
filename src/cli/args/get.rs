//! `esc-shell get`.

use clap::Args;

use crate::render::Format;

/// Prints one value, for scripts
///
/// NAME is the variable of that name in `environmentVariables`, or else a property path. Only what the value needs is opened.
#[derive(Args, Debug)]
#[command(override_usage = "esc-shell get [OPTIONS] [ENV] <NAME|PATH>")]
pub(in crate::cli) struct GetArgs {
    /// The environment (when left out, `ESC_ENV` or `environment` of esc-shell.yaml), and a variable or a property path
    #[arg(value_name = "[ENV] NAME|PATH", required = true, num_args = 1..=2)]
    pub(in crate::cli) words: Vec<String>,

    /// How the value is printed
    #[arg(short, long, value_name = "FORMAT", default_value = "string", value_parser = super::format(|format| !format.holds_variables_only()))]
    pub(in crate::cli) format: Format,

    /// Masks a secret
    #[arg(long)]
    pub(in crate::cli) redact: bool,

    /// Opens every provider, also those whose result is not asked for
    #[arg(long)]
    pub(in crate::cli) all: bool,

    /// Prints nothing (or `null`) when there is no such value, instead of failing with exit code 6
    #[arg(long)]
    pub(in crate::cli) allow_missing: bool,

    #[command(flatten)]
    pub(in crate::cli) session: super::SessionArgs,
}

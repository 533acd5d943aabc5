//! `esc-shell open`.

use clap::Args;

use crate::render::Format;

/// Opens an environment and prints its values
///
/// Secrets are printed in clear, unless `--redact` is given. Formats of variables (dotenv, shell and so on) open what
/// `environmentVariables` and `files` need; the others open everything, or what PATH needs.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(in crate::cli) struct OpenArgs {
    /// The environment: `[org/][project/]env[@version]`, or a file such as `./dev.yaml`
    ///
    /// Without it, `ESC_ENV` or `environment` of esc-shell.yaml.
    #[arg(value_name = "ENV")]
    pub(in crate::cli) environment: Option<String>,

    /// A property path such as `urls.api`, `list[0]` or `a["b c"]`
    #[arg(value_name = "PATH")]
    pub(in crate::cli) path: Option<String>,

    /// How values are printed
    #[arg(short, long, value_name = "FORMAT", default_value = "json", value_parser = super::format(|_| true))]
    pub(in crate::cli) format: Format,

    /// Masks secrets
    #[arg(long)]
    pub(in crate::cli) redact: bool,

    /// Writes `files` of the environment, and shows their paths as variables; formats of variables always do
    #[arg(long, conflicts_with = "path")]
    pub(in crate::cli) files: bool,

    /// Opens every provider, also those whose result is not asked for
    #[arg(long)]
    pub(in crate::cli) all: bool,

    /// Prints `null` when nothing is at PATH, instead of failing with exit code 6
    #[arg(long, requires = "path")]
    pub(in crate::cli) allow_missing: bool,

    #[command(flatten)]
    pub(in crate::cli) session: super::SessionArgs,
}

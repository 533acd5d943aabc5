//! `esc-shell export`.

use std::path::PathBuf;

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::GuardArgs;
use crate::render::ExportFormat;

/// Prints the variables of environments for a shell or an `.envrc`
///
/// All of them or nothing: standard output stays empty unless everything passed. The last line sets `ESC_SHELL_ENVIRONMENT`, the
/// proof that all of it arrived, so look for it before you evaluate the text. Only what the variables need is opened.
#[derive(Args, Debug)]
pub(in crate::cli) struct ExportArgs {
    /// Environments: `[org/][project/]env[@version]`, or files such as `./dev.yaml`; a later one wins over an earlier one
    ///
    /// Without any, `ESC_ENV` or `environment` of esc-shell.yaml.
    #[arg(value_name = "ENV")]
    pub(in crate::cli) environments: Vec<String>,

    /// Who reads it; when left out, the shell that runs the command, and `direnv` in an `.envrc`
    ///
    /// `github` appends to `$GITHUB_ENV` and prints only the commands that mask secrets.
    #[arg(short, long, value_name = "FORMAT", value_parser = format())]
    pub(in crate::cli) format: Option<ExportFormat>,

    /// Fills in a template of your own instead; its extension decides how strings are quoted
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(in crate::cli) template: Option<PathBuf>,

    /// The version of the library for direnv that asks
    #[arg(long, value_name = "VERSION", hide = true)]
    pub(in crate::cli) library: Option<u32>,

    /// Opens every provider, also those whose result no variable needs
    #[arg(long)]
    pub(in crate::cli) all: bool,

    #[command(flatten)]
    pub(in crate::cli) guards: GuardArgs,

    #[command(flatten)]
    pub(in crate::cli) session: super::SessionArgs,
}

/// Takes the name of a format; completions know them too.
fn format() -> impl TypedValueParser<Value = ExportFormat> {
    let value = |format: ExportFormat| PossibleValue::new(format.name()).aliases(format.aliases());
    PossibleValuesParser::new(ExportFormat::all().into_iter().map(value))
        .map(|name| ExportFormat::named(&name).expect("the names of formats are possible values"))
}

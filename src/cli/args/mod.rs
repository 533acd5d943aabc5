//! The arguments, one struct for each command; their comments are the manual.

mod check;
mod completions;
mod contract;
mod direnv;
mod envrc;
mod export;
mod get;
mod guard;
mod init;
mod ls;
mod man;
mod open;
mod run;

use std::{path::PathBuf, time::Duration};

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::render::Format;

pub(super) use check::CheckArgs;
pub(super) use completions::CompletionsArgs;
pub(super) use contract::{ContractArgs, ContractCommand};
pub(super) use direnv::{DirenvArgs, DirenvCommand, InstallArgs};
pub(super) use envrc::EnvrcArgs;
pub(super) use export::ExportArgs;
pub(super) use get::GetArgs;
pub(super) use guard::{ContractSources, GuardArgs};
pub(super) use init::InitArgs;
pub(super) use ls::{Listing, LsArgs};
pub(super) use man::ManArgs;
pub(super) use open::OpenArgs;
pub(super) use run::RunArgs;

/// Opens Pulumi ESC environments: definitions in your repository, and what is in Pulumi Cloud
///
/// Definitions are evaluated on this machine, without an account. What is asked for is what is opened: a provider whose
/// result does not reach the values you ask for is not called.
#[derive(Debug, Parser)]
#[command(name = "esc-shell", version, propagate_version = true, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 ok, 1 definition, 2 usage or esc-shell.yaml, 3 identity, 4 provider, 5 local file, \
6 path not there or contract violated, 70 bug";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Open(OpenArgs),
    Export(ExportArgs),
    Run(RunArgs),
    Get(GetArgs),
    Check(CheckArgs),
    Ls(LsArgs),
    Contract(ContractArgs),
    Envrc(EnvrcArgs),
    Direnv(DirenvArgs),
    Init(InitArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// Runs as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(super) directory: Option<PathBuf>,

    /// Reads this file instead of the `esc-shell.yaml` found upward from the working directory
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,

    /// Where definitions come from
    #[arg(long, value_name = "SOURCE", default_value = "auto", global = true)]
    pub(super) source: Source,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(super) color: Color,

    /// How messages about definitions are written to standard error
    #[arg(long, value_name = "STYLE", default_value = "human", global = true)]
    pub(super) diagnostics: Style,

    /// Says nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Says more: the local extensions that a definition uses
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,

    /// Gives up after this long, such as `90s` or `1m30s`; one provider call gets 10s at most
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, global = true)]
    pub(super) timeout: Duration,

    /// Uses no network
    #[arg(long, global = true)]
    pub(super) offline: bool,
}

/// What is asked of Pulumi Cloud when it opens an environment.
#[derive(Args, Clone, Debug)]
pub(super) struct SessionArgs {
    /// How long an environment that Pulumi Cloud opens stays open, such as `30m`: its credentials live so long at most
    #[arg(long, value_name = "DURATION", default_value = "2h", value_parser = duration)]
    pub(super) lifetime: Duration,
}

/// Where definitions come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Source {
    /// Local where a file stands for the reference
    Auto,
    /// Files of this machine
    Local,
    /// Pulumi Cloud
    Cloud,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Style {
    /// With the lines they are about
    Human,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
    /// Workflow commands of GitHub Actions
    Github,
}

fn duration(text: &str) -> Result<Duration, String> {
    crate::duration::parse(text).map_err(|error| error.to_string())
}

/// Takes the name of one of the wanted formats; completions know them too.
fn format(wanted: fn(Format) -> bool) -> impl TypedValueParser<Value = Format> {
    let names = Format::ALL.into_iter().filter(|format| wanted(*format)).map(Format::name);
    PossibleValuesParser::new(names.collect::<Vec<_>>())
        .map(|name| Format::named(&name).expect("the names of formats are possible values"))
}

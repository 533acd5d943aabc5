//! The command line: arguments to a command, its result to one buffered write, its failure to an exit code.
//!
//! ```text
//! args -> workbench (config, store, session) -> command -> output
//! ```
//!
//! Standard output is data, standard error is talk. Nothing is written to standard output before everything passed.

mod args;
mod cloud;
mod command;
mod complaint;
mod env;
pub mod exit;
mod failure;
mod located;
mod output;
mod panic;
mod settings;
mod usage;
mod workbench;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _};

use args::{Cli, Command};
use failure::Failure;
use output::Output;
use workbench::Workbench;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    panic::install();
    let matches = match Cli::command().try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return ExitCode::from(usage::tell(&error)),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(usage::tell(&error)),
    };
    let mut output = Output::new(&cli.global);
    let code = match run(cli, &mut output) {
        Ok(()) => output.finish(),
        Err(failure) => {
            output.fail(&failure);
            failure.code()
        }
    };
    ExitCode::from(code)
}

fn run(cli: Cli, output: &mut Output) -> Result<(), Failure> {
    let global = cli.global;
    match cli.command {
        Command::Completions(args) => command::completions(&args, output),
        Command::Contract(args) => {
            command::contract(&args, output);
            Ok(())
        }
        Command::Man(args) => command::man(&args, output),
        Command::Init(args) => command::init(args, &global, output),
        Command::Open(args) => command::open(&args, &mut Workbench::new(&global)?, output),
        Command::Export(args) => command::export(&args, &mut Workbench::new(&global)?, output),
        Command::Run(args) => command::run(args, &mut Workbench::new(&global)?, output),
        Command::Get(args) => command::get(&args, &mut Workbench::new(&global)?, output),
        Command::Check(args) => command::check(&args, &mut Workbench::new(&global)?, output),
        Command::Envrc(args) => command::envrc(&args, &Workbench::new(&global)?, output),
        Command::Direnv(args) => command::direnv(&args, output),
        Command::Ls(args) => command::ls(&args, &mut Workbench::new(&global)?, output),
    }
}

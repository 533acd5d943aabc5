//! `esc-shell completions`.

use clap::CommandFactory as _;

use crate::cli::{
    args::{Cli, CompletionsArgs},
    failure::Failure,
    output::Output,
};

/// Prints a completion script.
#[expect(clippy::unnecessary_wraps, reason = "every command has the same shape")]
pub(in crate::cli) fn completions(args: &CompletionsArgs, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "esc-shell", &mut script);
    output.bytes(&script);
    Ok(())
}

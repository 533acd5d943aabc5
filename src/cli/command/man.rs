//! `esc-shell man`.

use clap::CommandFactory as _;

use crate::{
    cli::{
        args::{Cli, ManArgs},
        exit,
        failure::Failure,
        output::Output,
    },
    diagnostic::{printable, suggest},
};

/// Prints a manual page.
pub(in crate::cli) fn man(args: &ManArgs, output: &mut Output) -> Result<(), Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match args.command.as_deref() {
        None => program,
        Some(name) => {
            let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
            let unknown = || {
                let failure = Failure::new(exit::USAGE, format!("there is no command `{}`", printable(name)));
                match suggest::property(name, names.iter().copied()) {
                    Some(similar) => failure.hint(format!("did you mean `{similar}`?")),
                    None => failure.hint(format!("the commands are {}", names.join(", "))),
                }
            };
            let command = program.find_subcommand(name).cloned().ok_or_else(unknown)?;
            command.name(format!("esc-shell-{name}"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Failure::new(exit::FILE, format!("the manual page can't be written: {error}")))?;
    output.bytes(&text);
    Ok(())
}

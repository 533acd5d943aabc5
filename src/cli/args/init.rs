//! `esc-shell init`.

use std::path::PathBuf;

use clap::Args;

/// Writes what a project needs: esc-shell.yaml, definitions, .envrc, lines of .gitignore
///
/// Takes into account what is there: `.env` files (their names and types; values stay where they are), `.envrc`, `flake.nix`,
/// `Pulumi.yaml`. No file that exists is overwritten: `.envrc` gets a block between markers. A second run changes nothing.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(in crate::cli) struct InitArgs {
    /// A .env file to take names from, instead of those with a usual name
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) from: Vec<PathBuf>,

    /// The organization of references [default: that of .envrc, or none]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(in crate::cli) organization: Option<String>,

    /// The project of references [default: that of .envrc or Pulumi.yaml, or the folder's name]
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(in crate::cli) project: Option<String>,

    /// The folder for definitions, relative to this one [default: infra/pulumi/esc where there is an infra, or esc]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) environments: Option<PathBuf>,

    /// Writes a flake.nix, too; where there is one, prints the lines that it needs
    #[arg(long)]
    pub(in crate::cli) nix: bool,

    /// Writes a workflow for GitHub Actions, too, unless there is one
    #[arg(long)]
    pub(in crate::cli) github: bool,

    /// Writes nothing, and fails with exit code 6 when there is something to write
    #[arg(long, conflicts_with = "dry_run")]
    pub(in crate::cli) check: bool,

    /// Writes nothing, and prints the files that would be written
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

/// Takes a name that references can hold.
fn name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !text.is_empty() && text.len() <= 100 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("expected letters, digits, `-`, `_` and `.`".to_owned())
    }
}

//! `esc-shell ls`.

use clap::{Args, ValueEnum};

/// Lists environments, local ones and those of Pulumi Cloud
///
/// Without a token for Pulumi Cloud, or with `--offline`, only local ones.
#[derive(Args, Debug)]
pub(in crate::cli) struct LsArgs {
    /// Only names that begin so
    #[arg(value_name = "PREFIX")]
    pub(in crate::cli) prefix: Option<String>,

    /// How the list is printed
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: Listing,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Listing {
    /// A name a line
    Text,
    /// A JSON array of objects: name, source, and the file of a local one
    Json,
}

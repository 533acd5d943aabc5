//! What a contract is declared by, and what it does to variables that it does not declare.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::config::contract;

/// Sources of a contract, beside `esc-shell.yaml`.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Contract")]
pub(in crate::cli) struct ContractSources {
    /// Requires a variable: it must exist, must not be empty, and must be of the type; once for each
    #[arg(long, value_name = "NAME[:TYPE]")]
    pub(in crate::cli) require: Vec<String>,

    /// Adds the contract in this JSON file; its environments are taken when none is named
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) contract: Option<PathBuf>,
}

/// The contract of variables that are delivered.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Contract")]
pub(in crate::cli) struct GuardArgs {
    #[command(flatten)]
    pub(in crate::cli) sources: ContractSources,

    /// What happens to variables that the contract does not declare [default: export, or drop where a source says so]
    #[arg(long, value_name = "WHAT")]
    pub(in crate::cli) undeclared: Option<Undeclared>,
}

/// What happens to variables that are not declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Undeclared {
    /// They are delivered like the others
    Export,
    /// They are left out
    Drop,
}

impl From<Undeclared> for contract::Undeclared {
    fn from(undeclared: Undeclared) -> Self {
        match undeclared {
            Undeclared::Export => Self::Export,
            Undeclared::Drop => Self::Drop,
        }
    }
}

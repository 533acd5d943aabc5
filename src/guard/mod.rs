//! The contract: which variables must exist, what they must look like, and what a set of variables violates.
//!
//! ```text
//! esc-shell.yaml, --contract, --require --> Contract --for environments--> Guard --values--> Judgement
//! ```
//!
//! Invariant: nothing here tells a value or a part of one, and nothing is done where no contract is declared.

mod contract;
mod expectation;
mod judge;
mod merge;
mod site;
#[cfg(test)]
mod tests;
pub mod types;
mod values;

use std::path::PathBuf;

pub use contract::{Contract, EnvironmentName};
pub use judge::{Finding, Guard};
pub use site::{ContractError, FileSite, Site};
pub use values::{Content, Given, Values};

/// What a judgement needs to know beside the values.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The time, in seconds since 1970.
    pub now: i64,
    /// Whether this is a CI job: a violation may be worse there, or less bad.
    pub ci: bool,
    /// The folder that relative paths start from; absent where files are not looked for.
    pub folder: Option<PathBuf>,
}

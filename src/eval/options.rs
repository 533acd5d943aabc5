//! How an environment is evaluated.

use crate::{dialect::Dialect, syntax::path::Step};

/// What is done with providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// None is called.
    Check,
    /// Those that the roots reach are opened.
    Open,
    /// As open, and rotators of the root environment make new state: those at the given document paths, or all.
    Rotate(Option<Vec<String>>),
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// Everything, as the reference always does.
    All,
    /// The values at these paths; all else is only checked.
    Paths(Vec<Vec<Step>>),
}

/// How to evaluate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose rules count.
    pub dialect: Dialect,
    /// What is done with providers.
    pub mode: Mode,
    /// What is asked for.
    pub roots: Roots,
    /// Whether a check decrypts ciphertexts.
    pub show_secrets: bool,
    /// Whether a root document with load errors is only checked, whatever the mode.
    pub gate: bool,
}

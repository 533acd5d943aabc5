//! Why a state can't be read, told without what it holds.

use thiserror::Error;

use crate::{diagnostic::list, value::json::JsonError};

/// Why a state can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StateError {
    /// It is damaged, or no state at all.
    #[error("{0}")]
    Malformed(#[from] Malformed),
    /// It is of a later version of the format.
    #[error("its format has version {0}, and esc-shell reads versions 0 to 4")]
    Version(u64),
    /// It uses features that would have to be understood; their names, in ticks.
    #[error("it uses {}, which this version of esc-shell does not know", list(.0))]
    Features(Vec<String>),
    /// It is larger than esc-shell takes.
    #[error("it is larger than 128 MiB")]
    TooLarge,
}

/// What is wrong with a damaged state.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The compressed bytes are cut off or damaged.
    #[error("its {0} data is damaged")]
    Compression(&'static str),
    /// The text is no JSON.
    #[error("not JSON: {0}")]
    Json(JsonError),
    /// A part is not what it has to be.
    #[error("{part} is no {expected}")]
    Shape {
        /// The part.
        part: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// It is neither a checkpoint nor an exported deployment.
    #[error("it is neither a checkpoint nor an exported deployment")]
    Unfamiliar,
    /// A value has a signature that means nothing.
    #[error("output `{output}` has a value of an unknown kind")]
    Signature {
        /// The output that holds it.
        output: String,
    },
    /// A value with a signature lacks what belongs to it.
    #[error("output `{output}` has a {kind} without {lacks}")]
    Property {
        /// The output that holds it.
        output: String,
        /// What the signature says that it is.
        kind: &'static str,
        /// What is missing.
        lacks: &'static str,
    },
    /// The plaintext of a secret is no JSON.
    #[error("output `{output}` has a secret that is no JSON")]
    Secret {
        /// The output that holds it.
        output: String,
    },
}

impl StateError {
    /// Makes the error of a part that is not what it has to be.
    pub(super) fn shape(part: &'static str, expected: &'static str) -> Self {
        Malformed::Shape { part, expected }.into()
    }
}

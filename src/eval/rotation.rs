//! What became of rotators.

use crate::value::Value;

/// What became of a rotator call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationStatus {
    /// It made new state.
    Succeeded,
    /// The rotator failed.
    Failed,
    /// Its inputs or its state could not be used.
    NotEvaluated,
}

/// A replacement for the stored state of a rotator.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Document path of the state.
    pub path: String,
    /// The new state.
    pub state: Value,
}

/// A rotator call that was selected.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// Document path of the call.
    pub path: String,
    /// What became of it.
    pub status: RotationStatus,
    /// The new state, when it succeeded.
    pub patch: Option<Patch>,
}

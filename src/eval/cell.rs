//! Cells: one for each expression of each environment.

use super::{environment::EnvId, position::PlaceId};
use crate::value::{NodeId, Origin};

/// A cell is one expression of one environment; its number is the origin of the values that it defines.
pub(super) type CellId = Origin;

#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    Fresh,
    Busy,
    Blocked(u32),
    Done(NodeId),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Base {
    Unset,
    Set(Option<PlaceId>),
}

/// Whether a cell is final, as far as forms tell.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finality {
    Unasked,
    /// It is being found out; who comes back to it here goes round in a circle.
    Busy,
    Known(bool),
    /// Only its value tells.
    Untold,
}

#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) environment: EnvId,
    pub(super) state: State,
    pub(super) base: Base,
    /// It lies in an input that only a rotation needs.
    pub(super) rotate_only: bool,
    pub(super) finality: Finality,
}

//! Positions whose value may not be known yet.

use std::sync::Arc;

use super::cell::CellId;
use crate::value::{Key, NodeId};

/// Identifies a place of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PlaceId(pub(super) u32);

/// What is known of the value at a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known {
    /// Nothing yet.
    NotYet,
    /// There is none.
    Nothing,
    /// This is it.
    Value(NodeId),
}

/// A position whose value may not be known yet.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) kind: Position,
    /// The value, once it was needed.
    pub(super) value: Known,
}

#[derive(Clone, Debug)]
pub(super) enum Position {
    /// A cell, merged over what lies beneath it.
    Cell(CellId),
    /// Layers, the top one first.
    Layers(Arc<[PlaceId]>),
    /// A property of a place that has to be evaluated to know whether it has it.
    Property(PlaceId, Key),
    /// A value.
    Node(NodeId),
}

/// What a place has under a key, told without evaluating.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lookup {
    /// This, or perhaps nothing: its value tells.
    Found(PlaceId),
    /// Nothing, and layers beneath may have it.
    Absent,
    /// Nothing, and this hides all beneath.
    Hidden,
}

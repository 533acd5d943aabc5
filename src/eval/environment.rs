//! Environments of a run: what was loaded, and how far each has come.

use std::{path::Path, sync::Arc};

use super::{cell::CellId, position::PlaceId};
use crate::{ast, diagnostic::Sink, source::SourceId, value::NodeId};

/// Identifies an environment of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct EnvId(pub(super) u32);

impl EnvId {
    /// The environment that the run is about.
    pub(super) const ROOT: Self = Self(0);
}

/// What is known of a key.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// It was loaded.
    Loaded(EnvId),
    /// Its text is broken: each import of it tells so.
    Broken(Arc<Sink>),
}

/// How far something of an environment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Fresh,
    Busy,
    Blocked(u32),
    Done,
}

/// What became of an entry of `imports`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Link {
    Open,
    Linked(EnvId),
    Skipped,
}

/// One environment of a run.
pub(super) struct Environment {
    pub(super) key: Arc<str>,
    pub(super) name: Arc<str>,
    /// The name that `context.rootEnvironment` shows.
    pub(super) root_name: Arc<str>,
    pub(super) folder: Option<Arc<Path>>,
    pub(super) revision: Option<Arc<str>>,
    pub(super) source: SourceId,
    pub(super) declaration: Arc<ast::Environment>,
    pub(super) first_cell: u32,
    pub(super) links: Vec<Link>,
    /// The merged imports.
    pub(super) base: Option<PlaceId>,
    pub(super) context: Option<NodeId>,
    pub(super) declared: Stage,
    pub(super) completed: Stage,
    /// How many imports within imports there are below it, as far as it is known.
    pub(super) height: usize,
    /// Inline references that were followed before what they lead to was complete.
    pub(super) inline: Vec<(CellId, EnvId, Arc<str>)>,
    /// Reserved and repeated keys were told.
    pub(super) told_declarations: bool,
}

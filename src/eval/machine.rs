//! The machine: cells, rounds and modes.

use std::{collections::HashMap, sync::Arc};

use super::{
    blocked::{Blocked, Eval},
    cell::{Cell, CellId, State},
    environment::{EnvId, Environment, Slot},
    limits::MAX_REFERENCES,
    messages::Messages,
    options::{Mode, Options, Roots},
    position::{Lookup, Place, PlaceId},
    rotation::Rotation,
    world::World,
};
use crate::{
    ast::{Expr, ExprId},
    diagnostic::{Diagnostic, Failure, LimitKind, Omitted, Problem, suggest::Suggester},
    dialect::Dialect,
    source::SourceMap,
    value::{Flags, Graph, Key, Kind, Node, NodeId, Origin, Shape, Value, schema::Schema},
};

/// How many cells may need one another before the stack is looked at, the bytes that so many take at most, and what is added.
const DEPTH_BETWEEN_STACK_CHECKS: usize = 16;
const STACK_NEEDED: usize = 512 * 1024;
const STACK_ADDED: usize = 8 * 1024 * 1024;

/// Where an evaluation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is finished.
    Done,
    /// It waits for answers of the world.
    Pending,
}

/// Evaluates one root environment with everything that it imports.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the run, and any may hold with any other"
)]
pub struct Machine {
    pub(super) options: Options,
    pub(super) root: Arc<str>,
    pub(super) host_context: Value,
    pub(super) graph: Graph,
    pub(super) sources: SourceMap,
    pub(super) environments: Vec<Environment>,
    pub(super) slots: HashMap<Arc<str>, Slot>,
    /// Why names mean no environment where an environment imports them: each is looked for once.
    pub(super) nowhere: HashMap<(EnvId, Arc<str>), Failure>,
    pub(super) cells: Vec<Cell>,
    pub(super) places: Vec<Place>,
    /// What layers have under a key, as it was found first.
    pub(super) lookups: HashMap<(PlaceId, Key), Lookup>,
    pub(super) messages: Messages,
    pub(super) load_messages: Vec<Diagnostic>,
    pub(super) load_omitted: Omitted,
    pub(super) rotations: Vec<Rotation>,
    /// Paths that were asked for, with what is there.
    pub(super) found: Vec<Option<NodeId>>,
    /// Only what the roots reach is evaluated, on demand.
    pub(super) lazy: bool,
    /// Providers may be called.
    pub(super) opening: bool,
    /// The first blocked computation ends the round: the canonical order of a run whose answers were all there.
    pub(super) sequential: bool,
    pub(super) round: u32,
    pub(super) current: CellId,
    pub(super) depth: usize,
    pub(super) import_depth: usize,
    pub(super) bytes: u64,
    pub(super) was_blocked: bool,
    /// A message depends on the order: a cycle, or a limit.
    pub(super) order_matters: bool,
    pub(super) suggester: Suggester,
}

impl Machine {
    /// Prepares the evaluation of the environment with a key; `context` is the host's part of `${context}`, an object.
    #[must_use]
    pub fn new(root: impl Into<Arc<str>>, context: Value, options: Options) -> Self {
        let lazy = matches!(options.roots, Roots::Paths(_)) && options.mode != Mode::Check;
        Self {
            lazy,
            opening: options.mode != Mode::Check,
            root: root.into(),
            host_context: context,
            graph: Graph::new(),
            sources: SourceMap::default(),
            environments: Vec::new(),
            slots: HashMap::new(),
            nowhere: HashMap::new(),
            cells: Vec::new(),
            places: Vec::new(),
            lookups: HashMap::new(),
            messages: Messages::default(),
            load_messages: Vec::new(),
            load_omitted: Omitted::default(),
            rotations: Vec::new(),
            found: Vec::new(),
            // Rotations change things outside: one after another, in the canonical order.
            sequential: matches!(options.mode, Mode::Rotate(_)),
            options,
            round: 0,
            current: Origin::NONE,
            depth: 0,
            import_depth: 0,
            bytes: 0,
            was_blocked: false,
            order_matters: false,
            suggester: Suggester::default(),
        }
    }

    /// Goes on as far as the answers of the world allow. After [`Progress::Pending`], call again when one more is there.
    pub fn run(&mut self, world: &mut dyn World) -> Progress {
        loop {
            self.round += 1;
            if self.evaluate(world).is_err() {
                self.was_blocked = true;
                return Progress::Pending;
            }
            if self.sequential || !self.was_blocked || !(self.order_matters || self.may_chain()) {
                return Progress::Done;
            }
            let mut again = Self::new(Arc::clone(&self.root), self.host_context.clone(), self.options.clone());
            again.sequential = true;
            *self = again;
        }
    }

    fn evaluate(&mut self, world: &mut dyn World) -> Eval<()> {
        let Some(root) = self.load_root(world)? else { return Ok(()) };
        if self.lazy {
            self.reach(root, world)?;
            self.lazy = false;
            self.opening = false;
        }
        self.complete(root, world)
    }

    /// Evaluates what the roots reach, on demand.
    fn reach(&mut self, root: EnvId, world: &mut dyn World) -> Eval<()> {
        self.declare(root, world)?;
        let Roots::Paths(paths) = self.options.roots.clone() else { return Ok(()) };
        let mut found = Vec::with_capacity(paths.len());
        let mut blocked = Ok(());
        for path in &paths {
            match self.reach_path(root, path, world) {
                Ok(node) => found.push(node),
                Err(Blocked) if self.sequential => return Err(Blocked),
                Err(Blocked) => blocked = Err(Blocked),
            }
        }
        blocked?;
        self.found = found;
        Ok(())
    }

    /// Returns the expression of a cell.
    pub(super) fn expr(&self, cell: CellId) -> (&Environment, &Expr) {
        let environment = &self.environments[self.cells[cell.0 as usize].environment.0 as usize];
        (environment, environment.declaration.expr(ExprId(cell.0 - environment.first_cell)))
    }

    /// Returns the declaration of the environment that holds a cell, shared, and the cell's expression in it.
    pub(super) fn declaration(&self, cell: CellId) -> (Arc<crate::ast::Environment>, ExprId) {
        let environment = &self.environments[self.cells[cell.0 as usize].environment.0 as usize];
        (Arc::clone(&environment.declaration), ExprId(cell.0 - environment.first_cell))
    }

    /// Returns the cell of another expression of the same environment.
    pub(super) fn sibling(&self, cell: CellId, expr: ExprId) -> CellId {
        let environment = &self.environments[self.cells[cell.0 as usize].environment.0 as usize];
        Origin(environment.first_cell + expr.0)
    }

    /// Evaluates a cell, once.
    pub(super) fn cell(&mut self, cell: CellId, world: &mut dyn World) -> Eval<NodeId> {
        match self.cells[cell.0 as usize].state {
            State::Done(node) => return Ok(node),
            State::Blocked(round) if round == self.round => return Err(Blocked),
            State::Busy => {
                self.order_matters = true;
                let name = self.display_path(cell);
                self.report(cell, Problem::Cycle { name });
                return Ok(self.unknown(cell));
            }
            State::Fresh | State::Blocked(_) => {}
        }
        if self.depth >= MAX_REFERENCES {
            self.report(cell, Problem::Limit(LimitKind::References(MAX_REFERENCES)));
            return Ok(self.unknown(cell));
        }
        self.cells[cell.0 as usize].state = State::Busy;
        let (caller, mark) = (self.current, self.messages.mark());
        self.current = cell;
        let outcome = self.deeper(|machine| machine.compute(cell, world));
        self.current = caller;
        self.cells[cell.0 as usize].state = match outcome {
            Ok(node) => {
                self.messages.settle(mark);
                State::Done(node)
            }
            Err(Blocked) => {
                self.messages.forget(mark);
                State::Blocked(self.round)
            }
        };
        outcome
    }

    /// Goes one level deeper, on more stack where it is needed.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        // Asking for the stack's size costs more than a small evaluation: it is left out until something nests.
        let result = if self.depth.is_multiple_of(DEPTH_BETWEEN_STACK_CHECKS) {
            stacker::maybe_grow(STACK_NEEDED, STACK_ADDED, || work(self))
        } else {
            work(self)
        };
        self.depth -= 1;
        result
    }

    /// Tells whether there are so many expressions that a chain of them could be too long: whether one is, its order decides.
    fn may_chain(&self) -> bool {
        self.cells.len() > MAX_REFERENCES
    }

    /// Makes an unknown of any type.
    pub(super) fn unknown(&mut self, origin: CellId) -> NodeId {
        self.unknown_of(Schema::any(), origin)
    }

    /// Makes an unknown of a schema.
    pub(super) fn unknown_of(&mut self, schema: crate::value::schema::SchemaRef, origin: CellId) -> NodeId {
        self.graph.push(Node {
            kind: Kind::Unknown,
            flags: Flags::UNKNOWN,
            origin,
            base: None,
            shape: Shape::Given(schema),
            weight: 1,
        })
    }

    /// Tells whether this run judges by the local rules.
    pub(super) fn is_local(&self) -> bool {
        self.options.dialect == Dialect::Local
    }

    /// Tells whether rotators make new state in the environment of a cell.
    pub(super) fn is_rotating(&self, cell: CellId) -> bool {
        matches!(self.options.mode, Mode::Rotate(_)) && self.cells[cell.0 as usize].environment == EnvId::ROOT
    }
}

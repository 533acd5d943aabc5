//! Resolves `${…}` and the paths that are asked for.
//!
//! A walk goes through literals without evaluating them, and from an object into what lies beneath it. Where it meets
//! anything else it evaluates that, and goes on in the value. In an unknown it goes on in the schema.

use std::sync::Arc;

use super::{
    blocked::{Blocked, Eval, try_all},
    cell::CellId,
    environment::{EnvId, Link},
    machine::Machine,
    position::{Lookup, PlaceId},
    world::World,
};
use crate::{
    ast::{Builtin, Form, Secret},
    diagnostic::{Extension, Problem, Severity, suggest::Suggester},
    syntax::path::{Accessor, Path, Step},
    value::{
        Flags, Key, Kind, NodeId, Object, Origin, json,
        schema::{Schema, SchemaRef, Type, schema_of},
    },
};

/// Owns what comes up in the steps of a path that is asked for.
const ASKED: CellId = Origin(u32::MAX - 1);

/// Where a walk stands.
#[derive(Clone, Copy)]
enum At {
    /// At an expression of the environment that holds the access.
    Cell(CellId),
    /// At something beneath, whose value may not be known yet.
    Place(PlaceId),
    /// In a value.
    Node(NodeId),
}

/// Why a walk ends early.
enum Stop {
    Blocked,
    /// Told, or not worth telling: the result is unknown.
    Unknown,
    Problem(Problem),
}

impl From<Blocked> for Stop {
    fn from(_: Blocked) -> Self {
        Self::Blocked
    }
}

type Walk<T> = Result<T, Stop>;

impl Machine {
    /// Resolves an access of a cell's string. A failure is told and gives an unknown.
    pub(super) fn access(&mut self, cell: CellId, path: &Path, world: &mut dyn World) -> Eval<NodeId> {
        let mut at = 0;
        let outcome = self.resolve(cell, &path.accessors, &mut at, world);
        match outcome {
            Ok(node) => Ok(node),
            Err(Stop::Blocked) => Err(Blocked),
            Err(Stop::Unknown) => Ok(self.unknown(cell)),
            Err(Stop::Problem(problem)) => {
                match problem {
                    Problem::NoReceiver => self.report(cell, problem),
                    problem => {
                        let part = path.accessors[at.min(path.accessors.len() - 1)].range;
                        self.report_part(cell, part, problem);
                    }
                }
                Ok(self.unknown(cell))
            }
        }
    }

    /// Resolves a path that is asked for; `None` when nothing is there.
    pub(super) fn reach_path(&mut self, root: EnvId, path: &[Step], world: &mut dyn World) -> Eval<Option<NodeId>> {
        let Some(place) = self.root_place(root) else { return Ok(None) };
        let accessors: Vec<Accessor> = path.iter().map(|step| Accessor { step: step.clone(), range: (0, 0) }).collect();
        let cell = self.root_cell(root).unwrap_or(Origin::NONE);
        // The path is no part of a definition, so nothing is told about its steps.
        let (caller, mark) = (std::mem::replace(&mut self.current, ASKED), self.messages.mark());
        let reached = self.walk(cell, At::Place(place), &accessors, &mut 0, world);
        let reached = match reached {
            Ok(node) => self.settle(cell, node, world).map(Some),
            Err(Stop::Blocked) => Err(Blocked),
            Err(Stop::Unknown | Stop::Problem(_)) => Ok(None),
        };
        self.current = caller;
        self.messages.forget(mark);
        reached
    }

    fn resolve(&mut self, cell: CellId, accessors: &[Accessor], at: &mut usize, world: &mut dyn World) -> Walk<NodeId> {
        let environment = self.cells[cell.0 as usize].environment;
        let first = match &accessors[0].step {
            Step::Key(key) => key.as_ref(),
            Step::Index(_) => "",
        };
        match first {
            "imports" => self.imports(environment, cell, accessors, at, world),
            "context" => {
                let context = self.context(environment);
                *at = 1;
                let node = self.walk(cell, At::Node(context), accessors, at, world)?;
                self.tell_server_context(cell, accessors, node);
                Ok(node)
            }
            "environments" => self.environments(cell, accessors, at, world),
            _ => {
                let root = self.root_cell(environment).expect("an expression lies in the values of its environment");
                self.walk(cell, At::Cell(root), accessors, at, world)
            }
        }
    }

    /// `${imports[…]}`: the full value of a direct import.
    fn imports(
        &mut self,
        environment: EnvId,
        cell: CellId,
        accessors: &[Accessor],
        at: &mut usize,
        world: &mut dyn World,
    ) -> Walk<NodeId> {
        let env = self.env(environment);
        let mut linked: Vec<(Key, EnvId)> = std::iter::zip(&env.declaration.imports, &env.links)
            .filter_map(|(import, link)| match link {
                Link::Linked(target) => Some((Arc::clone(&import.name), *target)),
                _ => None,
            })
            .collect();
        *at = 1;
        let Some(accessor) = accessors.get(1) else {
            linked.sort_by(|a, b| a.0.cmp(&b.0));
            linked.dedup_by(|a, b| a.0 == b.0);
            let nodes = self.whole_imports(&linked, world)?;
            return Ok(self.graph.object(nodes));
        };
        let key = match &accessor.step {
            Step::Key(key) => key,
            Step::Index(index) => return Err(Stop::Problem(Problem::IntOnObject { index: *index })),
        };
        let Some((_, target)) = linked.iter().find(|(name, _)| name == key) else {
            let names = linked.iter().map(|(name, _)| name.as_ref());
            return Err(Stop::Problem(unknown_prop(&mut self.suggester, key, names)));
        };
        let Some(place) = self.root_place(*target) else { return Err(Stop::Unknown) };
        *at = 2;
        self.walk(cell, At::Place(place), accessors, at, world)
    }

    fn whole_imports(&mut self, linked: &[(Key, EnvId)], world: &mut dyn World) -> Eval<Vec<(Key, NodeId)>> {
        let entries: Vec<Option<(Key, NodeId)>> = try_all!(self, linked, |(name, target)| {
            match self.root_place(*target) {
                None => Ok(None),
                Some(place) => self.value(place, world).map(|node| node.map(|node| (Arc::clone(name), node))),
            }
        });
        Ok(entries.into_iter().flatten().collect())
    }

    /// `${environments.PROJECT.ENV…}`: fewer than three accessors are silently unknown (Q15).
    fn environments(
        &mut self,
        cell: CellId,
        accessors: &[Accessor],
        at: &mut usize,
        world: &mut dyn World,
    ) -> Walk<NodeId> {
        let [_, project, environment, ..] = accessors else { return Err(Stop::Unknown) };
        let mut names = Vec::new();
        for accessor in [project, environment] {
            match &accessor.step {
                Step::Key(key) => names.push(Arc::clone(key)),
                Step::Index(index) => {
                    self.report_part(cell, accessor.range, Problem::IntOnObject { index: *index });
                }
            }
        }
        let [project, environment] = names.as_slice() else { return Err(Stop::Unknown) };
        let name = format!("{project}/{environment}");
        let Some(target) = self.inline(cell, &name.into(), world)? else { return Err(Stop::Unknown) };
        let Some(place) = self.root_place(target) else { return Err(Stop::Unknown) };
        *at = 3;
        self.walk(cell, At::Place(place), accessors, at, world)
    }

    /// Context that only a server knows is unknown here; whoever asks for it is told.
    fn tell_server_context(&mut self, cell: CellId, accessors: &[Accessor], node: NodeId) {
        if !self.is_local() || !self.graph.node(node).flags.has(Flags::UNKNOWN_INSIDE) {
            return;
        }
        let steps: Vec<Step> = accessors[1..].iter().map(|accessor| accessor.step.clone()).collect();
        let problem = Problem::ServerContext { name: crate::syntax::path::display(&steps) };
        let severity = if self.opening { Severity::Error } else { problem.severity() };
        self.report_as(cell, Some(accessors[accessors.len() - 1].range), problem, severity);
    }

    /// Walks the accessors from `at` on; where the walk fails, `at` is the accessor to blame.
    fn walk(
        &mut self,
        cell: CellId,
        start: At,
        accessors: &[Accessor],
        at: &mut usize,
        world: &mut dyn World,
    ) -> Walk<NodeId> {
        let mut current = start;
        // Q8: what is in a secret container is secret; the reference forgets that.
        let mut secret = false;
        while let Some(accessor) = accessors.get(*at) {
            let (next, taken) = match current {
                At::Cell(here) => self.step_cell(here, &accessor.step, world)?,
                At::Place(place) => self.step_place(place, &accessor.step, world)?,
                At::Node(node) => {
                    let node = self.unsealed(cell, node, world)?;
                    secret |= self.graph.node(node).flags.has(Flags::SECRET);
                    (At::Node(self.step_node(cell, node, accessor)?), true)
                }
            };
            current = next;
            *at += usize::from(taken);
        }
        let node = match current {
            At::Cell(cell) => self.cell(cell, world)?,
            At::Place(place) => self.value(place, world)?.ok_or(Stop::Unknown)?,
            At::Node(node) => node,
        };
        Ok(if secret && self.is_local() { self.flagged(node, Flags::SECRET) } else { node })
    }

    /// One step from an expression; the flag tells whether it took the accessor.
    fn step_cell(&mut self, cell: CellId, step: &Step, world: &mut dyn World) -> Walk<(At, bool)> {
        if self.is_local()
            && let Some(base) = self.base(cell)
            && self.is_final(base, world)?
        {
            // Q13: the override of a final object is not there.
            return Ok((self.enter(base, world)?.ok_or(Stop::Unknown)?, false));
        }
        let (declaration, expr) = self.declaration(cell);
        match &declaration.expr(expr).form {
            Form::List(items) => {
                let index = check_index(step, Some(items.len()))?;
                Ok((At::Cell(self.sibling(cell, items[index])), true))
            }
            form @ Form::Object { properties, .. } => {
                let key = key_of(step)?;
                if let Some(child) = form.property(key) {
                    return Ok((At::Cell(self.sibling(cell, child)), true));
                }
                let beneath = match self.base(cell) {
                    Some(base) => self.enter(base, world)?,
                    None => None,
                };
                let own = || properties.iter().map(|(name, _)| name.as_ref());
                let beneath = beneath.ok_or_else(|| Stop::Problem(unknown_prop(&mut self.suggester, key, own())))?;
                Ok((beneath, false))
            }
            Form::Builtin(Builtin::Secret(Secret::Ciphertext(_))) if !self.is_local() => {
                Err(Stop::Problem(Problem::NoReceiver))
            }
            _ => Ok((At::Node(self.cell(cell, world)?), false)),
        }
    }

    /// Goes into what lies beneath an object, if that may be an object.
    fn enter(&mut self, base: PlaceId, world: &mut dyn World) -> Eval<Option<At>> {
        if self.lazy && self.is_literal_object(base) {
            return Ok(Some(At::Place(base)));
        }
        let node = self.value(base, world)?;
        Ok(node.filter(|node| self.may_be_object(*node)).map(At::Node))
    }

    fn may_be_object(&self, node: NodeId) -> bool {
        let value = self.graph.node(node);
        if value.flags.has(Flags::UNKNOWN) {
            let schema = schema_of(self.graph.view(node));
            return schema.is_any() || schema.kind() == Some(Type::Object);
        }
        matches!(value.kind, Kind::Object(_))
    }

    /// One step from a place: within literals without evaluating anything.
    fn step_place(&mut self, place: PlaceId, step: &Step, world: &mut dyn World) -> Walk<(At, bool)> {
        if self.lazy {
            if let Some(items) = self.literal_items(place) {
                let index = check_index(step, Some(items.len()))?;
                return Ok((At::Cell(items[index]), true));
            }
            if self.is_literal_object(place) {
                let key = key_of(step)?;
                match self.lookup(place, key) {
                    Lookup::Found(child) if self.is_certain(child) => return Ok((At::Place(child), true)),
                    Lookup::Found(child) => {
                        if let Some(node) = self.value(child, world)? {
                            return Ok((At::Node(node), true));
                        }
                    }
                    Lookup::Absent | Lookup::Hidden => {}
                }
                let names = self.lowest_names(place);
                return Err(Stop::Problem(unknown_prop(&mut self.suggester, key, names.iter().map(AsRef::as_ref))));
            }
        }
        let node = self.value(place, world)?.ok_or(Stop::Unknown)?;
        Ok((At::Node(node), false))
    }

    /// One step in a value.
    fn step_node(&mut self, cell: CellId, node: NodeId, accessor: &Accessor) -> Walk<NodeId> {
        let step = &accessor.step;
        let value = self.graph.node(node).clone();
        if value.flags.has(Flags::UNKNOWN) || matches!(value.kind, Kind::Sealed(_)) {
            let schema = schema_of(self.graph.view(node));
            if self.is_local() && schema.kind() == Some(Type::String) && matches!(step, Step::Key(_)) {
                self.report_part(cell, accessor.range, Problem::Extension(Extension::JsonAccess));
                return Ok(self.unknown_with(value.origin, Schema::any(), value.flags));
            }
            let schema = schema_step(&schema, step)?;
            return Ok(self.unknown_of(schema, value.origin));
        }
        match &value.kind {
            Kind::List(items) => Ok(items[check_index(step, Some(items.len()))?]),
            Kind::Object(object) => {
                let key = key_of(step)?;
                self.object_property(node, object, key)
            }
            Kind::String(_) if value.flags.has(Flags::SECRET) && self.is_local() => {
                self.json_property(cell, node, accessor)
            }
            kind => Err(Stop::Problem(Problem::NotContainer { kind: kind_name(kind) })),
        }
    }

    fn object_property(&mut self, node: NodeId, object: &Object, key: &Key) -> Walk<NodeId> {
        if let Some(child) = object.get(key) {
            return Ok(child);
        }
        if let Some(beneath) = object.beneath
            && self.may_be_object(beneath)
        {
            let origin = self.graph.node(node).origin;
            let schema = schema_step(&schema_of(self.graph.view(beneath)), &Step::Key(Arc::clone(key)))?;
            return Ok(self.unknown_of(schema, origin));
        }
        let names = object.lowest_keys();
        Err(Stop::Problem(unknown_prop(&mut self.suggester, key, names.iter().map(AsRef::as_ref))))
    }

    /// The local extension: a key of a secret string that holds a JSON object.
    fn json_property(&mut self, cell: CellId, node: NodeId, accessor: &Accessor) -> Walk<NodeId> {
        let Step::Key(key) = &accessor.step else {
            return Err(Stop::Problem(Problem::NotContainer { kind: Some("string") }));
        };
        let value = self.graph.node(node).clone();
        let Kind::String(text) = &value.kind else { return Err(Stop::Unknown) };
        let parsed = json::parse(text.as_bytes(), &mut self.graph, value.origin, Flags::SECRET)
            .map_err(|error| Stop::Problem(Problem::Json { reason: error.to_string() }))?;
        let Kind::Object(object) = &self.graph.node(parsed).kind else {
            return Err(Stop::Problem(Problem::NotContainer { kind: Some("string") }));
        };
        // The keys of a secret are part of it: none is suggested.
        let unknown = || Problem::UnknownProp { name: key.to_string(), suggestion: None };
        let child = object.get(key).ok_or_else(|| Stop::Problem(unknown()))?;
        self.report_part(cell, accessor.range, Problem::Extension(Extension::JsonAccess));
        Ok(child)
    }

    /// Returns the cells of a list literal that a place is.
    fn literal_items(&mut self, place: PlaceId) -> Option<Vec<CellId>> {
        let cell = self.place_cell(place)?;
        let (declaration, expr) = self.declaration(cell);
        let Form::List(items) = &declaration.expr(expr).form else { return None };
        if self.base(cell).is_some() {
            // What lies beneath might be final.
            return None;
        }
        Some(items.iter().map(|item| self.sibling(cell, *item)).collect())
    }

    /// Tells whether an access ends in a value that is final, where that can be told without evaluating anything.
    pub(super) fn static_reference_finality(&mut self, cell: CellId, path: &Path) -> Option<bool> {
        let environment = self.cells[cell.0 as usize].environment;
        let mut current = self.root_cell(environment)?;
        for accessor in &path.accessors {
            let (declaration, expr) = self.declaration(current);
            match (&declaration.expr(expr).form, &accessor.step) {
                (Form::Object { .. }, Step::Key(key)) => match declaration.expr(expr).form.property(key) {
                    Some(child) => current = self.sibling(current, child),
                    None => {
                        let base = self.base(current)?;
                        let Lookup::Found(place) = self.lookup(base, key) else { return None };
                        current = self.place_cell(place)?;
                    }
                },
                (Form::Builtin(Builtin::Open(_) | Builtin::Rotate(_)), _) => return Some(false),
                _ => return None,
            }
        }
        let place = self.cell_place(current);
        self.static_finality(place)
    }
}

/// Returns the key of a step into an object.
fn key_of(step: &Step) -> Walk<&Key> {
    match step {
        Step::Key(key) => Ok(key),
        Step::Index(index) => Err(Stop::Problem(Problem::IntOnObject { index: *index })),
    }
}

/// Returns the index of a step into a list of a length, where that is known.
fn check_index(step: &Step, length: Option<usize>) -> Walk<usize> {
    let index = match step {
        Step::Index(index) => *index,
        Step::Key(key) => return Err(Stop::Problem(Problem::NameOnArray { name: key.to_string() })),
    };
    let Ok(at) = usize::try_from(index) else { return Err(Stop::Problem(Problem::NegIndex { index })) };
    match length {
        Some(length) if at >= length => Err(Stop::Problem(Problem::OutOfBounds { index, length })),
        _ => Ok(at),
    }
}

/// One step in a schema: an undeclared property is never, not an error.
fn schema_step(schema: &SchemaRef, step: &Step) -> Walk<SchemaRef> {
    match schema.as_ref() {
        Schema::Any => Ok(Schema::any()),
        Schema::Keywords(keywords) if keywords.kind == Some(Type::Array) => {
            let closed = keywords.items.as_ref().is_some_and(|items| items.is_never());
            let index = check_index(step, closed.then_some(keywords.prefix_items.len()))?;
            Ok(schema.item(index))
        }
        Schema::Keywords(keywords) if keywords.kind == Some(Type::Object) => Ok(schema.property(key_of(step)?)),
        Schema::Keywords(keywords) => Err(Stop::Problem(Problem::NotContainer { kind: keywords.kind.map(Type::name) })),
        Schema::Never => Err(Stop::Problem(Problem::NotContainer { kind: None })),
    }
}

fn unknown_prop<'k>(suggester: &mut Suggester, key: &str, names: impl Iterator<Item = &'k str>) -> Problem {
    let suggestion = suggester.property(key, names).map(str::to_owned);
    Problem::UnknownProp { name: key.to_owned(), suggestion }
}

fn kind_name(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Null => Some("null"),
        Kind::Bool(_) => Some("boolean"),
        Kind::Number(_) => Some("number"),
        Kind::String(_) => Some("string"),
        _ => None,
    }
}

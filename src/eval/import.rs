//! Environments: loading, imports, and the order in which they are evaluated.

use std::sync::Arc;

use super::{
    blocked::{Blocked, Eval, try_all},
    cell::{Base, Cell, CellId, Finality, State},
    environment::{EnvId, Environment, Link, Slot, Stage},
    limits::{MAX_DEFINITIONS, MAX_IMPORTS},
    machine::Machine,
    options::{Mode, Roots},
    world::{Answer, Loaded, World},
};
use crate::{
    ast,
    diagnostic::{Diagnostic, Extension, Failure, LimitKind, Problem, Sink},
    source::{Source, Span},
    syntax::{self, NodeId as SyntaxId},
    value::Origin,
};

impl Machine {
    pub(super) fn env(&self, id: EnvId) -> &Environment {
        &self.environments[id.0 as usize]
    }

    pub(super) fn env_mut(&mut self, id: EnvId) -> &mut Environment {
        &mut self.environments[id.0 as usize]
    }

    /// Returns the cell of an environment's values.
    pub(super) fn root_cell(&self, id: EnvId) -> Option<CellId> {
        let environment = self.env(id);
        environment.declaration.values.map(|expr| Origin(environment.first_cell + expr.0))
    }

    /// Loads the root environment; nothing when it is empty or no YAML.
    pub(super) fn load_root(&mut self, world: &mut dyn World) -> Eval<Option<EnvId>> {
        if !self.environments.is_empty() {
            return Ok((!self.env(EnvId::ROOT).declaration.is_empty()).then_some(EnvId::ROOT));
        }
        if !self.load_messages.is_empty() {
            return Ok(None);
        }
        let key = Arc::clone(&self.root);
        let loaded = match world.load(&key) {
            Answer::Ready(loaded) => loaded,
            Answer::Pending => return Err(Blocked),
            Answer::Failed(failure) => {
                self.load_messages.push(nowhere(Problem::Load { name: String::new(), failure }));
                return Ok(None);
            }
        };
        let root_name = Arc::clone(&loaded.name);
        let mut sink = Sink::default();
        let id = self.add(key, loaded, root_name, &mut sink);
        if sink.has_errors() && self.options.gate {
            self.options.mode = Mode::Check;
            self.options.roots = Roots::All;
            (self.lazy, self.opening) = (false, false);
        }
        (self.load_messages, self.load_omitted) = sink.into_sorted();
        // Which import sees itself as the root depends on who comes to it first.
        self.sequential |= id.is_some_and(|id| self.is_anonymous(id));
        Ok(id.filter(|id| !self.env(*id).declaration.is_empty()))
    }

    /// Adds a definition that was read; nothing when it is no YAML.
    fn add(&mut self, key: Arc<str>, loaded: Loaded, root_name: Arc<str>, sink: &mut Sink) -> Option<EnvId> {
        self.bytes += loaded.bytes.len() as u64;
        if self.bytes > MAX_DEFINITIONS {
            self.order_matters = true;
            let _ = sink.report(nowhere(Problem::Limit(LimitKind::Bytes(MAX_DEFINITIONS))));
            return None;
        }
        let text = match syntax::decode(&loaded.bytes) {
            Ok(text) => text,
            Err(syntax::DecodeError { reason, before }) => {
                let at = u32::try_from(before.len()).expect("definitions are far below 4 GB");
                let source = self.sources.add(Source::new(Arc::clone(&loaded.name), loaded.file, before));
                let span = Span { source, start: at, end: at };
                let _ = sink.report(Diagnostic { span: Some(span), ..nowhere(Problem::Encoding { reason }) });
                return None;
            }
        };
        let source = self.sources.add(Source::new(Arc::clone(&loaded.name), loaded.file, text));
        let declaration = ast::Environment::parse(&self.sources, source, self.options.dialect, sink)?;
        let id = EnvId(u32::try_from(self.environments.len()).expect("limits keep environments far below 2^32"));
        let first_cell = u32::try_from(self.cells.len()).expect("limits keep cells far below 2^32");
        let (state, base, finality) = (State::Fresh, Base::Unset, Finality::Unasked);
        let cell = Cell { environment: id, state, base, rotate_only: false, finality };
        self.cells.resize(self.cells.len() + declaration.exprs.len(), cell);
        self.environments.push(Environment {
            key: Arc::clone(&key),
            name: loaded.name,
            root_name,
            folder: loaded.folder,
            revision: loaded.revision,
            source,
            links: vec![Link::Open; declaration.imports.len()],
            declaration,
            first_cell,
            base: None,
            context: None,
            declared: Stage::Fresh,
            completed: Stage::Fresh,
            height: 0,
            inline: Vec::new(),
            told_declarations: false,
        });
        self.slots.insert(key, Slot::Loaded(id));
        Some(id)
    }

    /// Finds and loads the environment that a name means; messages go to the node of the name. `None` when there is none.
    fn find(&mut self, importer: EnvId, name: &Arc<str>, node: SyntaxId, world: &mut dyn World) -> Eval<Option<EnvId>> {
        let asked = (importer, Arc::clone(name));
        let problem = |failure: &Failure| Problem::Load { name: name.to_string(), failure: failure.clone() };
        if let Some(failure) = self.nowhere.get(&asked) {
            let problem = problem(failure);
            self.report_node(importer, node, problem);
            return Ok(None);
        }
        let importer_key = Arc::clone(&self.env(importer).key);
        let resolved = match world.resolve(&importer_key, name) {
            Ok(resolved) => resolved,
            Err(failure) => {
                self.report_node(importer, node, problem(&failure));
                self.nowhere.insert(asked, failure);
                return Ok(None);
            }
        };
        let id = match self.slots.get(&resolved.key).cloned() {
            Some(Slot::Loaded(id)) => Some(id),
            Some(Slot::Broken(messages)) => {
                self.messages.add_broken(self.current, resolved.key, messages);
                None
            }
            None => match world.load(&resolved.key) {
                Answer::Pending => return Err(Blocked),
                Answer::Failed(failure) => {
                    self.report_node(importer, node, problem(&failure));
                    self.nowhere.insert(asked, failure);
                    return Ok(None);
                }
                Answer::Ready(loaded) => {
                    let root_name = if self.is_anonymous(importer) {
                        Arc::clone(&loaded.name)
                    } else {
                        Arc::clone(&self.env(importer).root_name)
                    };
                    let mut sink = Sink::default();
                    let id = self.add(Arc::clone(&resolved.key), loaded, root_name, &mut sink);
                    let broken = sink.has_errors();
                    if broken {
                        let messages = Arc::new(sink);
                        self.messages.add_broken(self.current, Arc::clone(&resolved.key), Arc::clone(&messages));
                        self.slots.insert(Arc::clone(&resolved.key), Slot::Broken(messages));
                    } else {
                        self.messages.tell(sink);
                    }
                    id.filter(|_| !broken)
                }
            },
        };
        if id.is_some() && resolved.by_extension && self.is_local() {
            self.report_node(importer, node, Problem::Extension(Extension::ProjectImport));
        }
        Ok(id)
    }

    /// An unnamed root lets each direct import see itself as the root.
    fn is_anonymous(&self, id: EnvId) -> bool {
        id == EnvId::ROOT && matches!(self.env(id).name.as_ref(), "" | "<yaml>")
    }

    /// Links an entry of `imports`, and brings the environment to the stage that is needed.
    fn link(&mut self, id: EnvId, at: usize, world: &mut dyn World) -> Eval<()> {
        let import = self.env(id).declaration.imports[at].clone();
        let found = match self.env(id).links[at] {
            Link::Skipped => None,
            Link::Linked(target) => Some(target),
            Link::Open => self.find(id, &import.name, import.node, world)?,
        };
        let Some(target) = found else {
            self.env_mut(id).links[at] = Link::Skipped;
            return Ok(());
        };
        // A circle may close long after the link was made, when what came late shows that it is one.
        let busy = self.is_busy(target);
        if busy || self.import_depth > MAX_IMPORTS {
            let name = import.name.to_string();
            let limit = Problem::Limit(LimitKind::Imports(MAX_IMPORTS));
            self.report_node(id, import.node, if busy { Problem::ImportCycle { name } } else { limit });
            self.order_matters = true;
            self.env_mut(id).links[at] = Link::Skipped;
            return Ok(());
        }
        self.env_mut(id).links[at] = Link::Linked(target);
        let outcome = if self.lazy { self.declare(target, world) } else { self.complete(target, world) };
        self.rise(id, target);
        outcome
    }

    /// Counts how deep imports go: where they come to the limit, the order in which they were found decides who is beyond it.
    fn rise(&mut self, importer: EnvId, target: EnvId) {
        let height = self.env(importer).height.max(self.env(target).height + 1);
        self.env_mut(importer).height = height;
        self.order_matters |= height > MAX_IMPORTS;
    }

    fn is_busy(&self, id: EnvId) -> bool {
        let environment = self.env(id);
        (if self.lazy { environment.declared } else { environment.completed }) == Stage::Busy
    }

    /// Loads everything that an environment imports, without evaluating a value.
    pub(super) fn declare(&mut self, id: EnvId, world: &mut dyn World) -> Eval<()> {
        match self.env(id).declared {
            Stage::Done | Stage::Busy => return Ok(()),
            Stage::Blocked(round) if round == self.round => return Err(Blocked),
            Stage::Fresh | Stage::Blocked(_) => {}
        }
        self.env_mut(id).declared = Stage::Busy;
        let outcome = self.import_all(id, world);
        if outcome.is_err() {
            self.env_mut(id).declared = Stage::Blocked(self.round);
        }
        outcome
    }

    fn import_all(&mut self, id: EnvId, world: &mut dyn World) -> Eval<()> {
        let caller = std::mem::replace(&mut self.current, Origin::NONE);
        self.import_depth += 1;
        let outcome = self.import_each(id, world);
        self.import_depth -= 1;
        self.current = caller;
        if self.env(id).declared != Stage::Done && self.has_declared_links(id) {
            self.env_mut(id).base = self.imports_place(id);
            self.env_mut(id).declared = Stage::Done;
        }
        outcome
    }

    /// Tells whether all that an environment imports is loaded, and all that this imports.
    fn has_declared_links(&self, id: EnvId) -> bool {
        self.env(id).links.iter().all(|link| match link {
            Link::Open => false,
            Link::Skipped => true,
            Link::Linked(target) => self.env(*target).declared == Stage::Done,
        })
    }

    fn import_each(&mut self, id: EnvId, world: &mut dyn World) -> Eval<()> {
        let count = self.env(id).links.len();
        try_all!(self, 0..count, |at| self.link(id, at, world));
        Ok(())
    }

    /// Evaluates an environment: its imports in order, then its own values.
    pub(super) fn complete(&mut self, id: EnvId, world: &mut dyn World) -> Eval<()> {
        match self.env(id).completed {
            Stage::Done | Stage::Busy => return Ok(()),
            Stage::Blocked(round) if round == self.round => return Err(Blocked),
            Stage::Fresh | Stage::Blocked(_) => {}
        }
        self.env_mut(id).completed = Stage::Busy;
        // What is told here is told once, whichever cell follows an inline reference to it.
        let caller = std::mem::replace(&mut self.current, Origin::NONE);
        let outcome = self.complete_values(id, world);
        self.current = caller;
        self.env_mut(id).completed = match outcome {
            Ok(()) => Stage::Done,
            Err(Blocked) => Stage::Blocked(self.round),
        };
        outcome
    }

    fn complete_values(&mut self, id: EnvId, world: &mut dyn World) -> Eval<()> {
        let imported = self.import_all(id, world);
        if self.sequential || self.env(id).declared != Stage::Done {
            imported?;
        }
        // Own values need not wait until all that is imported was opened.
        if let (Ok(()), Some(base)) = (imported, self.env(id).base) {
            // What was merged once is looked into faster than its layers.
            self.value(base, world)?;
        }
        if !std::mem::replace(&mut self.env_mut(id).told_declarations, true) {
            let messages = self.env(id).declaration.declarations.clone();
            self.messages.tell(messages);
        }
        let own = self.root_cell(id).map_or(Ok(()), |root| self.cell(root, world).map(|_| ()));
        imported?;
        own?;
        while let Some((cell, target, name)) = self.env(id).inline.first().cloned() {
            if self.env(target).completed == Stage::Busy {
                self.order_matters = true;
                self.report(cell, Problem::ImportCycle { name: name.to_string() });
            } else {
                self.complete(target, world)?;
                self.rise(id, target);
            }
            self.env_mut(id).inline.remove(0);
        }
        Ok(())
    }

    /// Follows an inline reference; messages go to the cell. `None` when there is no such environment.
    pub(super) fn inline(&mut self, cell: CellId, name: &Arc<str>, world: &mut dyn World) -> Eval<Option<EnvId>> {
        let importer = self.cells[cell.0 as usize].environment;
        let node = self.expr(cell).1.node;
        let Some(target) = self.find(importer, name, node, world)? else { return Ok(None) };
        if self.is_busy(target) && !self.lazy {
            self.order_matters = true;
            self.report(cell, Problem::ImportCycle { name: name.to_string() });
            return Ok(None);
        }
        if self.import_depth > MAX_IMPORTS {
            self.order_matters = true;
            self.report(cell, Problem::Limit(LimitKind::Imports(MAX_IMPORTS)));
            return Ok(None);
        }
        if self.lazy {
            self.follow_later(importer, (cell, target, Arc::clone(name)));
            self.declare(target, world)?;
        } else if self.complete(target, world).is_err() {
            // What is asked of it may be there although something else in it is not.
            if self.sequential || self.env(target).declared != Stage::Done {
                return Err(Blocked);
            }
            self.follow_later(importer, (cell, target, Arc::clone(name)));
        } else {
            self.rise(importer, target);
        }
        Ok(Some(target))
    }

    fn follow_later(&mut self, importer: EnvId, edge: (CellId, EnvId, Arc<str>)) {
        let edges = &mut self.env_mut(importer).inline;
        if !edges.contains(&edge) {
            edges.push(edge);
        }
    }
}

fn nowhere(problem: Problem) -> Diagnostic {
    Diagnostic { severity: problem.severity(), problem, span: None, range: None, path: String::new(), extension: None }
}

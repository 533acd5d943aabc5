//! The builtins: arguments are evaluated and judged, then each does its work in the file of its name.

mod base64;
mod concat;
mod join;
mod json;
mod open;
mod rotate;
mod secret;
mod split;
mod text;
mod validate;

use super::{
    blocked::{Blocked, Eval},
    cell::CellId,
    machine::Machine,
    options::Roots,
    world::{Answer, CallSite, World},
};
use crate::{
    ast::{Builtin, ExprId, Form, Pure},
    diagnostic::{LimitKind, Problem},
    provider::CallContext,
    value::{
        Flags, Kind, MAX_VALUES, Node, NodeId, Origin, Shape, TooLarge, Value,
        schema::{Blame, Finding, Schema, SchemaRef, schema_of, validate},
    },
};

/// What an argument is worth.
pub(super) enum Argument {
    /// A value that matches what the builtin wants.
    Usable(NodeId),
    /// It does not match; that was told.
    Wrong,
}

impl Machine {
    pub(super) fn builtin(&mut self, cell: CellId, builtin: &Builtin, world: &mut dyn World) -> Eval<NodeId> {
        match builtin {
            Builtin::Pure(pure, argument) => {
                let argument = self.sibling(cell, *argument);
                match pure {
                    Pure::Concat => self.concat(cell, argument, world),
                    Pure::Final => self.passed(cell, argument, Flags::FINAL, world),
                    Pure::FromBase64 => self.decode_base64(cell, argument, world),
                    Pure::ToBase64 => self.encode_base64(cell, argument, world),
                    Pure::FromJson => self.decode_json(cell, argument, world),
                    Pure::ToJson => self.encode_json(cell, argument, world),
                    Pure::ToString => self.write_string(cell, argument, world),
                    Pure::ToYaml => self.write_yaml(cell, argument, world),
                }
            }
            Builtin::Join(None) => Ok(self.unknown_text(cell, Flags::empty())),
            Builtin::Split(None) => Ok(self.unknown_of(Schema::array(Schema::string()), cell)),
            Builtin::Join(Some(parts)) => {
                let parts = parts.map(|part| self.sibling(cell, part));
                self.join_strings(cell, parts, world)
            }
            Builtin::Split(Some(parts)) => {
                let parts = parts.map(|part| self.sibling(cell, part));
                self.split(cell, parts, world)
            }
            Builtin::Open(call) => self.open(cell, call, world),
            Builtin::Rotate(call) => self.rotate(cell, call, world),
            Builtin::Secret(secret) => self.secret(cell, secret, world),
            Builtin::Validate(call) => self.validate(cell, call, world),
        }
    }

    /// Evaluates an argument and judges it.
    pub(super) fn typed(&mut self, argument: CellId, accept: &SchemaRef, world: &mut dyn World) -> Eval<Argument> {
        let node = self.cell(argument, world)?;
        let node = self.settle(argument, node, world)?;
        Ok(if self.judge(node, accept) { Argument::Usable(node) } else { Argument::Wrong })
    }

    /// Checks a value against a schema and tells what is wrong.
    pub(super) fn judge(&mut self, node: NodeId, accept: &SchemaRef) -> bool {
        if accept.is_any() {
            return true;
        }
        let mut findings = Vec::new();
        let matches = validate(self.graph.view(node), accept, &Literals(self), &mut findings);
        for Finding { origin, prefix, violation } in findings {
            let problem = Problem::Schema { prefix, violation };
            if origin == Origin::NONE {
                let current = self.current;
                self.report(current, problem);
            } else {
                self.report(origin, problem);
            }
        }
        matches
    }

    /// Returns the flags of a result that is unknown if any argument holds an unknown, and secret if any holds a secret.
    pub(super) fn combined(&self, nodes: &[NodeId]) -> Flags {
        let mut flags = Flags::empty();
        for node in nodes {
            let inside = self.graph.node(*node).flags;
            if inside.has(Flags::UNKNOWN_INSIDE) || inside.has(Flags::SEALED_INSIDE) {
                flags = flags | Flags::UNKNOWN;
            }
            if inside.has(Flags::SECRET_INSIDE) {
                flags = flags | Flags::SECRET;
            }
        }
        flags
    }

    /// Passes a value through with flags: `fn::final`, `fn::validate`. The result has the value's own keys (quirk Q7).
    fn passed(&mut self, cell: CellId, argument: CellId, flags: Flags, world: &mut dyn World) -> Eval<NodeId> {
        let node = self.cell(argument, world)?;
        let node = self.settle(argument, node, world)?;
        Ok(self.pass(cell, node, flags))
    }

    fn pass(&mut self, cell: CellId, node: NodeId, flags: Flags) -> NodeId {
        let node = self.thaw(node);
        let flags = flags | self.combined(&[node]);
        let shape = Shape::Given(schema_of(self.graph.view(node)));
        let kind = match &self.graph.node(node).kind {
            Kind::Object(object) if object.own.is_some() => {
                let entries = object.own().cloned().collect();
                Kind::Object(std::sync::Arc::new(crate::value::Object { entries, ..Default::default() }))
            }
            kind => kind.clone(),
        };
        let flags = if matches!(kind, Kind::Unknown) { flags | Flags::UNKNOWN } else { flags };
        let id = self.graph.add(kind, flags, cell);
        let new = Node { shape, ..self.graph.node(id).clone() };
        self.graph.replace(id, new);
        id
    }

    /// Opens what a provider sealed, where everything is asked for: all leaves at once, before anybody needs one of them.
    fn opened_whole(&mut self, cell: CellId, node: NodeId, world: &mut dyn World) -> Eval<NodeId> {
        if self.options.roots != Roots::All {
            return Ok(node);
        }
        // Each attempt gets leaves of its own, so none is opened, and its failure told, before all answers are there.
        let leaves = self.sealed_leaves(node);
        let mut waits = false;
        for leaf in leaves {
            if let Kind::Sealed(seal) = &self.graph.node(leaf).kind {
                waits |= matches!(world.unseal(seal), Answer::Pending);
            }
        }
        if waits { Err(Blocked) } else { self.settle(cell, node, world) }
    }

    /// Opens the sealed leaves of a value, where values may be opened; else they stay as good as unknown.
    pub(super) fn settle(&mut self, cell: CellId, node: NodeId, world: &mut dyn World) -> Eval<NodeId> {
        if !self.opening || !self.graph.node(node).flags.has(Flags::SEALED_INSIDE) {
            return Ok(node);
        }
        let mut blocked = false;
        for leaf in self.sealed_leaves(node) {
            match self.unsealed(cell, leaf, world) {
                Ok(_) => {}
                Err(Blocked) if self.sequential => return Err(Blocked),
                Err(Blocked) => blocked = true,
            }
        }
        if blocked { Err(Blocked) } else { Ok(self.refreshed(node)) }
    }

    /// Finds the sealed leaves of a value, each once.
    fn sealed_leaves(&self, node: NodeId) -> Vec<NodeId> {
        let mut stack = vec![node];
        let mut seen = std::collections::HashSet::new();
        let mut leaves = Vec::new();
        while let Some(id) = stack.pop() {
            let value = self.graph.node(id);
            if !value.flags.has(Flags::SEALED_INSIDE) || !seen.insert(id) {
                continue;
            }
            match &value.kind {
                Kind::Sealed(_) => leaves.push(id),
                Kind::List(items) => stack.extend(items.iter().copied()),
                Kind::Object(object) => stack.extend(object.entries.iter().map(|(_, child)| *child)),
                _ => {}
            }
        }
        leaves
    }

    /// Rebuilds what lies above opened leaves, so that flags tell the truth again.
    fn refreshed(&mut self, node: NodeId) -> NodeId {
        if !self.graph.node(node).flags.has(Flags::SEALED_INSIDE) {
            return node;
        }
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            let value = self.graph.node(node).clone();
            let kind = match &value.kind {
                Kind::List(items) => Kind::List(items.iter().map(|item| self.refreshed(*item)).collect()),
                Kind::Object(object) => {
                    let entries = object
                        .entries
                        .iter()
                        .map(|(key, child)| (std::sync::Arc::clone(key), self.refreshed(*child)))
                        .collect();
                    Kind::Object(std::sync::Arc::new(crate::value::Object { entries, ..object.as_ref().clone() }))
                }
                _ => return node,
            };
            let own = value.flags.only(Flags::SECRET | Flags::UNKNOWN | Flags::FINAL | Flags::ROTATE_ONLY);
            let id = self.graph.add(kind, own, value.origin);
            let new = Node { base: value.base, shape: value.shape, ..self.graph.node(id).clone() };
            self.graph.replace(node, new.clone());
            self.graph.replace(id, new);
            node
        })
    }

    /// Opens a sealed leaf in place, where values may be opened.
    pub(super) fn unsealed(&mut self, cell: CellId, node: NodeId, world: &mut dyn World) -> Eval<NodeId> {
        let value = self.graph.node(node).clone();
        let Kind::Sealed(seal) = &value.kind else { return Ok(node) };
        if !self.opening {
            return Ok(node);
        }
        let opened = match world.unseal(seal) {
            Answer::Pending => return Err(Blocked),
            Answer::Ready(opened) => {
                let id = self.graph.graft(opened.view(), value.origin, Flags::SECRET);
                self.graph.node(id).clone()
            }
            Answer::Failed(failure) => {
                let place = if value.origin == Origin::NONE { cell } else { value.origin };
                // The leaf is told of once, since it is replaced, whether or not this computation can go on.
                let caller = std::mem::replace(&mut self.current, Origin::NONE);
                self.report(place, Problem::Open { name: seal.provider.to_string(), failure });
                self.current = caller;
                let id = self.unknown_with(value.origin, Schema::any(), Flags::SECRET);
                self.graph.node(id).clone()
            }
        };
        self.graph.replace(node, Node { base: value.base, ..opened });
        Ok(node)
    }

    /// Tells that a value is too large to be handed out.
    pub(super) fn is_too_large(&mut self, cell: CellId, node: NodeId) -> bool {
        let large = self.graph.node(node).weight > MAX_VALUES;
        if large {
            self.report(cell, Problem::Limit(LimitKind::Values(MAX_VALUES)));
        }
        large
    }

    /// Takes what a value was written as, or tells that it is too large to be written out.
    pub(super) fn written<T>(&mut self, cell: CellId, written: Result<T, TooLarge>) -> Option<T> {
        match written {
            Ok(text) => Some(text),
            Err(_) => {
                self.report(cell, Problem::Limit(LimitKind::Values(MAX_VALUES)));
                None
            }
        }
    }

    /// Takes over what a provider returned: all of it is defined by its call; a secret as a whole is secret in all its parts.
    fn returned(&mut self, cell: CellId, value: &Value) -> NodeId {
        let flags = if value.view().is_secret() { Flags::SECRET } else { Flags::empty() };
        self.graph.graft(value.view(), cell, flags)
    }

    /// Returns inputs or state as a provider gets them: a bare object, whose own flags are no property's.
    fn bare(&mut self, node: NodeId) -> NodeId {
        let value = self.graph.node(node);
        if !value.flags.has(Flags::SECRET) {
            return node;
        }
        let (kind, origin) = (value.kind.clone(), value.origin);
        self.graph.add(kind, Flags::empty(), origin)
    }

    fn call_site(&self, cell: CellId) -> CallSite {
        let environment = self.env(self.cells[cell.0 as usize].environment);
        CallSite { environment: std::sync::Arc::clone(&environment.key), expr: ExprId(cell.0 - environment.first_cell) }
    }

    fn call_context(&self, cell: CellId) -> CallContext {
        let environment = self.env(self.cells[cell.0 as usize].environment);
        CallContext {
            root_environment: std::sync::Arc::clone(&environment.root_name),
            current_environment: std::sync::Arc::clone(&environment.name),
            folder: environment.folder.clone(),
            revision: environment.revision.clone(),
        }
    }

    /// Marks the literals below an input that only a rotation needs.
    fn mark_rotate_only(&mut self, cell: CellId, accept: &SchemaRef, inherited: bool) {
        if inherited {
            self.cells[cell.0 as usize].rotate_only = true;
        }
        let (declaration, expr) = self.declaration(cell);
        match &declaration.expr(expr).form {
            Form::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    self.mark_rotate_only(self.sibling(cell, *item), &accept.item(at), inherited);
                }
            }
            Form::Object { properties, .. } => {
                for (key, child) in properties {
                    let only = inherited || is_rotate_only(accept, key);
                    self.mark_rotate_only(self.sibling(cell, *child), &accept.property(key), only);
                }
            }
            _ => {}
        }
    }
}

/// Tells whether a schema says that only a rotation needs a property.
fn is_rotate_only(schema: &SchemaRef, key: &str) -> bool {
    let rare = schema.keywords().and_then(|keywords| keywords.rare.as_ref());
    rare.is_some_and(|rare| rare.rotate_only.iter().any(|name| name.as_ref() == key))
}

/// Evaluates both parts of a pair although one is blocked.
fn try_both(
    machine: &mut Machine,
    parts: [CellId; 2],
    accepts: &[SchemaRef; 2],
    world: &mut dyn World,
) -> Eval<[Argument; 2]> {
    let first = machine.typed(parts[0], &accepts[0], world);
    if first.is_err() && machine.sequential {
        return Err(Blocked);
    }
    let second = machine.typed(parts[1], &accepts[1], world);
    Ok([first?, second?])
}

/// Finds the parts of literals, so that a violation is blamed on the part that is wrong.
struct Literals<'m>(&'m Machine);

impl Literals<'_> {
    fn child(&self, of: Origin, find: impl Fn(&Form) -> Option<ExprId>) -> Option<Origin> {
        if of == Origin::NONE {
            return None;
        }
        let (_, expr) = self.0.expr(of);
        find(&expr.form).map(|child| self.0.sibling(of, child))
    }
}

impl Blame for Literals<'_> {
    fn item(&self, list: Origin, index: usize) -> Option<Origin> {
        self.child(list, |form| match form {
            Form::List(items) => items.get(index).copied(),
            _ => None,
        })
    }

    fn property(&self, object: Origin, key: &str) -> Option<Origin> {
        self.child(object, |form| form.property(key))
    }
}

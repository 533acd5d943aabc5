//! Computes cells by their form.

use std::sync::Arc;

use super::{
    blocked::{Blocked, Eval, try_all},
    cell::CellId,
    environment::EnvId,
    machine::Machine,
    options::Mode,
    world::World,
};
use crate::{
    ast::{Expr, Form, Place},
    diagnostic::Problem,
    syntax::template::Part,
    value::{
        Flags, Key, Kind, MAX_BYTES, Node, NodeId, Object, Shape, Text, TooLarge,
        schema::{Schema, SchemaRef, Type, schema_of},
        text_form,
    },
};

/// Tells whether a text of this length may be made.
pub(super) fn fits(bytes: usize) -> Result<(), TooLarge> {
    if bytes > MAX_BYTES { Err(TooLarge::Bytes) } else { Ok(()) }
}

impl Machine {
    /// Computes a cell: skipped, overruled by a final base, or by its form and merged over its base.
    pub(super) fn compute(&mut self, cell: CellId, world: &mut dyn World) -> Eval<NodeId> {
        if self.is_skipped(cell) {
            return Ok(self.graph.push(Node {
                kind: Kind::Unknown,
                flags: Flags::UNKNOWN | Flags::ROTATE_ONLY,
                origin: cell,
                base: None,
                shape: Shape::Given(Schema::any()),
                weight: 1,
            }));
        }
        let base = self.base(cell);
        if let Some(base) = base
            && self.is_final(base, world)?
            && let Some(value) = self.value(base, world)?
        {
            // The object of `values` can't be final; what is final is one of its properties, at any depth.
            self.report(cell, Problem::Final);
            return Ok(value);
        }
        let (declaration, expr) = self.declaration(cell);
        let expr: &Expr = declaration.expr(expr);
        let mut node = match &expr.form {
            Form::Object { properties, .. } => self.object(cell, properties, world)?,
            form => {
                let node = self.form(cell, form, world)?;
                self.over_base(cell, node, world)?
            }
        };
        if self.cells[cell.0 as usize].rotate_only {
            node = self.flagged(node, Flags::ROTATE_ONLY);
        }
        Ok(node)
    }

    /// An input that only a rotation needs is evaluated by a check and by a rotation of the root environment, nowhere else.
    fn is_skipped(&self, cell: CellId) -> bool {
        let state = &self.cells[cell.0 as usize];
        let imported = state.environment != EnvId::ROOT;
        let evaluated = !self.opening || matches!(self.options.mode, Mode::Rotate(_));
        state.rotate_only && (imported || !evaluated)
    }

    fn form(&mut self, cell: CellId, form: &Form, world: &mut dyn World) -> Eval<NodeId> {
        Ok(match form {
            Form::Null => self.graph.add(Kind::Null, Flags::empty(), cell),
            Form::Bool(value) => self.graph.add(Kind::Bool(*value), Flags::empty(), cell),
            Form::Number(text) => self.graph.add(Kind::Number(Arc::clone(text)), Flags::empty(), cell),
            Form::String(text) => self.graph.add(Kind::String(text.as_ref().into()), Flags::empty(), cell),
            Form::Reference(path) => {
                let target = self.access(cell, path, world)?;
                self.copy(target, cell)
            }
            Form::Interpolation(parts) => self.interpolation(cell, parts, world)?,
            Form::List(items) => {
                let cells: Vec<CellId> = items.iter().map(|item| self.sibling(cell, *item)).collect();
                let nodes: Vec<NodeId> = try_all!(self, cells, |item| self.cell(item, world));
                self.graph.add(Kind::List(nodes.into()), Flags::empty(), cell)
            }
            Form::Object { .. } => unreachable!("objects are computed with their base"),
            Form::Builtin(builtin) => self.builtin(cell, builtin, world)?,
        })
    }

    /// Evaluates an object literal: each property is merged over its own base, the others are inherited.
    fn object(
        &mut self,
        cell: CellId,
        properties: &[(Key, crate::ast::ExprId)],
        world: &mut dyn World,
    ) -> Eval<NodeId> {
        let nodes = self.properties(cell, properties, world);
        if nodes.is_err() && self.sequential {
            return Err(Blocked);
        }
        let base = match self.base(cell) {
            Some(base) => self.value(base, world)?,
            None => None,
        };
        let own = Object { entries: nodes?.into(), ..Object::default() };
        let own = self.graph.add(Kind::Object(Arc::new(own)), Flags::empty(), cell);
        Ok(base.map_or(own, |base| self.inherit(own, base)))
    }

    fn properties(
        &mut self,
        cell: CellId,
        properties: &[(Key, crate::ast::ExprId)],
        world: &mut dyn World,
    ) -> Eval<Vec<(Key, NodeId)>> {
        Ok(try_all!(self, properties, |(key, child)| {
            let child = self.sibling(cell, *child);
            self.cell(child, world).map(|node| (Arc::clone(key), node))
        }))
    }

    /// Merges a computed value over what lies beneath its cell.
    fn over_base(&mut self, cell: CellId, node: NodeId, world: &mut dyn World) -> Eval<NodeId> {
        let Some(base) = self.base(cell) else { return Ok(node) };
        let value = self.graph.node(node);
        let layered = match value.kind {
            Kind::Object(_) => true,
            Kind::Unknown => schema_of(self.graph.view(node)).kind() == Some(Type::Object),
            _ => false,
        };
        // On demand a base that adds nothing is not evaluated; only a trace would show it.
        let base = if layered || !self.lazy { self.value(base, world)? } else { self.peek(base) };
        Ok(base.map_or(node, |base| {
            let frozen = self.freezes(cell);
            self.overlay(node, base, frozen)
        }))
    }

    /// Joins texts and the text forms of accesses. All accesses are evaluated, also behind an unknown one.
    fn interpolation(&mut self, cell: CellId, parts: &[Part], world: &mut dyn World) -> Eval<NodeId> {
        let nodes: Vec<Option<NodeId>> = try_all!(self, parts, |part| match &part.access {
            None => Ok(None),
            Some(path) => {
                self.access(cell, path, world).and_then(|node| self.settle(cell, node, world)).map(Some)
            }
        });
        let (mut bytes, mut flags) = (Vec::new(), Flags::empty());
        for (part, node) in std::iter::zip(parts, nodes) {
            bytes.extend_from_slice(part.text.as_bytes());
            let Some(node) = node else { continue };
            let form = text_form(self.graph.view(node));
            let form = form.and_then(|form| fits(bytes.len() + form.text.as_bytes().len()).map(|()| form));
            let Some(form) = self.written(cell, form) else { return Ok(self.unknown_text(cell, flags)) };
            bytes.extend_from_slice(form.text.as_bytes());
            if form.secret {
                flags = flags | Flags::SECRET;
            }
            if form.unknown {
                flags = flags | Flags::UNKNOWN;
            }
        }
        Ok(if flags.has(Flags::UNKNOWN) {
            self.unknown_text(cell, flags)
        } else {
            self.text(cell, bytes.into(), flags)
        })
    }

    /// Makes a string that is no constant.
    pub(super) fn text(&mut self, cell: CellId, text: Text, flags: Flags) -> NodeId {
        self.graph.push(Node {
            kind: Kind::String(text),
            flags,
            origin: cell,
            base: None,
            shape: Shape::Given(Schema::string()),
            weight: 1,
        })
    }

    /// Makes an unknown string.
    pub(super) fn unknown_text(&mut self, cell: CellId, flags: Flags) -> NodeId {
        self.unknown_with(cell, Schema::string(), flags)
    }

    /// Makes an unknown of a schema with more flags.
    pub(super) fn unknown_with(&mut self, cell: CellId, schema: SchemaRef, flags: Flags) -> NodeId {
        let node = self.unknown_of(schema, cell);
        self.flagged(node, flags.only(Flags::SECRET))
    }

    /// Returns the node with more flags, as another node.
    pub(super) fn flagged(&mut self, node: NodeId, flags: Flags) -> NodeId {
        let value = self.graph.node(node).clone();
        if value.flags.has(flags) {
            return node;
        }
        self.graph.push(Node { flags: value.flags | flags, ..value })
    }

    /// Copies a value by reference: it is defined where the reference stands, what is in it stays where it was.
    pub(super) fn copy(&mut self, node: NodeId, cell: CellId) -> NodeId {
        let node = self.thaw(node);
        let value = self.graph.node(node).clone();
        self.graph.push(Node { origin: cell, ..value })
    }

    /// Tells whether a cell's object lists its own keys only, although it lies on others (quirk Q7).
    fn freezes(&self, cell: CellId) -> bool {
        use crate::ast::{Builtin, Pure};
        let form = &self.expr(cell).1.form;
        matches!(form, Form::Builtin(Builtin::Pure(Pure::Final, _) | Builtin::Validate(_)))
            && !matches!(self.expr(cell).1.place, Place::Argument)
    }
}

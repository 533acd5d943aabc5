//! Places: what lies beneath a cell, looked up without evaluating what is not needed.
//!
//! The base of a property is the same property of its parent's base; the base of an environment's values is its merged
//! imports. Places name such positions, and are evaluated only when their value counts.

use std::sync::Arc;

use super::{
    blocked::{Blocked, Eval, try_all},
    cell::{Base, CellId, Finality, State},
    environment::{EnvId, Link},
    limits::MAX_REFERENCES,
    machine::Machine,
    position::{Known, Lookup, Place, PlaceId, Position},
    world::World,
};
use crate::{
    ast::{Builtin, Form, Place as AstPlace, Pure},
    value::{Flags, Key, Kind, NodeId, schema::schema_of},
};

impl Machine {
    fn place(&mut self, kind: Position) -> PlaceId {
        let id = PlaceId(u32::try_from(self.places.len()).expect("limits keep places far below 2^32"));
        self.places.push(Place { kind, value: Known::NotYet });
        id
    }

    pub(super) fn cell_place(&mut self, cell: CellId) -> PlaceId {
        self.place(Position::Cell(cell))
    }

    fn node_place(&mut self, node: NodeId) -> PlaceId {
        self.place(Position::Node(node))
    }

    fn layers(&mut self, mut layers: Vec<PlaceId>) -> Option<PlaceId> {
        match layers.len() {
            0 => None,
            1 => layers.pop(),
            _ => Some(self.place(Position::Layers(layers.into()))),
        }
    }

    /// Returns the place of an environment's values.
    pub(super) fn root_place(&mut self, id: EnvId) -> Option<PlaceId> {
        let cell = self.root_cell(id)?;
        Some(self.place(Position::Cell(cell)))
    }

    /// Returns the place of an environment's merged imports: the last import on top.
    pub(super) fn imports_place(&mut self, id: EnvId) -> Option<PlaceId> {
        let environment = self.env(id);
        let merged: Vec<EnvId> = std::iter::zip(&environment.links, &environment.declaration.imports)
            .rev()
            .filter_map(|(link, import)| match link {
                Link::Linked(target) if import.merge => Some(*target),
                _ => None,
            })
            .collect();
        let layers = merged.into_iter().filter_map(|target| self.root_place(target)).collect();
        self.layers(layers)
    }

    /// Returns what lies beneath a cell.
    pub(super) fn base(&mut self, cell: CellId) -> Option<PlaceId> {
        if let Base::Set(base) = self.cells[cell.0 as usize].base {
            return base;
        }
        let (environment, expr) = self.expr(cell);
        let base = match &expr.place {
            AstPlace::Root => environment.base,
            AstPlace::Item(_) | AstPlace::Argument => None,
            AstPlace::Property(key) => {
                let (key, parent) = (Arc::clone(key), self.sibling(cell, expr.parent));
                self.base(parent).and_then(|base| match self.lookup(base, &key) {
                    Lookup::Found(place) => Some(place),
                    Lookup::Absent | Lookup::Hidden => None,
                })
            }
        };
        self.cells[cell.0 as usize].base = Base::Set(base);
        base
    }

    /// Looks a key up in a place without evaluating anything.
    pub(super) fn lookup(&mut self, place: PlaceId, key: &Key) -> Lookup {
        match self.places[place.0 as usize].value {
            Known::NotYet => {}
            Known::Nothing => return Lookup::Hidden,
            Known::Value(node) => return self.lookup_node(node, key),
        }
        match self.places[place.0 as usize].kind.clone() {
            Position::Node(node) => self.lookup_node(node, key),
            Position::Property(..) => Lookup::Found(self.place(Position::Property(place, Arc::clone(key)))),
            Position::Cell(cell) => self.lookup_cell(cell, place, key),
            Position::Layers(layers) => {
                // Environments that are imported on several ways are looked into once.
                let question = (place, Arc::clone(key));
                if let Some(known) = self.lookups.get(&question) {
                    return *known;
                }
                let found = self.lookup_layers(&layers, key);
                self.lookups.insert(question, found);
                found
            }
        }
    }

    fn lookup_layers(&mut self, layers: &[PlaceId], key: &Key) -> Lookup {
        let mut found = Vec::new();
        let mut hidden = false;
        for layer in layers {
            match self.lookup(*layer, key) {
                Lookup::Found(place) => found.push(place),
                Lookup::Absent => {}
                Lookup::Hidden => {
                    hidden = true;
                    break;
                }
            }
        }
        match self.layers(found) {
            Some(place) => Lookup::Found(place),
            None if hidden => Lookup::Hidden,
            None => Lookup::Absent,
        }
    }

    fn lookup_cell(&mut self, cell: CellId, place: PlaceId, key: &Key) -> Lookup {
        if let State::Done(node) = self.cells[cell.0 as usize].state {
            return self.lookup_node(node, key);
        }
        let (_, expr) = self.expr(cell);
        match &expr.form {
            Form::Object { .. } => match expr.form.property(key).map(|child| self.sibling(cell, child)) {
                // The base of a literal may be final, which hides the literal; then only the value tells.
                _ if self.may_be_overruled(cell) => {
                    Lookup::Found(self.place(Position::Property(place, Arc::clone(key))))
                }
                Some(child) => Lookup::Found(self.place(Position::Cell(child))),
                None => match self.base(cell) {
                    Some(base) => self.lookup(base, key),
                    None => Lookup::Absent,
                },
            },
            Form::Null | Form::Bool(_) | Form::Number(_) | Form::String(_) | Form::List(_) | Form::Interpolation(_) => {
                Lookup::Hidden
            }
            Form::Reference(_) | Form::Builtin(_) => {
                Lookup::Found(self.place(Position::Property(place, Arc::clone(key))))
            }
        }
    }

    /// Tells whether what lies beneath a cell could be final.
    fn may_be_overruled(&mut self, cell: CellId) -> bool {
        let base = self.base(cell);
        base.is_some_and(|base| self.static_finality(base) != Some(false))
    }

    fn lookup_node(&mut self, node: NodeId, key: &Key) -> Lookup {
        match self.property(node, key) {
            Some(child) => Lookup::Found(self.node_place(child)),
            None => match &self.graph.node(node).kind {
                Kind::Object(object) if object.beneath.is_none() => Lookup::Absent,
                _ => Lookup::Hidden,
            },
        }
    }

    /// Returns a property of a value: an unknown has an unknown one, a scalar has none.
    pub(super) fn property(&mut self, node: NodeId, key: &str) -> Option<NodeId> {
        let value = self.graph.node(node);
        if value.flags.has(Flags::UNKNOWN) {
            let origin = value.origin;
            let schema = schema_of(self.graph.view(node)).property(key);
            return Some(self.unknown_of(schema, origin));
        }
        let Kind::Object(object) = &value.kind else { return None };
        if let Some(child) = object.get(key) {
            return Some(child);
        }
        let beneath = object.beneath?;
        self.graph.node(beneath).flags.has(Flags::UNKNOWN).then(|| self.property(beneath, key)).flatten()
    }

    /// Evaluates a place; `None` when nothing is there.
    pub(super) fn value(&mut self, place: PlaceId, world: &mut dyn World) -> Eval<Option<NodeId>> {
        match self.places[place.0 as usize].value {
            Known::NotYet => {}
            Known::Nothing => return Ok(None),
            Known::Value(node) => return Ok(Some(node)),
        }
        let value = match self.places[place.0 as usize].kind.clone() {
            Position::Node(node) => Some(node),
            Position::Cell(cell) => Some(self.cell(cell, world)?),
            Position::Property(of, key) => {
                let whole = self.value(of, world)?;
                whole.and_then(|whole| self.property(whole, &key))
            }
            Position::Layers(layers) => self.layers_value(&layers, world)?,
        };
        let value = value.map(|node| self.thaw(node));
        self.places[place.0 as usize].value = value.map_or(Known::Nothing, Known::Value);
        Ok(value)
    }

    /// Merges layers; on demand, layers that a scalar hides are not evaluated.
    fn layers_value(&mut self, layers: &[PlaceId], world: &mut dyn World) -> Eval<Option<NodeId>> {
        let values = if self.lazy {
            let mut values = Vec::new();
            let mut blocked = Ok(());
            for layer in layers {
                let node = match self.value(*layer, world) {
                    Ok(Some(node)) => node,
                    Ok(None) => continue,
                    // What is surely an object hides nothing: what lies beneath is asked for in the same round.
                    Err(Blocked) if !self.sequential && self.is_literal_object(*layer) => {
                        blocked = Err(Blocked);
                        continue;
                    }
                    Err(Blocked) => return Err(Blocked),
                };
                values.push(node);
                let value = self.graph.node(node);
                if !matches!(value.kind, Kind::Object(_) | Kind::Unknown) {
                    break;
                }
            }
            blocked?;
            values
        } else {
            let values: Vec<Option<NodeId>> = try_all!(self, layers, |layer| self.value(*layer, world));
            values.into_iter().flatten().collect()
        };
        let values: Vec<NodeId> = values.into_iter().map(|node| self.thaw(node)).collect();
        Ok((!values.is_empty()).then(|| self.overlay_all(&values)))
    }

    /// Returns the value of a place when it is known without evaluating anything.
    pub(super) fn peek(&self, place: PlaceId) -> Option<NodeId> {
        match self.places[place.0 as usize].value {
            Known::NotYet => {}
            Known::Nothing => return None,
            Known::Value(node) => return Some(node),
        }
        match &self.places[place.0 as usize].kind {
            Position::Cell(cell) => match self.cells[cell.0 as usize].state {
                State::Done(node) => Some(node),
                _ => None,
            },
            Position::Node(node) => Some(*node),
            Position::Layers(_) | Position::Property(..) => None,
        }
    }

    /// Returns the cell that a place is, when nothing has to be evaluated to say so.
    pub(super) fn place_cell(&self, place: PlaceId) -> Option<CellId> {
        match self.places[place.0 as usize].kind {
            Position::Cell(cell) => Some(cell),
            _ => None,
        }
    }

    /// Tells whether something is at a place for certain.
    pub(super) fn is_certain(&self, place: PlaceId) -> bool {
        match &self.places[place.0 as usize].kind {
            Position::Cell(_) | Position::Node(_) => true,
            Position::Layers(layers) => self.is_certain(layers[0]),
            Position::Property(..) => false,
        }
    }

    /// Returns the keys of the lowest object literal of a place: where a failed access looks for a suggestion.
    pub(super) fn lowest_names(&mut self, place: PlaceId) -> Vec<Key> {
        match self.places[place.0 as usize].kind.clone() {
            Position::Layers(layers) => layers.last().map_or_else(Vec::new, |last| self.lowest_names(*last)),
            Position::Cell(cell) => match self.base(cell) {
                Some(base) if self.is_literal_object(base) => self.lowest_names(base),
                _ => match &self.expr(cell).1.form {
                    Form::Object { properties, .. } => properties.iter().map(|(key, _)| Arc::clone(key)).collect(),
                    _ => Vec::new(),
                },
            },
            Position::Property(..) | Position::Node(_) => Vec::new(),
        }
    }

    /// Tells whether every layer of a place is an object literal, so that a walk needs no evaluation.
    pub(super) fn is_literal_object(&mut self, place: PlaceId) -> bool {
        match self.places[place.0 as usize].kind.clone() {
            Position::Cell(cell) => {
                matches!(self.expr(cell).1.form, Form::Object { .. }) && !self.may_be_overruled(cell)
            }
            Position::Layers(layers) => layers.first().is_some_and(|top| self.is_literal_object(*top)),
            Position::Property(..) | Position::Node(_) => false,
        }
    }

    /// Tells whether the value of a place is final, evaluating only what it must.
    pub(super) fn is_final(&mut self, place: PlaceId, world: &mut dyn World) -> Eval<bool> {
        if self.lazy
            && let Some(known) = self.static_finality(place)
        {
            return Ok(known);
        }
        let value = self.value(place, world)?;
        Ok(value.is_some_and(|node| self.graph.node(node).flags.has(Flags::FINAL)))
    }

    /// Tells finality from the form alone, where it can be told.
    pub(super) fn static_finality(&mut self, place: PlaceId) -> Option<bool> {
        if let Some(value) = self.peek(place) {
            return Some(self.graph.node(value).flags.has(Flags::FINAL));
        }
        match self.places[place.0 as usize].kind.clone() {
            Position::Node(_) => None,
            Position::Layers(layers) => self.static_finality(layers[0]),
            Position::Property(of, _) => self.holds_provider_data(of).then_some(false),
            Position::Cell(cell) => match self.cells[cell.0 as usize].finality {
                Finality::Known(known) => Some(known),
                Finality::Busy | Finality::Untold => None,
                Finality::Unasked if self.depth >= MAX_REFERENCES => None,
                Finality::Unasked => {
                    self.cells[cell.0 as usize].finality = Finality::Busy;
                    let told = self.deeper(|machine| machine.static_cell_finality(cell));
                    self.cells[cell.0 as usize].finality = told.map_or(Finality::Untold, Finality::Known);
                    told
                }
            },
        }
    }

    fn static_cell_finality(&mut self, cell: CellId) -> Option<bool> {
        if let Some(base) = self.base(cell) {
            match self.static_finality(base) {
                Some(false) => {}
                other => return other,
            }
        }
        let (declaration, expr) = self.declaration(cell);
        match &declaration.expr(expr).form {
            Form::Reference(path) => self.static_reference_finality(cell, path),
            Form::Builtin(Builtin::Pure(Pure::Final, _)) => Some(true),
            _ => Some(false),
        }
    }

    /// Tells whether a place is what a provider returns: nothing in it is ever final.
    fn holds_provider_data(&self, place: PlaceId) -> bool {
        match self.places[place.0 as usize].kind {
            Position::Cell(cell) => {
                let form = &self.expr(cell).1.form;
                matches!(form, Form::Builtin(Builtin::Open(_) | Builtin::Rotate(_) | Builtin::Pure(Pure::FromJson, _)))
            }
            Position::Property(of, _) => self.holds_provider_data(of),
            Position::Layers(_) | Position::Node(_) => false,
        }
    }
}

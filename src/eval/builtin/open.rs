//! `fn::open`: a provider, its inputs, and what it returns.

use super::{Answer, Blocked, CellId, Eval, Machine, World};
use crate::{
    ast::{Call, Form},
    diagnostic::Problem,
    provider::Signature,
    syntax::path::Step,
    value::{
        Flags, Kind, NodeId,
        schema::{Schema, SchemaRef, compile},
    },
};

impl Machine {
    pub(super) fn open(&mut self, cell: CellId, call: &Call, world: &mut dyn World) -> Eval<NodeId> {
        let Some(provider) = &call.provider else { return Ok(self.unknown(cell)) };
        let (signature, loaded) = match world.signature(provider) {
            Ok(signature) => (signature, true),
            Err(failure) => {
                self.report(cell, Problem::ProviderLoad { name: provider.to_string(), failure });
                (Signature { inputs: Schema::any(), outputs: Schema::any() }, false)
            }
        };
        if self.opening
            && loaded
            && let Err(failure) = world.available(provider)
        {
            // Its inputs are not asked for; the rest of the run checks them.
            self.report(cell, Problem::Open { name: provider.to_string(), failure });
            return Ok(self.unknown_of(signature.outputs, cell));
        }
        let inputs_schema = self.usable_schema(cell, provider, &signature.inputs);
        let outputs_schema = self.usable_schema(cell, provider, &signature.outputs);
        let Some((inputs, valid)) = self.inputs(cell, call, &inputs_schema, world)? else {
            return Ok(self.unknown_of(outputs_schema, cell));
        };
        if loaded {
            self.tell_extensions(cell, provider, call, inputs, world);
        }
        let missing = self.graph.node(inputs).flags;
        let missing = missing.has(Flags::MISSING_INSIDE) || missing.has(Flags::SEALED_INSIDE);
        if !valid || !loaded || missing || !self.opening {
            return Ok(self.unknown_of(outputs_schema, cell));
        }
        if self.is_no_object(cell, provider, inputs) || self.is_too_large(cell, inputs) {
            return Ok(self.unknown_of(outputs_schema, cell));
        }
        let inputs = self.bare(inputs);
        let (site, context) = (self.call_site(cell), self.call_context(cell));
        match world.open(&site, provider, self.graph.view(inputs), &context) {
            Answer::Pending => Err(Blocked),
            Answer::Ready(value) => {
                let node = self.returned(cell, &value);
                self.opened_whole(cell, node, world)
            }
            Answer::Failed(failure) => {
                self.report(cell, Problem::Open { name: provider.to_string(), failure });
                Ok(self.unknown_of(outputs_schema, cell))
            }
        }
    }

    /// Evaluates and judges the inputs of a call; `None` when there are none.
    pub(super) fn inputs(
        &mut self,
        cell: CellId,
        call: &Call,
        accept: &SchemaRef,
        world: &mut dyn World,
    ) -> Eval<Option<(NodeId, bool)>> {
        let Some(inputs) = call.inputs else { return Ok(None) };
        let inputs = self.sibling(cell, inputs);
        self.mark_rotate_only(inputs, accept, false);
        let node = self.cell(inputs, world)?;
        let node = self.settle(inputs, node, world)?;
        let valid = self.judge(node, accept);
        Ok(Some((node, valid)))
    }

    /// Binds a provider's schema; one that is wrong counts as any.
    pub(super) fn usable_schema(&mut self, cell: CellId, provider: &str, schema: &SchemaRef) -> SchemaRef {
        match compile(schema) {
            Ok(schema) => schema,
            Err(error) => {
                self.report(cell, Problem::ProviderSchema { name: provider.to_owned(), reason: error.to_string() });
                Schema::any()
            }
        }
    }

    /// The reference crashes on inputs that are no object (Q12).
    pub(super) fn is_no_object(&mut self, cell: CellId, provider: &str, inputs: NodeId) -> bool {
        let wrong = !matches!(self.graph.node(inputs).kind, Kind::Object(_));
        if wrong {
            self.report(cell, Problem::InputsObject { name: provider.to_owned() });
        }
        wrong
    }

    /// Tells which local extensions the inputs use, at their places.
    fn tell_extensions(&mut self, cell: CellId, provider: &str, call: &Call, inputs: NodeId, world: &mut dyn World) {
        if !self.is_local() {
            return;
        }
        let used = world.extensions(provider, self.graph.view(inputs));
        for (path, extension) in used {
            let place = call.inputs.map(|inputs| self.sibling(cell, inputs));
            let place = place.map_or(cell, |inputs| self.literal_at(inputs, &path).unwrap_or(cell));
            self.report(place, Problem::Extension(extension));
        }
    }

    /// Follows a path through literals.
    fn literal_at(&self, cell: CellId, path: &[Step]) -> Option<CellId> {
        let mut current = cell;
        for step in path {
            let (_, expr) = self.expr(current);
            let child = match (&expr.form, step) {
                (form @ Form::Object { .. }, Step::Key(key)) => form.property(key)?,
                (Form::List(items), Step::Index(index)) => *items.get(usize::try_from(*index).ok()?)?,
                _ => return Some(current),
            };
            current = self.sibling(current, child);
        }
        Some(current)
    }
}

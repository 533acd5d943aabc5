//! `fn::rotate`: stored state, opened; and made anew when a rotation is asked for.

use super::{Answer, Blocked, CellId, Eval, Machine, World};
use crate::{
    ast::RotateCall,
    diagnostic::Problem,
    eval::{
        options::Mode,
        rotation::{Patch, Rotation, RotationStatus},
    },
    provider::RotatorSignature,
    syntax::append_key,
    value::{
        Flags, Kind, NodeId, Value,
        schema::{Keywords, Rare, Schema, SchemaRef, Type},
    },
};

impl Machine {
    pub(super) fn rotate(&mut self, cell: CellId, call: &RotateCall, world: &mut dyn World) -> Eval<NodeId> {
        let Some(rotator) = call.call.provider.clone() else { return Ok(self.unknown(cell)) };
        let (signature, loaded) = match world.rotator_signature(&rotator) {
            Ok(signature) => (signature, true),
            Err(failure) => {
                self.report(cell, Problem::ProviderLoad { name: rotator.to_string(), failure });
                let any = Schema::any;
                (RotatorSignature { inputs: any(), state: any(), outputs: any() }, false)
            }
        };
        let inputs_schema = self.usable_schema(cell, &rotator, &signature.inputs);
        let state_schema = nullable(self.usable_schema(cell, &rotator, &signature.state));
        let outputs_schema = self.usable_schema(cell, &rotator, &signature.outputs);
        let inputs = self.inputs(cell, &call.call, &inputs_schema, world);
        if inputs.is_err() && self.sequential {
            return Err(Blocked);
        }
        let state = self.state(cell, call, &state_schema, world);
        let (inputs, (state, state_valid)) = (inputs?, state?);
        let path = self.document_path(cell);
        let selected = self.is_selected(cell, &path);
        let usable = inputs.filter(|(node, valid)| *valid && !self.lacks_inputs(cell, *node));
        let lacks_state = state.is_some_and(|state| self.combined(&[state]).has(Flags::UNKNOWN));
        let blocked = usable.is_none() || !state_valid || lacks_state || !self.opening || !loaded;
        let refused = match usable {
            Some((inputs, _)) if !blocked => {
                self.is_no_object(cell, &rotator, inputs) || self.is_too_large(cell, inputs)
            }
            _ => blocked,
        };
        let Some((inputs, _)) = usable.filter(|_| !refused) else {
            if selected {
                self.rotations.push(Rotation { path, status: RotationStatus::NotEvaluated, patch: None });
            }
            return Ok(self.unknown_of(outputs_schema, cell));
        };
        let (site, context) = (self.call_site(cell), self.call_context(cell));
        let inputs = self.bare(inputs);
        let mut state = state.filter(|state| matches!(self.graph.node(*state).kind, Kind::Object(_)));
        state = state.map(|state| self.bare(state));
        if selected {
            let stored = state.map(|state| self.graph.view(state));
            match world.rotate(&site, &rotator, self.graph.view(inputs), stored, &context) {
                Answer::Pending => return Err(Blocked),
                Answer::Failed(failure) => {
                    self.report(cell, Problem::Rotate { name: rotator.to_string(), failure });
                    self.rotations.push(Rotation { path, status: RotationStatus::Failed, patch: None });
                    return Ok(self.unknown_of(outputs_schema, cell));
                }
                Answer::Ready(value) => {
                    let new = self.returned(cell, &value);
                    state = matches!(self.graph.node(new).kind, Kind::Object(_)).then_some(new);
                    if !self.rotations.iter().any(|rotation| rotation.path == path) {
                        // The opening of the new state may block, and this be done again.
                        let mut patched = path.clone();
                        append_key(&mut patched, &call.key);
                        append_key(&mut patched, "state");
                        let patch = Patch { path: patched, state: Value::copy(self.graph.view(new)) };
                        self.rotations.push(Rotation { path, status: RotationStatus::Succeeded, patch: Some(patch) });
                    }
                }
            }
        }
        let stored = state.map(|state| self.graph.view(state));
        match world.open_rotator(&site, &rotator, self.graph.view(inputs), stored, &context) {
            Answer::Pending => Err(Blocked),
            Answer::Ready(value) => Ok(self.returned(cell, &value)),
            Answer::Failed(failure) => {
                self.report(cell, Problem::Open { name: rotator.to_string(), failure });
                Ok(self.unknown_of(outputs_schema, cell))
            }
        }
    }

    /// Evaluates the stored state; `None` when there is none.
    fn state(
        &mut self,
        cell: CellId,
        call: &RotateCall,
        accept: &SchemaRef,
        world: &mut dyn World,
    ) -> Eval<(Option<NodeId>, bool)> {
        let Some(state) = call.state else { return Ok((None, true)) };
        let state = self.sibling(cell, state);
        let node = self.cell(state, world)?;
        let node = self.settle(state, node, world)?;
        let valid = self.judge(node, accept);
        Ok((Some(node), valid))
    }

    /// Inputs that only a rotation needs may be unknown otherwise.
    fn lacks_inputs(&self, cell: CellId, inputs: NodeId) -> bool {
        let flags = self.graph.node(inputs).flags;
        let needed = if self.is_rotating(cell) { Flags::UNKNOWN_INSIDE } else { Flags::MISSING_INSIDE };
        flags.has(needed) || flags.has(Flags::SEALED_INSIDE)
    }

    /// Tells whether a call is to be rotated.
    fn is_selected(&self, cell: CellId, path: &str) -> bool {
        let Mode::Rotate(paths) = &self.options.mode else { return false };
        self.is_rotating(cell) && paths.as_ref().is_none_or(|paths| paths.iter().any(|wanted| wanted == path))
    }
}

/// Lets a state be absent.
fn nullable(state: SchemaRef) -> SchemaRef {
    let one_of = vec![state, Schema::of(Type::Null)];
    let rare = Rare { one_of, ..Rare::default() };
    std::sync::Arc::new(Keywords { rare: Some(Box::new(rare)), ..Keywords::default() }.into())
}

//! `fn::validate`: a value, judged by a schema that the document holds.

use super::{CellId, Eval, Machine, World};
use crate::{
    ast::Validate,
    diagnostic::Problem,
    value::{
        Flags, NodeId,
        schema::{SchemaRef, compile, decode, schema_of_schemas},
    },
};

impl Machine {
    /// The value always passes through; what is wrong with it is told.
    pub(super) fn validate(&mut self, cell: CellId, call: &Validate, world: &mut dyn World) -> Eval<NodeId> {
        let schema = match call.schema {
            None => None,
            Some(schema) => {
                let schema = self.sibling(cell, schema);
                let node = self.cell(schema, world)?;
                let node = self.settle(schema, node, world)?;
                self.schema_from(schema, node)
            }
        };
        let Some(value) = call.value else { return Ok(self.unknown(cell)) };
        let value = self.sibling(cell, value);
        if let Some(schema) = &schema {
            self.mark_rotate_only(value, schema, false);
        }
        let node = self.cell(value, world)?;
        let node = self.settle(value, node, world)?;
        if let Some(schema) = &schema {
            let _ = self.judge(node, schema);
        }
        Ok(self.pass(cell, node, Flags::empty()))
    }

    /// Reads the schema; nothing when it is not known or wrong, which is told.
    fn schema_from(&mut self, cell: CellId, node: NodeId) -> Option<SchemaRef> {
        if !self.judge(node, &schema_of_schemas()) || self.combined(&[node]).has(Flags::UNKNOWN) {
            return None;
        }
        let schema = decode(self.graph.view(node))
            .map_err(|error| error.to_string())
            .and_then(|schema| compile(&schema).map_err(|error| error.to_string()));
        match schema {
            Ok(schema) => Some(schema),
            Err(reason) => {
                self.report(cell, Problem::BadSchema { reason });
                None
            }
        }
    }
}

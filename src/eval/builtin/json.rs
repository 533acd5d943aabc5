//! `fn::fromJSON` and `fn::toJSON`.

use super::{Argument, CellId, Eval, Machine, World, join::bytes_of};
use crate::{
    diagnostic::{LimitKind, Problem},
    value::{
        Flags, NodeId, Text,
        json::{self, JsonErrorKind, MAX_DEPTH},
        schema::Schema,
    },
};

impl Machine {
    /// Decodes the first JSON value of a text; what comes from a secret is secret in all its parts.
    pub(super) fn decode_json(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        let Argument::Usable(node) = self.typed(argument, &Schema::string(), world)? else {
            return Ok(self.unknown(cell));
        };
        let flags = self.combined(&[node]);
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_with(cell, Schema::any(), flags));
        }
        let text = Text::from(bytes_of(self.graph.view(node)));
        match json::parse_prefix(text.as_bytes(), &mut self.graph, cell, flags) {
            Ok(value) => Ok(value),
            Err(error) => {
                let problem = if error.kind == JsonErrorKind::Depth {
                    Problem::Limit(LimitKind::JsonNesting(MAX_DEPTH))
                } else {
                    Problem::Json { reason: error.to_string() }
                };
                self.report(cell, problem);
                Ok(self.unknown_with(cell, Schema::any(), flags))
            }
        }
    }

    pub(super) fn encode_json(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        self.write_text(cell, argument, world, json::compact)
    }
}

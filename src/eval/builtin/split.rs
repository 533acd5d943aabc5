//! `fn::split`: a string at a delimiter.

use std::sync::Arc;

use super::{Argument, CellId, Eval, Machine, World, join::bytes_of, try_both};
use crate::value::{
    Flags, Kind, Node, NodeId, Shape, Text,
    schema::{Schema, SchemaRef},
};

impl Machine {
    pub(super) fn split(&mut self, cell: CellId, parts: [CellId; 2], world: &mut dyn World) -> Eval<NodeId> {
        let schema: SchemaRef = Schema::array(Schema::string());
        let accepts = [Schema::string(), Schema::string()];
        let [Argument::Usable(delimiter), Argument::Usable(string)] = try_both(self, parts, &accepts, world)? else {
            return Ok(self.unknown_with(cell, schema, Flags::empty()));
        };
        let flags = self.combined(&[delimiter, string]);
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_with(cell, schema, flags));
        }
        let pieces = pieces(bytes_of(self.graph.view(string)), bytes_of(self.graph.view(delimiter)));
        let items: Arc<[NodeId]> = pieces
            .into_iter()
            .map(|piece| {
                self.graph.push(Node {
                    kind: Kind::String(piece),
                    flags: Flags::empty(),
                    origin: cell,
                    base: None,
                    shape: Shape::Given(Schema::string()),
                    weight: 1,
                })
            })
            .collect();
        let id = self.graph.add(Kind::List(items), flags, cell);
        let node = Node { shape: Shape::Given(schema), ..self.graph.node(id).clone() };
        self.graph.replace(id, node);
        Ok(id)
    }
}

/// Cuts at each delimiter, left to right; an empty delimiter cuts into characters.
fn pieces(text: &[u8], delimiter: &[u8]) -> Vec<Text> {
    if delimiter.is_empty() {
        let mut pieces = Vec::new();
        for chunk in text.utf8_chunks() {
            let mut buffer = [0; 4];
            pieces.extend(chunk.valid().chars().map(|c| Text::from(&*c.encode_utf8(&mut buffer))));
            pieces.extend(chunk.invalid().iter().map(|byte| Text::from(&[*byte][..])));
        }
        return pieces;
    }
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(delimiter.len()).position(|window| window == delimiter) {
        pieces.push(Text::from(&rest[..at]));
        rest = &rest[at + delimiter.len()..];
    }
    pieces.push(Text::from(rest));
    pieces
}

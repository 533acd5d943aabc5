//! `fn::concat`: lists one after another.

use std::sync::Arc;

use super::{Argument, CellId, Eval, Machine, World};
use crate::value::{Flags, Kind, MAX_VALUES, Node, NodeId, Shape, TooLarge, schema::Schema};

impl Machine {
    pub(super) fn concat(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        let accept = Schema::array(Schema::array(Schema::any()));
        let schema = Schema::array(Schema::any());
        let Argument::Usable(lists) = self.typed(argument, &accept, world)? else {
            return Ok(self.unknown_of(schema, cell));
        };
        let flags = self.combined(&[lists]);
        let mut elements: Vec<NodeId> = Vec::new();
        for list in self.graph.view(lists).items() {
            elements.extend(list.items().map(crate::value::View::id));
        }
        let length = u32::try_from(elements.len()).unwrap_or(u32::MAX);
        let counted = if length > MAX_VALUES { Err(TooLarge::Values) } else { Ok(()) };
        if self.written(cell, counted).is_none() {
            return Ok(self.unknown_with(cell, schema, flags));
        }
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_with(cell, schema, flags));
        }
        let kind = Kind::List(Arc::from(elements));
        let id = self.graph.add(kind, flags, cell);
        let node = Node { shape: Shape::Given(schema), ..self.graph.node(id).clone() };
        self.graph.replace(id, node);
        Ok(id)
    }
}

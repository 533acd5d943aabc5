//! `fn::join`: strings with a delimiter between them.

use super::{Argument, CellId, Eval, Machine, World, try_both};
use crate::eval::expr::fits;
use crate::value::{Flags, NodeId, Text, schema::Schema};

impl Machine {
    pub(super) fn join_strings(&mut self, cell: CellId, parts: [CellId; 2], world: &mut dyn World) -> Eval<NodeId> {
        let accepts = [Schema::string(), Schema::array(Schema::string())];
        let [Argument::Usable(delimiter), Argument::Usable(values)] = try_both(self, parts, &accepts, world)? else {
            return Ok(self.unknown_text(cell, Flags::empty()));
        };
        let flags = self.combined(&[delimiter, values]);
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_text(cell, flags));
        }
        let joined = {
            let delimiter = bytes_of(self.graph.view(delimiter));
            let pieces: Vec<&[u8]> = self.graph.view(values).items().map(bytes_of).collect();
            let length = pieces.iter().map(|piece| piece.len() + delimiter.len()).sum();
            fits(length).map(|()| pieces.join(delimiter))
        };
        Ok(match self.written(cell, joined) {
            Some(bytes) => self.text(cell, bytes.into(), flags),
            None => self.unknown_text(cell, flags),
        })
    }
}

/// Returns the bytes of a string.
pub(super) fn bytes_of(view: crate::value::View<'_>) -> &[u8] {
    match view.kind() {
        crate::value::Kind::String(text) => Text::as_bytes(text),
        _ => &[],
    }
}

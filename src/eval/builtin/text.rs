//! `fn::toString` and `fn::toYAML`, and what all builtins that write a value out have in common.

use super::{CellId, Eval, Machine, World};
use crate::value::{Flags, NodeId, TooLarge, View, text_form, yaml};

impl Machine {
    pub(super) fn write_string(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        let node = self.cell(argument, world)?;
        let node = self.settle(argument, node, world)?;
        let form = text_form(self.graph.view(node));
        let Some(form) = self.written(cell, form) else { return Ok(self.unknown_text(cell, Flags::empty())) };
        let flags = if form.secret { Flags::SECRET } else { Flags::empty() };
        if form.unknown {
            return Ok(self.unknown_text(cell, flags));
        }
        Ok(self.text(cell, form.text, flags))
    }

    /// Writes a value as block YAML, numbers as numbers (the reference quotes them).
    pub(super) fn write_yaml(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        self.write_text(cell, argument, world, yaml::text)
    }

    /// Writes a known value out; an unknown anywhere in it makes the text unknown.
    pub(super) fn write_text(
        &mut self,
        cell: CellId,
        argument: CellId,
        world: &mut dyn World,
        write: fn(View<'_>) -> Result<String, TooLarge>,
    ) -> Eval<NodeId> {
        let node = self.cell(argument, world)?;
        let node = self.settle(argument, node, world)?;
        let flags = self.combined(&[node]);
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_text(cell, flags));
        }
        let text = write(self.graph.view(node));
        Ok(match self.written(cell, text) {
            Some(text) => self.text(cell, text.into(), flags),
            None => self.unknown_text(cell, flags),
        })
    }
}

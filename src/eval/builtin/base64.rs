//! `fn::fromBase64` and `fn::toBase64`.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

use super::{Argument, CellId, Eval, Machine, World, join::bytes_of};
use crate::{
    diagnostic::Problem,
    value::{Flags, NodeId, schema::Schema},
};

/// Padding is required, bits behind the last byte may be anything.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// Decodes standard base64; line breaks in it don't count.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    ENGINE.decode(compact).ok()
}

impl Machine {
    pub(super) fn decode_base64(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        let Argument::Usable(node) = self.typed(argument, &Schema::string(), world)? else {
            return Ok(self.unknown_text(cell, Flags::empty()));
        };
        let flags = self.combined(&[node]);
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_text(cell, flags));
        }
        match decode(bytes_of(self.graph.view(node))) {
            Some(bytes) => Ok(self.text(cell, bytes.into(), flags)),
            None => {
                self.report(cell, Problem::Base64);
                Ok(self.unknown_text(cell, flags))
            }
        }
    }

    pub(super) fn encode_base64(&mut self, cell: CellId, argument: CellId, world: &mut dyn World) -> Eval<NodeId> {
        let Argument::Usable(node) = self.typed(argument, &Schema::string(), world)? else {
            return Ok(self.unknown_text(cell, Flags::empty()));
        };
        let flags = self.combined(&[node]);
        if flags.has(Flags::UNKNOWN) {
            return Ok(self.unknown_text(cell, flags));
        }
        let text = ENGINE.encode(bytes_of(self.graph.view(node)));
        Ok(self.text(cell, text.into(), flags))
    }
}

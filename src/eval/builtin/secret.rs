//! `fn::secret`: plaintext, and ciphertext in its envelope.

use std::sync::Arc;

use super::{Answer, Blocked, CellId, Eval, Machine, World, base64};
use crate::{
    ast::Secret,
    diagnostic::Problem,
    eval::options::Mode,
    value::{Flags, Kind, NodeId},
};

/// Magic, version and checksum take twelve bytes; a shorter ciphertext than four can't be decoded (quirk Q19).
const SHORTEST: usize = 16;

impl Machine {
    pub(super) fn secret(&mut self, cell: CellId, secret: &Secret, world: &mut dyn World) -> Eval<NodeId> {
        let envelope = match secret {
            Secret::Plaintext(text) => {
                return Ok(self.graph.add(Kind::String(text.as_ref().into()), Flags::SECRET, cell));
            }
            Secret::Ciphertext(envelope) => envelope,
        };
        let ciphertext = match open_envelope(envelope) {
            Ok(ciphertext) => ciphertext,
            Err(reason) => {
                self.report(cell, Problem::Ciphertext { reason });
                return Ok(self.unknown_text(cell, Flags::SECRET));
            }
        };
        let decrypts = self.opening || (self.options.mode == Mode::Check && self.options.show_secrets);
        if !decrypts {
            return Ok(self.unknown_text(cell, Flags::SECRET));
        }
        let key = Arc::clone(&self.env(self.cells[cell.0 as usize].environment).key);
        match world.decrypt(&key, &ciphertext) {
            Answer::Pending => Err(Blocked),
            Answer::Ready(text) => Ok(self.text(cell, text, Flags::SECRET)),
            Answer::Failed(failure) => {
                self.report(cell, Problem::Decrypt { failure });
                Ok(self.unknown_text(cell, Flags::SECRET))
            }
        }
    }
}

/// Returns the ciphertext in an envelope: base64 of `escx`, version 1, ciphertext, CRC-32.
fn open_envelope(text: &str) -> Result<Vec<u8>, &'static str> {
    let bytes = base64::decode(text.as_bytes()).ok_or("it is no base64")?;
    if bytes.len() < SHORTEST {
        return Err("it is too short");
    }
    let (body, checksum) = bytes.split_last_chunk::<4>().ok_or("it is too short")?;
    let (head, ciphertext) = body.split_at(8);
    if !head.starts_with(b"escx") {
        return Err("it does not begin as one");
    }
    if crc32(body) != u32::from_be_bytes(*checksum) {
        return Err("its checksum is wrong");
    }
    if head[4..] != [0, 0, 0, 1] {
        return Err("its version is not known");
    }
    Ok(ciphertext.to_vec())
}

/// CRC-32 (IEEE), bit by bit: envelopes are small.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

//! Plain, gzip and zstd states, told apart by their first bytes: Pulumi's names of files say nothing reliable.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;

use super::{Malformed, StateError};

/// The most bytes of a state, as it is stored and when it is decompressed: 128 MiB.
pub const MAX_BYTES: usize = 128 << 20;

const GZIP: &[u8] = b"\x1f\x8b\x08";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// Returns the text of a state.
///
/// # Errors
/// When the compressed bytes are damaged, or there are more than [`MAX_BYTES`].
pub fn decompressed(bytes: &[u8]) -> Result<Cow<'_, [u8]>, StateError> {
    if bytes.starts_with(GZIP) {
        return all(MultiGzDecoder::new(bytes), "gzip").map(Cow::Owned);
    }
    if bytes.starts_with(ZSTD) {
        let decoder = StreamingDecoder::new(bytes).map_err(|_| Malformed::Compression("zstd"))?;
        return all(decoder, "zstd").map(Cow::Owned);
    }
    if bytes.len() > MAX_BYTES {
        return Err(StateError::TooLarge);
    }
    Ok(Cow::Borrowed(bytes))
}

fn all(decoder: impl Read, name: &'static str) -> Result<Vec<u8>, StateError> {
    let mut text = Vec::new();
    let read: io::Result<usize> = decoder.take(MAX_BYTES as u64 + 1).read_to_end(&mut text);
    read.map_err(|_| Malformed::Compression(name))?;
    if text.len() > MAX_BYTES {
        return Err(StateError::TooLarge);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, CompressionLevel::Fastest)
    }

    #[test]
    fn what_was_compressed_comes_back() {
        for text in [&b"{}"[..], b"", b"no state at all", &b"[0]".repeat(100_000)] {
            assert_eq!(decompressed(text).unwrap(), text);
            assert_eq!(decompressed(&gzip(text)).unwrap(), text);
            assert_eq!(decompressed(&zstd(text)).unwrap(), text);
        }
        // Members that follow one another are one text.
        assert_eq!(decompressed(&[gzip(b"[1,"), gzip(b"2]")].concat()).unwrap(), &b"[1,2]"[..]);
    }

    #[test]
    fn damage_is_told() {
        let text = b"some text that is long enough to be compressed, compressed, compressed";
        for (name, bytes) in [("gzip", gzip(text)), ("zstd", zstd(text))] {
            for length in [4, 12, bytes.len() - 1] {
                let error = decompressed(&bytes[..length]).unwrap_err();
                assert_eq!(error, StateError::Malformed(Malformed::Compression(name)), "{name} {length}");
            }
        }
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = gzip(&vec![b' '; MAX_BYTES + 1]);
        assert!(bomb.len() < MAX_BYTES / 100);
        assert_eq!(decompressed(&bomb).unwrap_err(), StateError::TooLarge);
    }
}

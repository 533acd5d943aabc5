//! The definitions that a run read, and the revision that they stand for.

use std::{fmt::Write as _, path::PathBuf, sync::Arc};

use ring::digest::{Context, SHA256};

/// A definition that was read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read {
    /// The environment as `project/env`.
    pub name: Arc<str>,
    /// The file, absolute, as it was found; absent where the bytes are from a commit, which never changes.
    pub path: Option<PathBuf>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// Returns the revision of an environment by everything that it was read from: the first 12 hexadecimal digits of a SHA-256 over
/// names and bytes, sorted. The same definitions have the same revision in every folder and on every machine.
#[must_use]
pub fn revision(reads: &[Read]) -> String {
    let mut parts: Vec<(&str, &[u8])> = reads.iter().map(|read| (&*read.name, &*read.bytes)).collect();
    parts.sort_unstable();
    fingerprint(parts.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]))
}

/// Returns the first 12 hexadecimal digits of a SHA-256 over parts.
pub fn fingerprint<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut hash = Context::new(&SHA256);
    for part in parts {
        // The length keeps parts apart.
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finish().as_ref().iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &str) -> Read {
        Read { name: name.into(), path: None, bytes: bytes.as_bytes().into() }
    }

    #[test]
    fn a_revision_is_of_names_and_bytes_in_any_order() {
        let all = [read("p/a", "1"), read("p/b", "2")];
        let known = revision(&all);
        assert_eq!(known, "5cbbbdb6b906");
        assert_eq!(revision(&[read("p/b", "2"), read("p/a", "1")]), known);
        let elsewhere = Read { path: Some("/x/a.yaml".into()), ..read("p/a", "1") };
        assert_eq!(revision(&[elsewhere, read("p/b", "2")]), known);
        for other in [vec![read("p/a", "1")], vec![read("p/a", "1p"), read("/b", "2")], vec![read("p/a", "2")], vec![]]
        {
            assert_ne!(revision(&other), known);
        }
    }
}

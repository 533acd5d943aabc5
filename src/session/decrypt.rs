//! The plaintexts of a definition: the same document twice, once with envelopes and once in clear.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    diagnostic::Sink,
    dialect::Dialect,
    source::{Source, SourceMap},
    syntax::{self, Data, NodeId, Tree},
    value::Text,
};

/// The builtin that holds a secret.
const SECRET: &str = "fn::secret";
/// The key of an envelope in it.
const CIPHERTEXT: &str = "ciphertext";

/// Bytes of an envelope before its ciphertext, and behind it.
const HEAD: usize = 8;
const TAIL: usize = 4;

/// Returns the plaintext of each ciphertext of a document, by the document in clear; places where the two differ otherwise have none.
pub(super) fn plaintexts(sealed: &[u8], clear: &[u8]) -> HashMap<Vec<u8>, Text> {
    let (sealed, clear) = (tree(sealed), tree(clear));
    let mut found = HashMap::new();
    let mut pairs: Vec<(NodeId, NodeId)> = sealed.root().zip(clear.root()).into_iter().collect();
    while let Some((one, other)) = pairs.pop() {
        match (&sealed.node(one).data, &clear.node(other).data) {
            (Data::Sequence(ours), Data::Sequence(theirs)) => {
                pairs.extend(ours.iter().copied().zip(theirs.iter().copied()));
            }
            (Data::Mapping(ours), Data::Mapping(theirs)) => {
                for ((key, value), (their_key, their_value)) in ours.iter().zip(theirs) {
                    if sealed.text(*key) != clear.text(*their_key) {
                        continue;
                    }
                    match ciphertext(&sealed, *key, *value) {
                        Some(ciphertext) if matches!(clear.node(*their_value).data, Data::Scalar { .. }) => {
                            found.insert(ciphertext, clear.text(*their_value).as_ref().into());
                        }
                        _ => pairs.push((*value, *their_value)),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

fn tree(bytes: &[u8]) -> Tree {
    let mut sources = SourceMap::default();
    let text = syntax::decode(bytes).unwrap_or_default();
    let source = sources.add(Source::new("", "", text));
    syntax::parse(&sources, source, Dialect::Hosted, &mut Sink::default())
}

/// Returns the ciphertext that an entry holds in an envelope.
fn ciphertext(tree: &Tree, key: NodeId, value: NodeId) -> Option<Vec<u8>> {
    let Data::Mapping(entries) = &tree.node(value).data else { return None };
    let [(name, envelope)] = entries[..] else { return None };
    if &**tree.text(key) != SECRET || &**tree.text(name) != CIPHERTEXT {
        return None;
    }
    let bytes = STANDARD.decode(tree.text(envelope).as_bytes()).ok()?;
    Some(bytes.get(HEAD..bytes.len().checked_sub(TAIL)?)?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(ciphertext: &str) -> String {
        STANDARD.encode([b"escx\0\0\0\x01", ciphertext.as_bytes(), b"crc!"].concat())
    }

    #[test]
    fn each_ciphertext_has_its_plaintext() {
        let sealed = format!(
            "values:\n  a: {{fn::secret: {{ciphertext: {}}}}}\n  l:\n  - x\n  - fn::secret:\n      ciphertext: {}\n  plain: {{fn::secret: p}}\n  c: {{ciphertext: {}}}\n",
            envelope("one-one"),
            envelope("two-two"),
            envelope("three")
        );
        let clear = "values:\n  a: {fn::secret: \"1\"}\n  l:\n  - x\n  - fn::secret: |\n      two\n      lines\n  plain: {fn::secret: p}\n  c: {ciphertext: no}\n";
        let mut found: Vec<(Vec<u8>, Text)> = plaintexts(sealed.as_bytes(), clear.as_bytes()).into_iter().collect();
        found.sort();
        let expected =
            [("one-one", "1"), ("two-two", "two\nlines\n")].map(|(one, other)| (one.as_bytes().to_vec(), other.into()));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_does_not_fit_has_none() {
        let sealed = format!("values: {{a: {{fn::secret: {{ciphertext: {}}}}}}}", envelope("one-one"));
        for clear in ["", "values: [", "values: {b: {fn::secret: x}}", "[]", sealed.as_str()] {
            assert!(plaintexts(sealed.as_bytes(), clear.as_bytes()).is_empty(), "{clear}");
        }
        assert!(
            plaintexts(b"values: {a: {fn::secret: {ciphertext: AA==}}}", b"values: {a: {fn::secret: x}}").is_empty()
        );
    }
}

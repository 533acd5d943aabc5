//! Plaintexts of secrets by their ciphertexts, and the values that they come to: a secret may hold further secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    provider::pulumi::state::{Leaf, Malformed, decode_text},
    value::{Graph, Value},
};

/// The most levels of secrets in secrets: what decrypts elsewhere might say that a secret holds itself.
const LEVELS: usize = 32;

/// What became of ciphertexts; `None` for one that does not open.
#[derive(Default)]
pub(in super::super) struct Texts(BTreeMap<String, Option<Vec<u8>>>);

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Lost {
    /// A ciphertext does not open with the stack's key.
    Refused,
    /// What it opens to is no property value.
    Malformed(Malformed),
}

impl Texts {
    /// Adds what a ciphertext opens to.
    pub(in super::super) fn learn(&mut self, ciphertext: String, text: Option<Vec<u8>>) {
        self.0.insert(ciphertext, text);
    }

    /// Returns the ciphertexts inside of the texts that are not known yet, each once.
    pub(in super::super) fn missing(&self) -> Vec<String> {
        let mut missing = BTreeSet::new();
        for text in self.0.values().flatten() {
            let mut note = |ciphertext: &str| {
                if !self.0.contains_key(ciphertext) {
                    missing.insert(ciphertext.to_owned());
                }
                Leaf::Open(null())
            };
            // What is malformed is told to who asks for it.
            let _ = decode_text(&"".into(), text, &mut note);
        }
        missing.into_iter().collect()
    }

    /// Returns the value of a ciphertext, which belongs to an output.
    ///
    /// # Errors
    /// When it, or a secret within it, does not open or is malformed.
    pub(in super::super) fn value(&self, output: &Arc<str>, ciphertext: &str) -> Result<Value, Lost> {
        self.value_at(output, ciphertext, 0)
    }

    fn value_at(&self, output: &Arc<str>, ciphertext: &str, level: usize) -> Result<Value, Lost> {
        let text = self.0.get(ciphertext).and_then(Option::as_ref).filter(|_| level < LEVELS).ok_or(Lost::Refused)?;
        let mut lost = None;
        let mut inner = |ciphertext: &str| match self.value_at(output, ciphertext, level + 1) {
            Ok(value) => Leaf::Open(value),
            Err(error) => {
                lost.get_or_insert(error);
                Leaf::Open(null())
            }
        };
        let properties = decode_text(output, text, &mut inner).map_err(Lost::Malformed)?;
        lost.map_or(Ok(properties.value), Err)
    }
}

fn null() -> Value {
    let mut graph = Graph::new();
    let root = graph.null();
    Value::new(graph, root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::testing::written;

    fn secret(ciphertext: &str) -> String {
        format!(
            r#"{{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "{ciphertext}"}}"#
        )
    }

    fn learn(texts: &mut Texts, ciphertext: &str, text: &str) {
        texts.learn(ciphertext.to_owned(), Some(text.as_bytes().to_vec()));
    }

    #[test]
    fn secrets_in_secrets_are_opened_too() {
        let mut texts = Texts::default();
        let output = "o".into();
        assert_eq!(texts.value(&output, "a").unwrap_err(), Lost::Refused);
        learn(&mut texts, "a", &format!(r#"{{"x": {}, "y": [{}]}}"#, secret("b"), secret("c")));
        assert_eq!(texts.missing(), ["b", "c"]);
        learn(&mut texts, "b", "\"text\"");
        learn(&mut texts, "c", &secret("d"));
        assert_eq!(texts.missing(), ["d"]);
        assert_eq!(texts.value(&output, "a").unwrap_err(), Lost::Refused);
        learn(&mut texts, "d", "42");
        assert_eq!(texts.missing(), Vec::<String>::new());
        assert_eq!(written(texts.value(&output, "a").unwrap().view()), r#"!{x: !"text", y: ![!42]}"#);
    }

    #[test]
    fn what_does_not_open_is_told() {
        let mut texts = Texts::default();
        let output: Arc<str> = "o".into();
        texts.learn("a".into(), None);
        learn(&mut texts, "b", &secret("a"));
        learn(&mut texts, "c", "hunter2");
        assert_eq!(texts.missing(), Vec::<String>::new());
        assert_eq!(texts.value(&output, "a").unwrap_err(), Lost::Refused);
        assert_eq!(texts.value(&output, "b").unwrap_err(), Lost::Refused);
        learn(&mut texts, "d", &secret("d"));
        assert_eq!(texts.value(&output, "d").unwrap_err(), Lost::Refused);
        let malformed = Malformed::Secret { output: "o".into() };
        assert_eq!(texts.value(&output, "c").unwrap_err(), Lost::Malformed(malformed));
    }
}

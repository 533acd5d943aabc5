//! Property values: JSON in which an object with a signature stands for something that JSON does not have.
//!
//! A value is turned from its leaves up, in the order of the graph, so no depth of nesting needs recursion.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Malformed;
use crate::value::{
    Flags, Graph, Kind, NodeId, Object, Origin, Seal, Value, View,
    json::{self, JsonError},
    schema::Schema,
};

/// The key of a signature.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";

const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";
const ASSET: &str = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE: &str = "0def7320c3a5731c473e5ecbe6d01bc7";
const RESOURCE: &str = "5cf8f73096256a8f31e491e813e4eb8e";
const BYTES: &str = "803fd3297a5875dc03ca845dda5d2a98";
const FLOAT: &str = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";

/// The string that stands for a value which was not known when the state was written.
const UNKNOWN: &str = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/// What becomes of an encrypted secret.
pub enum Leaf {
    /// It is opened when it is asked for.
    Sealed(Arc<Seal>),
    /// Its value.
    Open(Value),
}

/// Something that an output holds in another form than a reader might expect.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Note {
    /// Bytes came as base64 text.
    Bytes {
        /// The output that holds them.
        output: Arc<str>,
    },
    /// A number that JSON does not have came as text.
    NotFinite {
        /// The output that holds it.
        output: Arc<str>,
    },
}

/// What a stored value came to.
pub struct Properties {
    /// The value: encrypted secrets are what [`decode`]'s caller made of them, and everything in a secret is flagged.
    pub value: Value,
    /// What may surprise.
    pub notes: Vec<Note>,
}

/// Turns one output, as a state stores it, into a value; `leaf` says what becomes of each ciphertext.
///
/// # Errors
/// When a signature is unknown, or its object lacks what it needs.
pub fn decode(
    output: &Arc<str>,
    stored: View<'_>,
    leaf: &mut dyn FnMut(&str) -> Leaf,
) -> Result<Properties, Malformed> {
    let stored = Value::copy(stored);
    let from = stored.view().graph();
    let mut turned = Turned { output, to: Graph::new(), ids: Vec::with_capacity(from.len()), notes: Vec::new(), leaf };
    for id in from.ids() {
        let node = turned.node(from.view(id))?;
        turned.ids.push(node);
    }
    let root = turned.ids[stored.view().id().index()];
    turned.notes.dedup();
    Ok(Properties { value: Value::new(turned.to, root), notes: turned.notes })
}

/// Turns the plaintext of a secret into a value; everything in it is secret.
///
/// # Errors
/// When it is no JSON, and as [`decode`].
pub fn decode_text(
    output: &Arc<str>,
    text: &[u8],
    leaf: &mut dyn FnMut(&str) -> Leaf,
) -> Result<Properties, Malformed> {
    let mut graph = Graph::new();
    // Where it stops being JSON would tell something of a secret.
    let root = json::parse(text, &mut graph, Origin::NONE, Flags::empty())
        .map_err(|_: JsonError| Malformed::Secret { output: output.to_string() })?;
    let Properties { value, notes } = decode(output, graph.view(root), leaf)?;
    let mut graph = Graph::new();
    let root = graph.graft(value.view(), Origin::NONE, Flags::SECRET);
    Ok(Properties { value: Value::new(graph, root), notes })
}

/// A value under way.
struct Turned<'a> {
    output: &'a Arc<str>,
    to: Graph,
    /// The new node of each stored one so far.
    ids: Vec<NodeId>,
    notes: Vec<Note>,
    leaf: &'a mut dyn FnMut(&str) -> Leaf,
}

impl Turned<'_> {
    fn node(&mut self, stored: View<'_>) -> Result<NodeId, Malformed> {
        let kind = match stored.kind() {
            Kind::String(text) if text.as_str() == Some(UNKNOWN) => return Ok(self.to.unknown(Schema::any())),
            Kind::List(items) => Kind::List(items.iter().map(|item| self.ids[item.index()]).collect()),
            Kind::Object(_) => match stored.get(SIGNATURE) {
                Some(signature) => return self.signed(signature.as_str().unwrap_or_default(), stored),
                None => return Ok(self.object(stored)),
            },
            other => other.clone(),
        };
        Ok(self.to.add(kind, Flags::empty(), Origin::NONE))
    }

    /// Turns an object without looking at what it means.
    fn object(&mut self, stored: View<'_>) -> NodeId {
        let entries = stored.entries().map(|(key, value)| (Arc::clone(key), self.ids[value.id().index()]));
        let object = Object { entries: entries.collect(), ..Object::default() };
        self.to.add(Kind::Object(Arc::new(object)), Flags::empty(), Origin::NONE)
    }

    fn signed(&mut self, signature: &str, stored: View<'_>) -> Result<NodeId, Malformed> {
        match signature {
            SECRET => self.secret(stored),
            // As `pulumi stack output` shows them.
            ASSET | ARCHIVE => Ok(self.object(stored)),
            RESOURCE => {
                let urn = stored.get("urn").ok_or_else(|| self.lacks("resource reference", "`urn`"))?;
                let entries = [("urn", Some(urn)), ("id", stored.get("id"))].into_iter();
                let entries = entries.filter_map(|(key, value)| Some((key.into(), self.ids[value?.id().index()])));
                let entries: Vec<_> = entries.collect();
                Ok(self.to.object(entries))
            }
            BYTES => {
                let text = stored.get("value").and_then(View::as_str);
                let text = text.filter(|text| STANDARD.decode(text).is_ok());
                let text = text.ok_or_else(|| self.lacks("byte string", "base64 text"))?;
                self.notes.push(Note::Bytes { output: Arc::clone(self.output) });
                Ok(self.to.string(text))
            }
            FLOAT => {
                let text = stored.get("value").and_then(View::as_str).and_then(float);
                let text = text.ok_or_else(|| self.lacks("number", "16 hexadecimal digits of a float"))?;
                self.notes.push(Note::NotFinite { output: Arc::clone(self.output) });
                Ok(self.to.string(text))
            }
            _ => Err(Malformed::Signature { output: self.output.to_string() }),
        }
    }

    fn secret(&mut self, stored: View<'_>) -> Result<NodeId, Malformed> {
        let text = |name| stored.get(name).map(View::as_str);
        match (text("ciphertext"), text("plaintext")) {
            (Some(Some(ciphertext)), None) => Ok(match (self.leaf)(ciphertext) {
                Leaf::Sealed(seal) => self.to.add(Kind::Sealed(seal), Flags::SECRET, Origin::NONE),
                Leaf::Open(value) => self.to.graft(value.view(), Origin::NONE, Flags::SECRET),
            }),
            (None, Some(Some(plaintext))) => {
                // Each level of a text in a text doubles its backslashes, so there are few.
                let Properties { value, notes } = decode_text(self.output, plaintext.as_bytes(), self.leaf)?;
                self.notes.extend(notes);
                Ok(self.to.graft(value.view(), Origin::NONE, Flags::SECRET))
            }
            _ => Err(self.lacks("secret", "one text that is its ciphertext or its plaintext")),
        }
    }

    fn lacks(&self, kind: &'static str, lacks: &'static str) -> Malformed {
        Malformed::Property { output: self.output.to_string(), kind, lacks }
    }
}

/// Names the number that the bits of a float mean.
fn float(digits: &str) -> Option<String> {
    let bits = Some(digits).filter(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let value = f64::from_bits(u64::from_str_radix(bits?, 16).ok()?);
    Some(match value {
        value if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        value => crate::value::number::format_float(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::testing::written;

    fn stored(text: &str) -> Value {
        let mut graph = Graph::new();
        let root = json::parse(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
        Value::new(graph, root)
    }

    /// Seals whose text shows.
    fn seal(ciphertext: &str) -> Leaf {
        let mut graph = Graph::new();
        let root = graph.string(format!("sealed {ciphertext}"));
        Leaf::Open(Value::new(graph, root))
    }

    fn turned(text: &str) -> Result<(String, Vec<Note>), Malformed> {
        let text = text.replace("SIG", SIGNATURE);
        decode(&"o".into(), stored(&text).view(), &mut seal).map(|done| (written(done.value.view()), done.notes))
    }

    #[test]
    fn every_signature_has_its_value() {
        let cases = [
            (r#"{"a": [1.50, null, true, "x"], "b": {}}"#.to_owned(), r#"{a: [1.50, null, true, "x"], b: {}}"#),
            (format!(r#"{{"SIG": "{SECRET}", "ciphertext": "v1:x"}}"#), r#"!"sealed v1:x""#),
            (format!(r#"[{{"SIG": "{SECRET}", "plaintext": "{{\"a\": [1]}}"}}]"#), "[!{a: ![!1]}]"),
            (
                format!(
                    r#"{{"SIG": "{SECRET}", "plaintext": "{{\"SIG\": \"{SECRET}\", \"plaintext\": \"\\\"in\\\"\"}}"}}"#
                ),
                r#"!"in""#,
            ),
            (
                format!(r#"{{"SIG": "{ASSET}", "hash": "h", "text": "t"}}"#),
                r#"{4dabf18193072939515e22adb298388d: "c44067f5952c0a294b673a41bacd8c17", hash: "h", text: "t"}"#,
            ),
            (
                format!(r#"{{"SIG": "{ARCHIVE}", "assets": {{}}}}"#),
                r#"{4dabf18193072939515e22adb298388d: "0def7320c3a5731c473e5ecbe6d01bc7", assets: {}}"#,
            ),
            (
                format!(r#"{{"SIG": "{RESOURCE}", "urn": "u", "id": "i", "packageVersion": "1"}}"#),
                r#"{id: "i", urn: "u"}"#,
            ),
            (format!(r#"{{"SIG": "{RESOURCE}", "urn": "u", "packageVersion": ""}}"#), r#"{urn: "u"}"#),
        ];
        for (text, want) in cases {
            assert_eq!(turned(&text).unwrap(), (want.to_owned(), vec![]), "{text}");
        }
    }

    #[test]
    fn what_comes_in_another_form_is_noted() {
        let float = |bits: &str| format!(r#"{{"x": {{"SIG": "{FLOAT}", "value": "{bits}"}}}}"#);
        let output: Arc<str> = "o".into();
        let not_finite = vec![Note::NotFinite { output: Arc::clone(&output) }];
        for (bits, want) in [
            ("7ff8000000000001", "NaN"),
            ("7ff0000000000000", "Infinity"),
            ("fff0000000000000", "-Infinity"),
            ("3ff8000000000000", "1.5"),
        ] {
            assert_eq!(turned(&float(bits)).unwrap(), (format!("{{x: {want:?}}}"), not_finite.clone()), "{bits}");
        }
        let bytes = format!(r#"{{"SIG": "{BYTES}", "value": "AP8="}}"#);
        assert_eq!(turned(&bytes).unwrap(), (r#""AP8=""#.to_owned(), vec![Note::Bytes { output }]));
    }

    #[test]
    fn an_unknown_is_unknown() {
        let value = stored(&format!(r#"{{"a": "{UNKNOWN}", "b": ["{UNKNOWN}x"]}}"#));
        let done = decode(&"o".into(), value.view(), &mut seal).unwrap();
        assert!(done.value.view().get("a").unwrap().is_unknown());
        assert_eq!(written(done.value.view().get("b").unwrap()), format!(r#"["{UNKNOWN}x"]"#));
    }

    #[test]
    fn what_has_no_meaning_is_refused() {
        let lacks = |kind, lacks| Malformed::Property { output: "o".into(), kind, lacks };
        let secret = || lacks("secret", "one text that is its ciphertext or its plaintext");
        let number = || lacks("number", "16 hexadecimal digits of a float");
        let unknown = || Malformed::Signature { output: "o".into() };
        let cases = [
            (r#"{"SIG": "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": 1}"#.to_owned(), unknown()),
            (r#"[{"x": {"SIG": "nothing"}}]"#.to_owned(), unknown()),
            (r#"{"SIG": 1}"#.to_owned(), unknown()),
            (format!(r#"{{"SIG": "{SECRET}"}}"#), secret()),
            (format!(r#"{{"SIG": "{SECRET}", "ciphertext": "a", "plaintext": "1"}}"#), secret()),
            (format!(r#"{{"SIG": "{SECRET}", "ciphertext": 1}}"#), secret()),
            (format!(r#"{{"SIG": "{SECRET}", "plaintext": "hunter2"}}"#), Malformed::Secret { output: "o".into() }),
            (format!(r#"{{"SIG": "{RESOURCE}"}}"#), lacks("resource reference", "`urn`")),
            (format!(r#"{{"SIG": "{BYTES}", "value": "%"}}"#), lacks("byte string", "base64 text")),
            (format!(r#"{{"SIG": "{FLOAT}", "value": "7ff"}}"#), number()),
            (format!(r#"{{"SIG": "{FLOAT}", "value": "+ff8000000000001"}}"#), number()),
        ];
        for (text, want) in cases {
            assert_eq!(turned(&text).unwrap_err(), want, "{text}");
        }
    }

    #[test]
    fn depth_needs_no_stack() {
        let deep = format!("{}1{}", "[".repeat(9_000), "]".repeat(9_000));
        let done = decode(&"o".into(), stored(&deep).view(), &mut seal).unwrap();
        assert_eq!(json::compact(done.value.view()).unwrap(), deep);
    }
}

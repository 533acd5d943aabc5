//! The YAML of a configuration file as a tree whose nodes can be found again in the text.
//!
//! Invariant: a node's number is its place in the order of reading, the same each time. serde tells the place of nothing but
//! a failure, so [`place`] reads the text once more and fails at that number: only a wrong file pays for places.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::error::Place;

/// Aliases may repeat parts of a file; this many values and bytes of text are taken in all, so that they cannot explode.
const VALUES: u32 = 100_000;
const TEXT: usize = 8 << 20;

/// A value, with its number.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) id: u32,
    pub(super) content: Content,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Content {
    Null,
    Boolean,
    /// A whole number, and whether it is negative.
    Integer {
        negative: bool,
    },
    Decimal {
        finite: bool,
    },
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// A value with a tag of the file's own (`!name`).
    Tagged,
}

impl Content {
    /// Names the kind of value in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean => "boolean",
            Self::Integer { .. } | Self::Decimal { .. } => "number",
            Self::Text(_) => "string",
            Self::List(_) => "list",
            Self::Map(_) => "mapping",
            Self::Tagged => "tag",
        }
    }
}

/// Why a text is no YAML that can be taken.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) place: Option<Place>,
    pub(super) reason: String,
}

/// Reads a text; an empty one is [`Content::Null`].
pub(super) fn read(text: &str) -> Result<Node, Refusal> {
    let reader = Reader { next: Cell::new(0), text: Cell::new(0), stop: None, full: Cell::new(false) };
    let result = Seed(&reader).deserialize(serde_yaml::Deserializer::from_str(text));
    result.map_err(|error| Refusal {
        place: place_of(text, &error),
        reason: if reader.full.get() { format!("more than {VALUES} values") } else { reason(&error.to_string()) },
    })
}

/// Finds a node of a text that [`read`] took.
pub(super) fn place(text: &str, id: u32) -> Option<Place> {
    let reader = Reader { next: Cell::new(0), text: Cell::new(0), stop: Some(id), full: Cell::new(false) };
    let result = Seed(&reader).deserialize(serde_yaml::Deserializer::from_str(text));
    result.err().as_ref().and_then(|error| place_of(text, error))
}

/// Takes over the place of a failure.
pub(super) fn place_of(text: &str, error: &serde_yaml::Error) -> Option<Place> {
    let location = error.location()?;
    Some(Place::new(text, location.line() as u64, location.column() as u64))
}

/// Words a reason of the YAML library: without the place, which is told apart, and without text of the document.
fn reason(message: &str) -> String {
    let told = [
        ("more than one document", "more than one YAML document in the file"),
        ("recursion limit", "nested too deeply"),
        ("repetition limit", "too many aliases"),
        ("unknown anchor", "an alias without its anchor"),
        ("invalid value", "a value that does not fit its tag"),
        ("invalid type", "a value that does not fit its tag"),
    ];
    if let Some((_, reason)) = told.iter().find(|(part, _)| message.contains(part)) {
        return (*reason).to_owned();
    }
    let main = message.split(", while ").next().unwrap_or(message);
    let main = main.split(" at line ").next().unwrap_or(main);
    main.split(" at position ").next().unwrap_or(main).to_owned()
}

struct Reader {
    next: Cell<u32>,
    text: Cell<usize>,
    stop: Option<u32>,
    full: Cell<bool>,
}

impl Reader {
    /// Numbers the value that begins now; fails where the reading is to stop.
    fn begin<E: Error>(&self) -> Result<u32, E> {
        let id = self.next.get();
        self.next.set(id + 1);
        if id >= VALUES || self.text.get() > TEXT {
            self.full.set(true);
            return Err(E::custom("full"));
        }
        if self.stop == Some(id) {
            return Err(E::custom("found"));
        }
        Ok(id)
    }
}

#[derive(Clone, Copy)]
struct Seed<'r>(&'r Reader);

impl Seed<'_> {
    fn node<E: Error>(self, content: Content) -> Result<Node, E> {
        Ok(Node { id: self.0.begin()?, content })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        self.node(Content::Null)
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        self.node(Content::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Node, E> {
        self.node(Content::Boolean)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        self.node(Content::Integer { negative: value < 0 })
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Node, E> {
        self.node(Content::Integer { negative: false })
    }

    // Beyond 64 bits a number is no count and no bound that could be meant.
    fn visit_i128<E: Error>(self, _: i128) -> Result<Node, E> {
        self.node(Content::Decimal { finite: true })
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Node, E> {
        self.node(Content::Decimal { finite: true })
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        self.node(Content::Decimal { finite: value.is_finite() })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        self.0.text.set(self.0.text.get().saturating_add(value.len()));
        self.node(Content::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let id = self.0.begin()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node { id, content: Content::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let id = self.0.begin()?;
        let mut entries = Vec::new();
        while let Some(key) = access.next_key_seed(self)? {
            entries.push((key, access.next_value_seed(self)?));
        }
        Ok(Node { id, content: Content::Map(entries) })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Node, A::Error> {
        let id = self.0.begin()?;
        let (_, inner) = access.variant::<String>()?;
        inner.newtype_variant_seed(self)?;
        Ok(Node { id, content: Content::Tagged })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(node: &Node, out: &mut Vec<(u32, &'static str)>) {
        out.push((node.id, node.content.kind()));
        match &node.content {
            Content::List(items) => items.iter().for_each(|item| numbers(item, out)),
            Content::Map(entries) => entries.iter().for_each(|(key, value)| {
                numbers(key, out);
                numbers(value, out);
            }),
            _ => {}
        }
    }

    #[test]
    fn nodes_are_numbered_in_order_and_found_again() {
        let text = "# c\na: [1, x]\n'b c':\n  d: !t {e: 2}\n  f:\n";
        let mut found = Vec::new();
        numbers(&read(text).unwrap(), &mut found);
        let kinds: Vec<_> = found.iter().map(|(_, kind)| *kind).collect();
        assert_eq!(
            kinds,
            [
                "mapping", "string", "list", "number", "string", "string", "mapping", "string", "tag", "string",
                "nothing"
            ]
        );
        let places: Vec<_> = found.iter().map(|(id, _)| place(text, *id).map(|p| (p.line, p.column))).collect();
        let expected =
            [(2, 1), (2, 1), (2, 4), (2, 5), (2, 8), (3, 1), (4, 3), (4, 3), (4, 6), (5, 3), (5, 5)].map(Some);
        assert_eq!(places, expected);
        assert_eq!(place(text, 1000), None);
    }

    #[test]
    fn what_is_no_yaml_is_refused_with_its_place() {
        for (text, line, reason) in [
            ("a: [1\nb: 2\n", 2, "did not find expected ',' or ']'"),
            ("a: 1\n b: 2\n", 2, "mapping values are not allowed in this context"),
            ("a: *x\n", 1, "an alias without its anchor"),
            ("a: 1\n---\nb: 1\n", 0, "more than one YAML document in the file"),
            ("x: 1\na: !!int s3cret\n", 2, "a value that does not fit its tag"),
            ("a: \"\\q\"\n", 1, "found unknown escape character"),
        ] {
            let refusal = read(text).unwrap_err();
            assert_eq!(
                (refusal.place.map_or(0, |place| place.line), refusal.reason.as_str()),
                (line, reason),
                "{text}"
            );
        }
    }

    #[test]
    fn aliases_work_and_cannot_explode() {
        assert_eq!(read("a: &x {b: 1}\nc: *x\n").unwrap().content.kind(), "mapping");
        let mut bomb = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x, x]".to_owned()];
        for level in 1..12 {
            let alias = format!("*a{}", level - 1);
            bomb.push(format!("a{level}: &a{level} [{}]", [alias.as_str(); 10].join(", ")));
        }
        let reason = read(&bomb.join("\n")).unwrap_err().reason;
        assert!(reason == "too many aliases" || reason == format!("more than {VALUES} values"), "{reason}");
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), ["*a"; 1000].join(", "));
        assert_eq!(read(&long).unwrap_err().reason, format!("more than {VALUES} values"));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(&nested(100)).is_ok());
        assert_eq!(read(&nested(1000)).unwrap_err().reason, "nested too deeply");
        assert!(read(&"[".repeat(20_000)).is_err());
        assert!(read(&"- ".repeat(20_000)).is_err());
    }
}

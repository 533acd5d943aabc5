//! Compares a configuration with the table of keys; finds everything that is wrong, not only the first thing.

use std::collections::HashSet;

use crate::duration;
use crate::store::{
    reference::{Target, check_name},
    similar::closest,
};

use super::{
    shape::{Field, Keys, Object, Shape, Text, one_of},
    tree::{Content, Node},
};

/// What is wrong with one node.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The node's number.
    pub(super) id: u32,
    pub(super) message: String,
    pub(super) hints: Vec<String>,
}

/// Returns what is wrong with a file, in the order of the file.
pub(super) fn check(root: &Node, object: &'static Object) -> Vec<Fault> {
    let mut checker = Checker { faults: Vec::new() };
    if !matches!(root.content, Content::Null) {
        checker.object(root, object, &Path::default());
    }
    // A key that is missing is told at its mapping, which begins before what is wrong inside.
    checker.faults.sort_by_key(|fault| fault.id);
    checker.faults
}

/// Where in the table a value stands, and what the table says of it.
#[derive(Clone, Default)]
struct Path {
    keys: String,
    about: Option<&'static Field>,
}

impl Path {
    fn key(&self, key: &str, about: Option<&'static Field>) -> Self {
        let separator = if self.keys.is_empty() { "" } else { "." };
        Self { keys: format!("{}{separator}{key}", self.keys), about }
    }

    fn index(&self, index: usize) -> Self {
        Self { keys: format!("{}[{index}]", self.keys), about: self.about }
    }

    /// Names the mapping that holds a key.
    fn place(&self) -> String {
        if self.keys.is_empty() { String::new() } else { format!(" in `{}`", self.keys) }
    }
}

struct Checker {
    faults: Vec<Fault>,
}

impl Checker {
    fn fault(&mut self, node: &Node, message: String, hints: Vec<String>) {
        self.faults.push(Fault { id: node.id, message, hints });
    }

    /// Reports a value of the wrong type.
    fn wrong(&mut self, node: &Node, shape: &Shape, path: &Path) {
        let found = node.content.kind();
        let subject = if path.keys.is_empty() { String::new() } else { format!("`{}`: ", path.keys) };
        let mut hints: Vec<String> = remedy(&node.content, shape).map(str::to_owned).into_iter().collect();
        hints.extend(path.about.map(|field| format!("`{}`: {}", field.key, field.about)));
        self.fault(node, format!("{subject}expected {}, found {found}", shape.expected()), hints);
    }

    fn value(&mut self, node: &Node, shape: &'static Shape, path: &Path) {
        match (shape, &node.content) {
            (_, Content::Null) if shape.may_be_empty() => {}
            (Shape::Boolean, Content::Boolean)
            | (Shape::Count, Content::Integer { negative: false })
            | (Shape::Number, Content::Integer { .. } | Content::Decimal { finite: true })
            | (
                Shape::Scalar,
                Content::Boolean | Content::Integer { .. } | Content::Decimal { .. } | Content::Text(_),
            ) => {}
            (Shape::Text(kind), Content::Text(text)) => self.text(node, text, *kind, path),
            (Shape::Choice(words) | Shape::ChoiceOr(words, _), Content::Text(text)) => {
                self.choice(node, text, words, path);
            }
            (Shape::OneOrMore(item), Content::List(items)) => self.list(node, items, item, 1, path),
            (Shape::OneOrMore(item), content) if !matches!(content, Content::Map(_) | Content::Null) => {
                self.value(node, item, path);
            }
            (Shape::List(item, least), Content::List(items)) => self.list(node, items, item, *least, path),
            (Shape::Map(kind, value), Content::Map(entries)) => {
                self.keys(entries, path);
                for (key, entry) in entries {
                    let Content::Text(name) = &key.content else { continue };
                    self.text(key, name, *kind, path);
                    self.value(entry, value, &path.key(name, None));
                }
            }
            (Shape::Object(object) | Shape::ChoiceOr(_, object), Content::Map(_)) => self.object(node, object, path),
            _ => self.wrong(node, shape, path),
        }
    }

    fn list(&mut self, node: &Node, items: &[Node], item: &'static Shape, least: usize, path: &Path) {
        if items.len() < least {
            let message = format!("`{}`: expected at least {least}, found {}", path.keys, items.len());
            self.fault(node, message, Vec::new());
        }
        for (index, entry) in items.iter().enumerate() {
            self.value(entry, item, &path.index(index));
        }
    }

    /// Reports keys that are no strings or stand twice.
    fn keys(&mut self, entries: &[(Node, Node)], path: &Path) {
        let mut seen = HashSet::new();
        for (key, _) in entries {
            match &key.content {
                Content::Text(name) if !seen.insert(name) => {
                    let message = format!("`{name}` stands twice{}", path.place());
                    self.fault(key, message, vec!["keep one of them".to_owned()]);
                }
                Content::Text(_) => {}
                other => {
                    let message = format!("expected a name as key{}, found {}", path.place(), other.kind());
                    self.fault(key, message, vec!["put the key in quotes".to_owned()]);
                }
            }
        }
    }

    fn object(&mut self, node: &Node, object: &'static Object, path: &Path) {
        let Content::Map(entries) = &node.content else {
            self.wrong(node, &Shape::Object(object), path);
            return;
        };
        self.keys(entries, path);
        let mut present = Vec::new();
        for (key, value) in entries {
            let Content::Text(name) = &key.content else { continue };
            if let Some(field) = object.fields.iter().find(|field| field.key == name) {
                present.push((field.key, key));
                self.value(value, &field.shape, &path.key(name, Some(field)));
            } else {
                self.unknown(key, name, object, path);
            }
        }
        self.together(node, &present, object.keys, path);
    }

    /// Reports keys that exclude one another, and missing ones.
    fn together(&mut self, node: &Node, present: &[(&str, &Node)], keys: Keys, path: &Path) {
        let (alternatives, needed): (&[&str], bool) = match &keys {
            Keys::Any => (&[], false),
            Keys::NotBoth(one, other) => (&[one, other], false),
            Keys::OneOf(alternatives) => (alternatives, true),
            Keys::Some => (&[], present.is_empty()),
        };
        let mut chosen = present.iter().filter(|(key, _)| alternatives.contains(key));
        let first = chosen.next();
        // The same key once more is told elsewhere.
        let second = first.and_then(|(first, _)| chosen.find(|(key, _)| key != first));
        match (first, second) {
            (Some((first, _)), Some((second, key))) => {
                let message = format!("`{first}` and `{second}` exclude one another{}", path.place());
                self.fault(key, message, vec!["keep one of them".to_owned()]);
            }
            (None, _) if needed => {
                let hint = match keys {
                    Keys::OneOf(alternatives) => format!("write {}", one_of(alternatives)),
                    _ => "give it a value or remove the key".to_owned(),
                };
                self.fault(node, format!("a key is missing{}", path.place()), vec![hint]);
            }
            _ => {}
        }
    }

    fn unknown(&mut self, key: &Node, name: &str, object: &'static Object, path: &Path) {
        let known = object.fields.iter().map(|field| field.key);
        let mut hints = Vec::new();
        if looks_secret(name) {
            hints.push(object.secrets.to_owned());
        }
        if name == "<<" {
            hints.push("merge keys are not read; use an alias for a whole value".to_owned());
        } else if let Some(similar) = closest(name, known.clone()) {
            hints.push(format!("did you mean `{similar}`?"));
        } else {
            let known: Vec<String> = known.map(|key| format!("`{key}`")).collect();
            hints.push(format!("known here: {}", known.join(", ")));
        }
        self.fault(key, format!("unknown key `{name}`{}", path.place()), hints);
    }

    fn choice(&mut self, node: &Node, text: &str, words: &'static [&'static str], path: &Path) {
        if words.contains(&text) {
            return;
        }
        let similar = closest(text, words.iter().copied()).map(|word| format!("did you mean `{word}`?"));
        let message = format!("`{}`: expected {}", path.keys, Shape::Choice(words).expected());
        self.fault(node, message, similar.into_iter().collect());
    }

    fn text(&mut self, node: &Node, text: &str, kind: Text, path: &Path) {
        let (fits, hint) = fits(text, kind);
        if !fits {
            self.fault(node, format!("`{}`: expected {}", path.keys, kind.expected()), hint.into_iter().collect());
        }
    }
}

/// Tells whether a string is what it must be, else what to do.
fn fits(text: &str, kind: Text) -> (bool, Option<String>) {
    let is_name = |part: &str| check_name(part).is_ok();
    if text.is_empty() {
        return (false, Some("give it a value or remove the key".to_owned()));
    }
    match kind {
        Text::Any => (!text.contains('\0'), None),
        Text::Name => (is_name(text) && !text.contains(['/', '@', ':']), None),
        // Whether a path exists is looked at when it is used.
        Text::Reference => match Target::parse(text, |_| false) {
            Ok(_) => (true, None),
            Err(error) => (false, Some(error.reason.to_string())),
        },
        Text::Variable => {
            let mut bytes = text.bytes();
            let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
            (first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), None)
        }
        Text::Stack => {
            let parts: Vec<&str> = text.split('/').collect();
            ((2..=3).contains(&parts.len()) && parts.into_iter().all(is_name), None)
        }
        Text::Duration => (duration::parse(text).is_ok(), Some("units are ns, us, ms, s, m and h".to_owned())),
        Text::Address => {
            let authority = text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
            let hint = "credentials never stand in this file: leave out the part before `@`";
            (!authority.is_some_and(|authority| authority.contains('@')), Some(hint.to_owned()))
        }
    }
}

/// Says what to do about a value of the wrong type.
fn remedy(found: &Content, shape: &Shape) -> Option<&'static str> {
    match (shape, found) {
        (_, Content::Null) => Some("give it a value or remove the key"),
        (_, Content::Tagged) => Some("remove the tag"),
        (
            Shape::Text(_) | Shape::OneOrMore(_) | Shape::Choice(_) | Shape::ChoiceOr(..),
            Content::Boolean | Content::Integer { .. } | Content::Decimal { .. },
        ) => Some("put it in quotes"),
        (Shape::Boolean | Shape::Number | Shape::Count, Content::Text(_)) => Some("write it without quotes"),
        (Shape::List(..), Content::Text(_)) => Some("write a list, `[a, b]`"),
        (Shape::Map(..) | Shape::Object(_), _) => Some("write a mapping, `key: value`"),
        _ => None,
    }
}

/// Tells whether somebody wanted to write a secret here.
fn looks_secret(key: &str) -> bool {
    let key: String = key.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["token", "password", "passwd", "passphrase", "secret", "credential", "accesskey", "privatekey", "apikey"]
        .iter()
        .any(|word| key.contains(word))
}

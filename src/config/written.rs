//! The text of a file that was read, in which its keys can be found again: only a message asks for a place.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::{
    error::Place,
    tree::{self, Content, Node},
};

/// One step to a value of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'p> {
    /// A key of a mapping.
    Key(&'p str),
    /// An item of a list, from 0.
    Item(usize),
}

/// The text of a file.
///
/// `Debug` shows its length only, and all are equal: what a file says counts, not how.
#[derive(Clone, Default)]
pub struct Written(Arc<Inner>);

#[derive(Default)]
struct Inner {
    text: String,
    /// Read when the first place is asked for, and once for all of them.
    tree: OnceLock<Option<Node>>,
}

impl Written {
    /// Wraps a text that was read.
    #[must_use]
    pub(super) fn new(text: &str) -> Self {
        Self(Arc::new(Inner { text: text.to_owned(), tree: OnceLock::new() }))
    }

    /// Returns the place of the key or item at the end of some steps; `None` when there is none.
    #[must_use]
    pub fn place(&self, parts: &[Part<'_>]) -> Option<Place> {
        let text = &self.0.text;
        let mut at = self.0.tree.get_or_init(|| tree::read(text).ok()).as_ref()?;
        let mut id = at.id;
        for part in parts {
            (id, at) = step(at, *part)?;
        }
        tree::place(text, id)
    }
}

/// Returns the number of the node to show, which is the key where there is one, and the value.
fn step<'n>(node: &'n Node, part: Part<'_>) -> Option<(u32, &'n Node)> {
    match (&node.content, part) {
        (Content::Map(entries), Part::Key(wanted)) => entries.iter().find_map(|(key, value)| match &key.content {
            Content::Text(name) if name == wanted => Some((key.id, value)),
            _ => None,
        }),
        (Content::List(items), Part::Item(index)) => items.get(index).map(|item| (item.id, item)),
        _ => None,
    }
}

impl PartialEq for Written {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Written {}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written({} bytes)", self.0.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_items_are_found_again() {
        let written =
            Written::new("a: 1\nvariables:\n  PORT: {type: port}\nrules:\n  - one-of: [A, B]\n  - conflicts: [A, C]\n");
        let place = |parts: &[Part<'_>]| written.place(parts).map(|place| (place.line, place.column));
        assert_eq!(place(&[Part::Key("variables"), Part::Key("PORT")]), Some((3, 3)));
        assert_eq!(place(&[Part::Key("variables"), Part::Key("PORT"), Part::Key("type")]), Some((3, 10)));
        assert_eq!(place(&[Part::Key("rules"), Part::Item(1)]), Some((6, 5)));
        assert_eq!(place(&[Part::Key("variables"), Part::Key("HOST")]), None);
        assert_eq!(place(&[Part::Key("a"), Part::Key("b")]), None);
        assert_eq!(format!("{written:?}"), "Written(85 bytes)");
    }
}

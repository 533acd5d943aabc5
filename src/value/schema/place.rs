//! Which definition a violation is blamed on, and where below it.
//!
//! A place is a chain through the stack of the check; its text is only made when there is something to report.

use std::fmt::Write as _;

use super::super::Origin;

/// Finds the definitions of the parts of a literal.
pub trait Blame {
    /// Returns the definition of an element when `list` defines a list literal.
    fn item(&self, list: Origin, index: usize) -> Option<Origin>;
    /// Returns the definition of a property when `object` defines an object literal.
    fn property(&self, object: Origin, key: &str) -> Option<Origin>;
}

/// A part of what a definition defines.
pub(super) struct Place<'p> {
    /// The definition.
    pub(super) origin: Origin,
    /// The step to the part; `None` is the whole.
    step: Option<(&'p Place<'p>, Segment<'p>)>,
}

enum Segment<'p> {
    Item(usize),
    Property(&'p str),
}

impl<'p> Place<'p> {
    /// Returns the whole of a definition.
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, step: None }
    }

    /// Returns an element, which is a definition of its own in a literal.
    pub(super) fn item(&'p self, blame: &dyn Blame, index: usize) -> Self {
        let definition = if self.step.is_none() { blame.item(self.origin, index) } else { None };
        self.part(definition, Segment::Item(index))
    }

    /// Returns a property, which is a definition of its own in a literal.
    pub(super) fn property(&'p self, blame: &dyn Blame, key: &'p str) -> Self {
        let definition = if self.step.is_none() { blame.property(self.origin, key) } else { None };
        self.part(definition, Segment::Property(key))
    }

    fn part(&'p self, definition: Option<Origin>, segment: Segment<'p>) -> Self {
        match definition {
            Some(origin) => Self::new(origin),
            None => Self { origin: self.origin, step: Some((self, segment)) },
        }
    }

    /// Returns the path below the definition: `a.b["c-d"][1]`, empty for the whole.
    pub(super) fn prefix(&self) -> String {
        let mut segments = Vec::new();
        let mut place = self;
        while let Some((parent, segment)) = &place.step {
            segments.push(segment);
            place = parent;
        }
        let mut path = String::new();
        for segment in segments.into_iter().rev() {
            match segment {
                Segment::Item(index) => drop(write!(path, "[{index}]")),
                Segment::Property(key) if is_name(key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Segment::Property(key) => drop(write!(path, "[\"{}\"]", key.replace('"', "\\\""))),
            }
        }
        path
    }
}

fn is_name(key: &str) -> bool {
    let letter = |c: char| c == '_' || c.is_ascii_alphabetic();
    key.starts_with(letter) && key.chars().all(|c| letter(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Definition 0 is `{a: <1>}`, definition 1 is `[<2>]`, definition 2 is no literal.
    struct Literals;

    impl Blame for Literals {
        fn item(&self, list: Origin, index: usize) -> Option<Origin> {
            (list == Origin(1) && index == 0).then_some(Origin(2))
        }

        fn property(&self, object: Origin, key: &str) -> Option<Origin> {
            (object == Origin(0) && key == "a").then_some(Origin(1))
        }
    }

    #[test]
    fn literals_are_descended_into() {
        let root = Place::new(Origin(0));
        assert_eq!((root.origin, root.prefix().as_str()), (Origin(0), ""));
        let missing = root.property(&Literals, "b");
        assert_eq!((missing.origin, missing.prefix().as_str()), (Origin(0), "b"));
        let list = root.property(&Literals, "a");
        assert_eq!((list.origin, list.prefix().as_str()), (Origin(1), ""));
        let element = list.item(&Literals, 0);
        assert_eq!((element.origin, element.prefix().as_str()), (Origin(2), ""));
        let part = element.item(&Literals, 1);
        assert_eq!((part.origin, part.prefix().as_str()), (Origin(2), "[1]"));
        let deep = part.property(&Literals, "a");
        let odd = deep.property(&Literals, "x-\"y");
        let deeper = odd.property(&Literals, "b_2");
        assert_eq!((deeper.origin, deeper.prefix().as_str()), (Origin(2), r#"[1].a["x-\"y"].b_2"#));
    }
}

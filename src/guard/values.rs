//! The values that a contract is held against: those of opened environments, or what a check knows of them.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    environment::{FILES, VARIABLES},
    value::{Kind, Text, TooLarge, View, text_form},
};

/// What a value is to a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text; `null` is an empty one.
    Text(Text),
    /// It is not known, and never will be.
    Unknown,
    /// It will be known when it is opened.
    Later,
    /// No text: `a list`, `an object`.
    Other(&'static str),
}

/// A value, and where it is from in the terms of whoever gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given<P> {
    /// What it is.
    pub content: Content,
    /// It is the content of a file.
    pub file: bool,
    /// Where it is from.
    pub place: P,
}

/// The values of environments that are opened together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values<P> {
    /// Those of `environmentVariables` and `files`.
    pub named: BTreeMap<Arc<str>, Given<P>>,
    /// Those at the paths that were asked for; absent where there is none.
    pub at_paths: Vec<Option<Given<P>>>,
    /// There may be more names when it is opened.
    pub open_ended: bool,
    opened: bool,
}

impl<P> Values<P> {
    /// Makes an empty set; without `opened`, a value that is not known is one that comes later.
    #[must_use]
    pub fn new(opened: bool) -> Self {
        Self { named: BTreeMap::new(), at_paths: Vec::new(), open_ended: false, opened }
    }

    /// Adds an environment, whose variables and files go before those of earlier ones.
    ///
    /// # Errors
    /// When there is more text than can be written.
    pub fn add(&mut self, root: View<'_>, place: impl Fn(View<'_>) -> P) -> Result<(), TooLarge> {
        for (section, file) in [(VARIABLES, false), (FILES, true)] {
            let Some(section) = root.get(section) else { continue };
            if section.is_unknown() {
                self.open_ended |= !self.opened;
                continue;
            }
            if let Kind::Object(object) = section.kind()
                && object.beneath.is_some_and(|beneath| section.at(beneath).is_unknown())
            {
                self.open_ended |= !self.opened;
            }
            for (name, value) in section.entries() {
                let given = self.given(value, file, place(value))?;
                self.named.insert(Arc::clone(name), given);
            }
        }
        Ok(())
    }

    /// Makes a value of a node.
    ///
    /// # Errors
    /// When there is more text than can be written.
    pub fn given(&self, value: View<'_>, file: bool, place: P) -> Result<Given<P>, TooLarge> {
        let content = match value.kind() {
            _ if value.is_unknown() && self.opened => Content::Unknown,
            _ if value.is_unknown() => Content::Later,
            Kind::List(_) => Content::Other("a list"),
            Kind::Object(_) => Content::Other("an object"),
            Kind::Null => Content::Text("".into()),
            _ => {
                let form = text_form(value)?;
                match form.unknown {
                    false => Content::Text(form.text),
                    true if self.opened => Content::Unknown,
                    true => Content::Later,
                }
            }
        };
        Ok(Given { content, file, place })
    }
}

//! What a reader is shown of a node: secrets masked when asked for, unknowns as a text, everything else as it is.

use super::{Flags, Key, Kind, Text, View};

/// The text that stands for an unknown.
pub const UNKNOWN: &str = "[unknown]";

/// The text that stands for a masked secret.
pub const SECRET: &str = "[secret]";

/// Whether secrets are written in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Secrets {
    /// In clear.
    Shown,
    /// As [`SECRET`]; a secret list or object as a whole.
    Masked,
}

/// What is written for a node.
#[derive(Clone, Copy)]
pub(crate) enum Projection<'g> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number's text.
    Number(&'g str),
    /// A string.
    String(&'g Text),
    /// A fixed text in place of the value.
    Mark(&'static str),
    /// A list: its [`parts`].
    List,
    /// An object: its [`parts`].
    Object,
}

impl<'g> Projection<'g> {
    /// Projects a node for the data formats: a masked secret hides that it is unknown.
    pub(crate) fn of(view: View<'g>, secrets: Secrets) -> Self {
        if secrets == Secrets::Masked && view.is_secret() { Self::Mark(SECRET) } else { Self::clear(view) }
    }

    /// Projects a node with secrets in clear.
    pub(crate) fn clear(view: View<'g>) -> Self {
        if view.has(Flags::UNKNOWN) {
            return Self::Mark(UNKNOWN);
        }
        match view.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(*value),
            Kind::Number(text) => Self::Number(text),
            Kind::String(text) => Self::String(text),
            Kind::List(_) => Self::List,
            Kind::Object(_) => Self::Object,
            Kind::Unknown | Kind::Sealed(_) => Self::Mark(UNKNOWN),
        }
    }
}

/// An element of a list, or a property of an object with its key.
pub(crate) type Part<'g> = (Option<&'g Key>, View<'g>);

/// Returns the elements of a list in order, the listed properties of an object in ascending byte order, nothing for others.
pub(crate) fn parts(view: View<'_>) -> Vec<Part<'_>> {
    match view.kind() {
        Kind::List(_) => view.items().map(|item| (None, item)).collect(),
        Kind::Object(_) => view.entries().map(|(key, value)| (Some(key), value)).collect(),
        _ => Vec::new(),
    }
}

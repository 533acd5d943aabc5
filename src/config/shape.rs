//! What a value of the configuration may look like, as data: the parser, the JSON Schema and the messages share it.

/// The shape of a value.
#[derive(Debug)]
pub(super) enum Shape {
    /// A string that is not empty.
    Text(Text),
    /// `true` or `false`.
    Boolean,
    /// A whole number from 0.
    Count,
    /// A number.
    Number,
    /// A string, a number or a boolean, of which the text counts.
    Scalar,
    /// One of some words.
    Choice(&'static [&'static str]),
    /// One value, or a list of them that is not empty.
    OneOrMore(&'static Shape),
    /// A list with at least so many items.
    List(&'static Shape, usize),
    /// A mapping with keys of the user's own.
    Map(Text, &'static Shape),
    /// A mapping with known keys.
    Object(&'static Object),
    /// One word for all, or a mapping that tells cases apart.
    ChoiceOr(&'static [&'static str], &'static Object),
}

impl Shape {
    /// Tells whether a key with nothing behind it is as good as an empty list or mapping.
    pub(super) fn may_be_empty(&self) -> bool {
        matches!(self, Self::List(_, 0) | Self::Map(..))
            || matches!(self, Self::Object(object) if matches!(object.keys, Keys::Any | Keys::NotBoth(..)))
    }

    /// Names what is expected.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Text(text) => text.expected().to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Count => "a whole number from 0".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Scalar => "a string, a number or a boolean".to_owned(),
            Self::Choice(words) => one_of(words),
            Self::OneOrMore(item) => format!("{} or a list of them", item.expected()),
            Self::List(_, 0 | 1) => "a list".to_owned(),
            Self::List(_, least) => format!("a list of at least {least}"),
            Self::Map(..) | Self::Object(_) => "a mapping".to_owned(),
            Self::ChoiceOr(words, _) => format!("{} or a mapping", one_of(words)),
        }
    }
}

/// Lists words of which one is meant.
pub(super) fn one_of(words: &[&str]) -> String {
    let ticked: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match ticked.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, [first])) => format!("{first} or {last}"),
        _ => format!("one of {}", ticked.join(", ")),
    }
}

/// What a string must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Anything that is not empty.
    Any,
    /// An organization or a project.
    Name,
    /// The reference of an environment.
    Reference,
    /// The name of a variable.
    Variable,
    /// `project/stack` or `organization/project/stack`.
    Stack,
    /// A Go duration.
    Duration,
    /// An address without credentials in it.
    Address,
}

impl Text {
    /// Names what is expected.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Any => "a string",
            Self::Name => "a name without `/`, `@` and `:`",
            Self::Reference => "the name of an environment",
            Self::Variable => "the name of a variable",
            Self::Stack => "a stack such as `infra/staging`",
            Self::Duration => "a duration such as `90m` or `1h30m`",
            Self::Address => "an address without credentials in it",
        }
    }

    /// The same as a regular expression of JSON Schema, where one can say it.
    #[cfg(test)]
    pub(super) fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Any | Self::Reference => None,
            Self::Name => Some(r"^(?!\.{1,2}$)[^/@:\\\x00-\x1f\x7f-\x9f]+$"),
            Self::Variable => Some("^[A-Za-z_][A-Za-z0-9_]*$"),
            Self::Stack => Some("^[^/]+/[^/]+(/[^/]+)?$"),
            Self::Duration => Some(r"^\+?(0|(([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$"),
            Self::Address => Some("^(?![a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*@)"),
        }
    }
}

/// A mapping with known keys.
#[derive(Debug)]
pub(super) struct Object {
    /// The keys, in the order of the documentation.
    pub(super) fields: &'static [Field],
    /// Which of them may stand together.
    pub(super) keys: Keys,
    /// Where secrets go that somebody wanted to write here.
    pub(super) secrets: &'static str,
}

/// Which keys of a mapping may stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// All of them.
    Any,
    /// All but these two.
    NotBoth(&'static str, &'static str),
    /// Exactly one of these; others as they like.
    OneOf(&'static [&'static str]),
    /// At least one.
    Some,
}

/// A known key.
#[derive(Debug)]
pub(super) struct Field {
    /// The key.
    pub(super) key: &'static str,
    /// What it may hold.
    pub(super) shape: Shape,
    /// What it means, in a few words; the default in brackets.
    pub(super) about: &'static str,
}

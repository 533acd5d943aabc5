//! A few words to write schemas with, so that a provider's inputs read like the table in its manual.
//!
//! Objects stay open: a key that is not listed is accepted, as the reference does.

use std::sync::Arc;

use crate::value::{
    Graph, Key, NodeId, Value,
    schema::{Keywords, Pattern, Rare, Schema, SchemaRef, Type},
};

/// A schema under construction.
#[derive(Default)]
pub(super) struct Draft {
    keywords: Keywords,
    rare: Rare,
    /// Whether a keyword of `rare` was set.
    is_rare: bool,
}

/// A property of an object under construction.
pub(super) struct Property {
    name: &'static str,
    schema: SchemaRef,
    required: bool,
    rotate_only: bool,
}

/// What a property is when it is left out; documentation, the provider applies it.
pub(super) enum Fallback {
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(u32),
    /// A string.
    Text(&'static str),
    /// An object without properties.
    EmptyObject,
}

/// Starts a string.
pub(super) fn text() -> Draft {
    Draft::of(Type::String)
}

/// Starts a number.
pub(super) fn number() -> Draft {
    Draft::of(Type::Number)
}

/// Starts a boolean.
pub(super) fn boolean() -> Draft {
    Draft::of(Type::Boolean)
}

/// Starts a list.
pub(super) fn list(items: impl Into<SchemaRef>) -> Draft {
    let mut draft = Draft::of(Type::Array);
    draft.keywords.items = Some(items.into());
    draft
}

/// Starts an object of the given properties, in the order in which missing ones are told.
pub(super) fn object(properties: impl IntoIterator<Item = Property>) -> Draft {
    let mut draft = Draft::of(Type::Object);
    for property in properties {
        let name = Key::from(property.name);
        if property.required {
            draft.keywords.required.push(Arc::clone(&name));
        }
        if property.rotate_only {
            draft.rare().rotate_only.push(Arc::clone(&name));
        }
        draft.keywords.properties.insert(name, property.schema);
    }
    draft
}

/// Makes a map of anything: data whose keys and types only its owner knows.
pub(super) fn data() -> SchemaRef {
    Schema::map(Schema::any())
}

/// Starts a map with at least one entry.
pub(super) fn entries(values: impl Into<SchemaRef>) -> Draft {
    let mut draft = Draft::of(Type::Object);
    draft.keywords.additional_properties = Some(values.into());
    draft.rare().min_properties = Some("1".into());
    draft
}

/// Makes a string that is one of the given ones.
pub(super) fn one_of(values: impl IntoIterator<Item = &'static str>) -> Draft {
    let mut draft = text();
    draft.keywords.one_of_values = values.into_iter().map(|value| constant(|graph| graph.string(value))).collect();
    draft
}

/// Makes a schema of which one alternative must match.
pub(super) fn any_of(alternatives: impl IntoIterator<Item = Draft>) -> SchemaRef {
    let mut draft = Draft::default();
    draft.rare().any_of = alternatives.into_iter().map(SchemaRef::from).collect();
    draft.into()
}

/// Makes a schema of which exactly one alternative must match.
pub(super) fn exactly_one_of(alternatives: impl IntoIterator<Item = Draft>) -> SchemaRef {
    let mut draft = Draft::default();
    draft.rare().one_of = alternatives.into_iter().map(SchemaRef::from).collect();
    draft.into()
}

/// Makes a property that must be there.
pub(super) fn required(name: &'static str, schema: impl Into<SchemaRef>) -> Property {
    Property { name, schema: schema.into(), required: true, rotate_only: false }
}

/// Makes a property that may be left out.
pub(super) fn optional(name: &'static str, schema: impl Into<SchemaRef>) -> Property {
    Property { name, schema: schema.into(), required: false, rotate_only: false }
}

impl Property {
    /// Says that only a rotation needs the property.
    pub(super) fn rotate_only(self) -> Self {
        Self { rotate_only: true, ..self }
    }
}

impl Draft {
    fn of(kind: Type) -> Self {
        let mut draft = Self::default();
        draft.keywords.kind = Some(kind);
        draft
    }

    fn rare(&mut self) -> &mut Rare {
        self.is_rare = true;
        &mut self.rare
    }

    /// Says which texts match: RE2 syntax, unanchored.
    pub(super) fn matching(mut self, pattern: &'static str) -> Self {
        self.rare().pattern = Some(Pattern::new(pattern));
        self
    }

    /// Bounds a string's length, in bytes.
    pub(super) fn length(mut self, least: u32, most: u32) -> Self {
        self.rare().min_length = Some(least.to_string().into());
        self.rare().max_length = Some(most.to_string().into());
        self
    }

    /// Refuses an empty string.
    pub(super) fn not_empty(mut self) -> Self {
        self.rare().min_length = Some("1".into());
        self
    }

    /// Bounds a number.
    pub(super) fn within(mut self, least: u32, most: u32) -> Self {
        self.rare().minimum = Some(least.to_string().into());
        self.rare().maximum = Some(most.to_string().into());
        self
    }

    /// Bounds a list's length from below.
    pub(super) fn at_least(mut self, items: u32) -> Self {
        self.rare().min_items = Some(items.to_string().into());
        self
    }

    /// Bounds a list's length from above.
    pub(super) fn at_most(mut self, items: u32) -> Self {
        self.rare().max_items = Some(items.to_string().into());
        self
    }

    /// Says what the property is when it is left out.
    pub(super) fn by_default(mut self, value: impl Into<Fallback>) -> Self {
        self.rare().default = Some(match value.into() {
            Fallback::Bool(value) => constant(|graph| graph.bool(value)),
            Fallback::Number(value) => constant(|graph| graph.number(value.to_string())),
            Fallback::Text(value) => constant(|graph| graph.string(value)),
            Fallback::EmptyObject => constant(|graph| graph.object([])),
        });
        self
    }
}

fn constant(add: impl FnOnce(&mut Graph) -> NodeId) -> Value {
    let mut graph = Graph::new();
    let root = add(&mut graph);
    Value::new(graph, root)
}

impl From<Draft> for SchemaRef {
    fn from(draft: Draft) -> Self {
        let rare = draft.is_rare.then(|| Box::new(draft.rare));
        Self::new(Keywords { rare, ..draft.keywords }.into())
    }
}

impl From<bool> for Fallback {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Fallback {
    fn from(value: u32) -> Self {
        Self::Number(value)
    }
}

impl From<&'static str> for Fallback {
    fn from(value: &'static str) -> Self {
        Self::Text(value)
    }
}

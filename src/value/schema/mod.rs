//! Schemas: the JSON Schema subset of the language.
//!
//! A schema is immutable and shared. *Any* is JSON `true`, *never* is `false`; an absent sub-schema means any. `$ref` is
//! bound once, by [`compile`], to the definitions of the root it was compiled in.

mod assign;
mod compile;
mod decode;
mod encode;
mod equal;
mod infer;
mod limits;
mod merge;
mod meta;
mod navigate;
mod pattern;
mod place;
mod re2;
#[cfg(test)]
mod testing;
mod tree;
mod validate;
mod violation;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock, Weak},
};

use super::{Key, Value};

pub use compile::{CompileError, compile};
pub use decode::{DecodeError, decode};
pub use encode::to_json;
pub use infer::schema_of;
pub use merge::merge;
pub use meta::schema_of_schemas;
pub use pattern::{Pattern, PatternError};
pub use place::Blame;
pub use validate::{Finding, validate};
pub use violation::Violation;

/// A shared schema.
pub type SchemaRef = Arc<Schema>;

/// What a value may be.
#[derive(Clone, Debug, Default)]
pub enum Schema {
    /// Everything (`true`).
    #[default]
    Any,
    /// Nothing (`false`).
    Never,
    /// What the keywords say.
    Keywords(Box<Keywords>),
}

/// The six names that `type` may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

/// The keywords of a schema; numbers keep their text.
#[derive(Clone, Debug, Default)]
pub struct Keywords {
    /// `type`.
    pub kind: Option<Type>,
    /// `const`; `null` cannot be expressed.
    pub constant: Option<Value>,
    /// `enum`.
    pub one_of_values: Vec<Value>,
    /// `properties`.
    pub properties: BTreeMap<Key, SchemaRef>,
    /// `additionalProperties`; absent means any.
    pub additional_properties: Option<SchemaRef>,
    /// `required`, in the order given.
    pub required: Vec<Key>,
    /// `prefixItems`.
    pub prefix_items: Vec<SchemaRef>,
    /// `items`; absent means any.
    pub items: Option<SchemaRef>,
    /// The rarer ones.
    pub rare: Option<Box<Rare>>,
}

/// The keywords that few schemas have.
#[derive(Clone, Debug, Default)]
pub struct Rare {
    /// `$defs`.
    pub defs: BTreeMap<Key, SchemaRef>,
    /// `$ref`.
    pub reference: Option<Reference>,
    /// `anyOf`.
    pub any_of: Vec<SchemaRef>,
    /// `oneOf`.
    pub one_of: Vec<SchemaRef>,
    /// `dependentRequired`.
    pub dependent_required: BTreeMap<Key, Vec<Key>>,
    /// `minProperties`.
    pub min_properties: Option<Arc<str>>,
    /// `maxProperties`.
    pub max_properties: Option<Arc<str>>,
    /// `minItems`.
    pub min_items: Option<Arc<str>>,
    /// `maxItems`.
    pub max_items: Option<Arc<str>>,
    /// `uniqueItems`: carried, not enforced.
    pub unique_items: bool,
    /// `multipleOf`.
    pub multiple_of: Option<Arc<str>>,
    /// `minimum`.
    pub minimum: Option<Arc<str>>,
    /// `maximum`.
    pub maximum: Option<Arc<str>>,
    /// `exclusiveMinimum`.
    pub exclusive_minimum: Option<Arc<str>>,
    /// `exclusiveMaximum`.
    pub exclusive_maximum: Option<Arc<str>>,
    /// `minLength`, in bytes.
    pub min_length: Option<Arc<str>>,
    /// `maxLength`, in bytes.
    pub max_length: Option<Arc<str>>,
    /// `pattern`.
    pub pattern: Option<Pattern>,
    /// `title`.
    pub title: Option<Arc<str>>,
    /// `description`.
    pub description: Option<Arc<str>>,
    /// `default`: documentation only.
    pub default: Option<Value>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `examples`.
    pub examples: Vec<Value>,
    /// `secret`: carried, no effect.
    pub secret: bool,
    /// `rotateOnly`: the properties that only a rotation needs.
    pub rotate_only: Vec<Key>,
}

/// A `$ref`, and the definitions it is looked up in once it is compiled.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The text, `#/$defs/NAME`.
    pub text: Arc<str>,
    /// Bound by [`compile`].
    pub(super) definitions: Binding,
}

/// The `$defs` of a compiled root.
pub(super) type Definitions = OnceLock<BTreeMap<Key, SchemaRef>>;

/// Outside of `$defs` a reference owns the definitions; inside, where it would own itself, it does not.
#[derive(Clone, Debug, Default)]
pub(super) enum Binding {
    /// Not compiled.
    #[default]
    Unbound,
    /// Keeps the definitions alive.
    Owned(Arc<Definitions>),
    /// Lives within them.
    Within(Weak<Definitions>),
}

impl Schema {
    /// Returns the schema that accepts everything.
    #[must_use]
    pub fn any() -> SchemaRef {
        static ANY: OnceLock<SchemaRef> = OnceLock::new();
        Arc::clone(ANY.get_or_init(|| Arc::new(Self::Any)))
    }

    /// Returns the schema that accepts nothing.
    #[must_use]
    pub fn never() -> SchemaRef {
        static NEVER: OnceLock<SchemaRef> = OnceLock::new();
        Arc::clone(NEVER.get_or_init(|| Arc::new(Self::Never)))
    }

    /// Returns a schema that says only the type.
    #[must_use]
    pub fn of(kind: Type) -> SchemaRef {
        static TYPES: [OnceLock<SchemaRef>; 6] = [const { OnceLock::new() }; 6];
        let schema = || Arc::new(Keywords { kind: Some(kind), ..Keywords::default() }.into());
        Arc::clone(TYPES[kind as usize].get_or_init(schema))
    }

    /// Returns `{type: string}`.
    #[must_use]
    pub fn string() -> SchemaRef {
        Self::of(Type::String)
    }

    /// Returns an array of a schema.
    #[must_use]
    pub fn array(items: SchemaRef) -> SchemaRef {
        Arc::new(Keywords { kind: Some(Type::Array), items: Some(items), ..Keywords::default() }.into())
    }

    /// Returns an object schema of which all listed properties are required: a *record*.
    #[must_use]
    pub fn record(properties: impl IntoIterator<Item = (&'static str, SchemaRef)>) -> SchemaRef {
        let properties: BTreeMap<Key, SchemaRef> =
            properties.into_iter().map(|(name, schema)| (Key::from(name), schema)).collect();
        let required = properties.keys().cloned().collect();
        Arc::new(Keywords { kind: Some(Type::Object), properties, required, ..Keywords::default() }.into())
    }

    /// Returns an object schema whose properties all have one schema: a *map*.
    #[must_use]
    pub fn map(values: SchemaRef) -> SchemaRef {
        Arc::new(
            Keywords { kind: Some(Type::Object), additional_properties: Some(values), ..Keywords::default() }.into(),
        )
    }

    /// Returns the keywords, or `None` for any and never.
    #[must_use]
    pub fn keywords(&self) -> Option<&Keywords> {
        match self {
            Self::Keywords(keywords) => Some(keywords),
            Self::Any | Self::Never => None,
        }
    }

    /// Tells whether everything is accepted.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    /// Tells whether nothing is accepted.
    #[must_use]
    pub fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }

    /// Returns the type, where one is said.
    #[must_use]
    pub fn kind(&self) -> Option<Type> {
        self.keywords().and_then(|keywords| keywords.kind)
    }
}

impl From<Keywords> for Schema {
    fn from(keywords: Keywords) -> Self {
        Self::Keywords(Box::new(keywords))
    }
}

impl From<Rare> for Keywords {
    fn from(rare: Rare) -> Self {
        Self { rare: Some(Box::new(rare)), ..Self::default() }
    }
}

impl Type {
    /// Every type, in the order that messages list them in.
    pub const ALL: [Self; 6] = [Self::String, Self::Number, Self::Boolean, Self::Array, Self::Object, Self::Null];

    /// Returns the keyword's text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

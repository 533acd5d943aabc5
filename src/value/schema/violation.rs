//! What a value can get wrong.

use std::sync::Arc;

use super::super::{Key, Value};

/// One way in which a value does not match a schema; limits and lists come from the schema, never from the value.
#[derive(Clone, Debug)]
pub enum Violation {
    /// Another type.
    Type {
        /// What the schema wants.
        expected: &'static str,
        /// What there is.
        got: &'static str,
    },
    /// Not the constant.
    Const(Value),
    /// None of the values.
    Enum(Vec<Value>),
    /// No branch of `anyOf` matches, or none of `oneOf` for an unknown.
    NoneOf,
    /// No branch of `oneOf` matches.
    OneOfNone,
    /// More than one branch of `oneOf` matches.
    OneOfMany,
    /// `multipleOf`.
    MultipleOf(Arc<str>),
    /// `minimum`.
    Minimum(Arc<str>),
    /// `exclusiveMinimum`.
    ExclusiveMinimum(Arc<str>),
    /// `maximum`.
    Maximum(Arc<str>),
    /// `exclusiveMaximum`.
    ExclusiveMaximum(Arc<str>),
    /// `minLength`.
    MinLength(Arc<str>),
    /// `maxLength`.
    MaxLength(Arc<str>),
    /// `pattern`.
    Pattern(Arc<str>),
    /// `minItems`.
    MinItems(Arc<str>),
    /// `maxItems`.
    MaxItems(Arc<str>),
    /// `minProperties`.
    MinProperties(Arc<str>),
    /// `maxProperties`.
    MaxProperties(Arc<str>),
    /// Properties that are missing, in order of reporting.
    Required(Vec<Key>),
    /// Properties that the schema of an unknown does not promise.
    RequiredSchema(Vec<Key>),
    /// More values would have to be looked at than a check may take.
    TooLarge,
}

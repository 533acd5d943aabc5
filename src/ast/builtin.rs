//! The builtins: one table of names, and the shapes of their arguments.

use std::sync::Arc;

use super::id::ExprId;

/// A builtin whose argument is one expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pure {
    /// `fn::concat`
    Concat,
    /// `fn::final`
    Final,
    /// `fn::fromBase64`
    FromBase64,
    /// `fn::fromJSON`
    FromJson,
    /// `fn::toBase64`
    ToBase64,
    /// `fn::toJSON`
    ToJson,
    /// `fn::toString`
    ToString,
    /// `fn::toYAML`
    ToYaml,
}

/// What stands behind a `fn::` key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// Takes any expression.
    Pure(Pure),
    /// `fn::join`
    Join,
    /// `fn::split`
    Split,
    /// `fn::open`
    Open,
    /// `fn::rotate`
    Rotate,
    /// `fn::secret`
    Secret,
    /// `fn::validate`
    Validate,
}

/// Every builtin by name; `fn::open::NAME` and `fn::rotate::NAME` come beside it.
pub(super) const TABLE: [(&str, Name); 14] = [
    ("fn::concat", Name::Pure(Pure::Concat)),
    ("fn::final", Name::Pure(Pure::Final)),
    ("fn::fromBase64", Name::Pure(Pure::FromBase64)),
    ("fn::fromJSON", Name::Pure(Pure::FromJson)),
    ("fn::join", Name::Join),
    ("fn::open", Name::Open),
    ("fn::rotate", Name::Rotate),
    ("fn::secret", Name::Secret),
    ("fn::split", Name::Split),
    ("fn::toBase64", Name::Pure(Pure::ToBase64)),
    ("fn::toJSON", Name::Pure(Pure::ToJson)),
    ("fn::toString", Name::Pure(Pure::ToString)),
    ("fn::toYAML", Name::Pure(Pure::ToYaml)),
    ("fn::validate", Name::Validate),
];

/// A builtin call.
#[derive(Clone, Debug)]
pub enum Builtin {
    /// One that takes any expression.
    Pure(Pure, ExprId),
    /// `fn::join`: delimiter and values; absent when the argument has another shape.
    Join(Option<[ExprId; 2]>),
    /// `fn::split`: delimiter and string; absent when the argument has another shape.
    Split(Option<[ExprId; 2]>),
    /// `fn::open`
    Open(Call),
    /// `fn::rotate`
    Rotate(RotateCall),
    /// `fn::secret`
    Secret(Secret),
    /// `fn::validate`
    Validate(Validate),
}

/// A provider call.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The provider; absent when none is named in a usable way.
    pub provider: Option<Arc<str>>,
    /// Its inputs; absent when they are missing.
    pub inputs: Option<ExprId>,
}

/// A rotator call.
#[derive(Clone, Debug, Default)]
pub struct RotateCall {
    /// Rotator and inputs.
    pub call: Call,
    /// The stored state.
    pub state: Option<ExprId>,
    /// The key that a patch goes below, `fn::rotate` or `fn::rotate::NAME`.
    pub key: Arc<str>,
}

/// The argument of `fn::secret`.
#[derive(Clone, Debug)]
pub enum Secret {
    /// Text; empty when the argument is no literal.
    Plaintext(Arc<str>),
    /// An envelope.
    Ciphertext(Arc<str>),
}

/// The argument of `fn::validate`.
#[derive(Clone, Debug, Default)]
pub struct Validate {
    /// The schema.
    pub schema: Option<ExprId>,
    /// The value.
    pub value: Option<ExprId>,
}

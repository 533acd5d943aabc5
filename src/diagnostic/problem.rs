//! Every situation that a definition can be in, with the names that its message needs.

use super::{Breach, Failure, Severity};
use crate::value::schema::Violation;

/// One situation. Variants stand in the order of the stages that find them.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The text is no YAML.
    Yaml {
        /// The parser's reason, without text of the document.
        reason: String,
    },
    /// The file is no text.
    Encoding {
        /// What is wrong with its encoding.
        reason: &'static str,
    },
    /// An alias is used.
    Alias,
    /// A mapping key is no string.
    MapKey,
    /// An explicit tag does not fit its text.
    Tag {
        /// The tag in its short form.
        tag: String,
    },
    /// A part of the document is no mapping.
    NotObject {
        /// `environment`, `values` or `import`.
        what: &'static str,
    },
    /// `imports` is no list.
    NotList {
        /// `imports`.
        what: &'static str,
    },
    /// `description` or `merge` has the wrong type.
    FieldType {
        /// The field.
        field: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A top-level key that means nothing.
    UnknownField {
        /// The key.
        name: String,
    },
    /// `environmentVariables` or `files` beside `values` instead of in it.
    MisplacedSection {
        /// The key.
        name: String,
    },
    /// A repeated top-level key or import option.
    DupField {
        /// The key.
        name: String,
    },
    /// An import that is neither a name nor a mapping.
    ImportForm,
    /// An import mapping without exactly one key.
    ImportOneKey,
    /// A builtin as a top-level property.
    BuiltinTop {
        /// The key.
        name: String,
    },
    /// A builtin beside other keys.
    BuiltinNotAlone {
        /// The key.
        name: String,
    },
    /// A key with the reserved prefix that is no builtin.
    ReservedPrefix {
        /// The key.
        name: String,
        /// A builtin with a similar name.
        suggestion: Option<String>,
    },
    /// A nested key that contains an access.
    KeyNotString,
    /// `${` without `}`.
    PathBrace,
    /// An empty property name.
    PathEmptyName,
    /// `[` without `]`.
    PathBracket,
    /// A quoted key without its closing quote.
    PathQuote,
    /// An empty quoted key.
    PathEmptyKey,
    /// A subscript that is neither a number nor quoted.
    PathIndex,
    /// A path that begins with an index.
    PathFirstIndex,
    /// A builtin's argument has the wrong form.
    ArgShape {
        /// The builtin, `fn::join`.
        builtin: &'static str,
        /// What it wants.
        expected: &'static str,
    },
    /// `fn::open` or `fn::rotate` without `provider`.
    ProviderMissing,
    /// `fn::open` or `fn::rotate` without `inputs`.
    InputsMissing,
    /// `provider` is no literal string.
    ProviderLiteral,
    /// `state` is no literal mapping.
    StateLiteral,
    /// The argument of `fn::secret` is no literal.
    SecretLiteral,
    /// `fn::validate` without `schema` or `value`.
    ValidateMissing {
        /// The missing part.
        part: &'static str,
    },
    /// A reserved top-level name.
    Reserved {
        /// The name.
        name: String,
    },
    /// A repeated key.
    DupKey {
        /// The key.
        name: String,
    },
    /// A value that needs itself.
    Cycle {
        /// Display path of the value that was entered twice; empty for a builtin's argument.
        name: String,
    },
    /// An environment that needs itself.
    ImportCycle {
        /// The environment.
        name: String,
    },
    /// An environment that can't be loaded.
    Load {
        /// The name as it was written; empty for the environment that the run is about.
        name: String,
        /// Why.
        failure: Failure,
    },
    /// No such property.
    UnknownProp {
        /// The property.
        name: String,
        /// A similar one.
        suggestion: Option<String>,
    },
    /// An access into something that holds nothing.
    NotContainer {
        /// What it is: `string`, `number` …; absent when it is not known.
        kind: Option<&'static str>,
    },
    /// A name where an index is needed.
    NameOnArray {
        /// The name.
        name: String,
    },
    /// A negative index.
    NegIndex {
        /// The index.
        index: i64,
    },
    /// An index behind the end.
    OutOfBounds {
        /// The index.
        index: i64,
        /// The list's length.
        length: usize,
    },
    /// An index where a name is needed.
    IntOnObject {
        /// The index.
        index: i64,
    },
    /// An access into an encrypted secret.
    NoReceiver,
    /// An unknown provider or rotator.
    ProviderLoad {
        /// The name.
        name: String,
        /// Why, and the known ones.
        failure: Failure,
    },
    /// A provider's own schema is wrong.
    ProviderSchema {
        /// The provider.
        name: String,
        /// The compiler's reason.
        reason: String,
    },
    /// A provider failed.
    Open {
        /// The provider.
        name: String,
        /// Why.
        failure: Failure,
    },
    /// A rotator failed.
    Rotate {
        /// The rotator.
        name: String,
        /// Why.
        failure: Failure,
    },
    /// Provider inputs that are no object.
    InputsObject {
        /// The provider.
        name: String,
    },
    /// An envelope that is damaged.
    Ciphertext {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An envelope that can't be decrypted.
    Decrypt {
        /// Why.
        failure: Failure,
    },
    /// No base64.
    Base64,
    /// No JSON.
    Json {
        /// What is wrong with it, without its text.
        reason: String,
    },
    /// A number that JSON can't express.
    JsonEnc,
    /// A final value that is overridden.
    Final,
    /// A `fn::validate` schema that is none.
    BadSchema {
        /// What is wrong with it.
        reason: String,
    },
    /// A value that does not match a schema.
    Schema {
        /// Path of the part below the value that is blamed, `bar` or `[1]`; empty for itself.
        prefix: String,
        /// What is wrong.
        violation: Violation,
    },
    /// Context that only Pulumi Cloud knows.
    ServerContext {
        /// The path below `context`.
        name: String,
    },
    /// What Pulumi Cloud says of an environment that it evaluated, in its own words.
    Cloud {
        /// What is wrong.
        summary: String,
        /// More about it.
        detail: Option<String>,
    },
    /// What this implementation allows and the reference does not.
    Extension(Extension),
    /// More than this program takes.
    Limit(LimitKind),
    /// The contract is violated; how bad that is says the contract.
    Contract(Box<Breach>),
}

/// A local extension of the language (`docs/esc-language.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extension {
    /// A key of a string secret that holds JSON is read.
    JsonAccess,
    /// `stack: org/project/stack`.
    StackOrganization,
    /// `fn::open::aws-login` with the caller's own identity.
    AmbientLogin,
    /// `aws-secrets` without `login`.
    LoginOmitted,
    /// An import without a project is looked for in the importing environment's own project.
    ProjectImport,
}

/// What there can be too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// Bytes of definitions in a run.
    Bytes(u64),
    /// Nesting of a YAML document.
    Nesting(usize),
    /// Nesting of JSON text.
    JsonNesting(usize),
    /// Imports within imports.
    Imports(usize),
    /// Values that need one another in a row.
    References(usize),
    /// Values that would be written out.
    Values(u32),
}

impl Problem {
    /// Returns how bad the situation is by itself: [`Problem::ServerContext`] is worse when it is asked for, and of
    /// [`Problem::Cloud`] the service says how bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::UnknownField { .. }
            | Self::DupField { .. }
            | Self::Final
            | Self::ServerContext { .. }
            | Self::Extension(_) => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Returns why something that was asked for outside failed: its kind decides the exit code.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Load { failure, .. }
            | Self::ProviderLoad { failure, .. }
            | Self::Open { failure, .. }
            | Self::Rotate { failure, .. }
            | Self::Decrypt { failure } => Some(failure),
            _ => None,
        }
    }

    /// Tells whether the situation is a use of a local extension: worth a warning to `check`, and no word to a shell.
    #[must_use]
    pub fn is_extension(&self) -> bool {
        matches!(self, Self::Extension(_))
    }

    /// Tells whether the message shows texts that come from outside or from values: they may hold a secret.
    #[must_use]
    pub fn shows_texts(&self) -> bool {
        matches!(
            self,
            Self::Load { .. }
                | Self::ProviderLoad { .. }
                | Self::Open { .. }
                | Self::Rotate { .. }
                | Self::Decrypt { .. }
                | Self::BadSchema { .. }
                | Self::ProviderSchema { .. }
                | Self::Schema { .. }
        )
    }

    /// Returns the stable code: kebab case, unique, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Yaml { .. } | Self::Encoding { .. } => "yaml",
            Self::Alias => "alias",
            Self::MapKey => "map-key",
            Self::Tag { .. } => "tag",
            Self::NotObject { .. } => "not-object",
            Self::NotList { .. } => "not-list",
            Self::FieldType { .. } => "field-type",
            Self::UnknownField { .. } => "unknown-field",
            Self::MisplacedSection { .. } => "misplaced-section",
            Self::DupField { .. } => "dup-field",
            Self::ImportForm => "import-form",
            Self::ImportOneKey => "import-one-key",
            Self::BuiltinTop { .. } => "builtin-top",
            Self::BuiltinNotAlone { .. } => "builtin-not-alone",
            Self::ReservedPrefix { .. } => "reserved-prefix",
            Self::KeyNotString => "key-not-string",
            Self::PathBrace => "path-brace",
            Self::PathEmptyName => "path-empty-name",
            Self::PathBracket => "path-bracket",
            Self::PathQuote => "path-quote",
            Self::PathEmptyKey => "path-empty-key",
            Self::PathIndex => "path-index",
            Self::PathFirstIndex => "path-first-index",
            Self::ArgShape { .. } => "arg-shape",
            Self::ProviderMissing => "provider-missing",
            Self::InputsMissing => "inputs-missing",
            Self::ProviderLiteral => "provider-literal",
            Self::StateLiteral => "state-literal",
            Self::SecretLiteral => "secret-literal",
            Self::ValidateMissing { .. } => "validate-missing",
            Self::Reserved { .. } => "reserved",
            Self::DupKey { .. } => "dup-key",
            Self::Cycle { .. } => "cycle",
            Self::ImportCycle { .. } => "import-cycle",
            Self::Load { .. } => "load",
            Self::UnknownProp { .. } => "unknown-prop",
            Self::NotContainer { .. } => "not-container",
            Self::NameOnArray { .. } => "name-on-array",
            Self::NegIndex { .. } => "neg-index",
            Self::OutOfBounds { .. } => "out-of-bounds",
            Self::IntOnObject { .. } => "int-on-object",
            Self::NoReceiver => "no-receiver",
            Self::ProviderLoad { .. } => "provider-load",
            Self::ProviderSchema { .. } => "provider-schema",
            Self::Open { .. } => "open",
            Self::Rotate { .. } => "rotate",
            Self::InputsObject { .. } => "inputs-object",
            Self::Ciphertext { .. } => "ciphertext",
            Self::Decrypt { .. } => "decrypt",
            Self::Base64 => "base64",
            Self::Json { .. } => "json",
            Self::JsonEnc => "json-enc",
            Self::Final => "final",
            Self::BadSchema { .. } => "bad-schema",
            Self::Schema { violation, .. } => violation_code(violation),
            Self::ServerContext { .. } => "server-context",
            Self::Cloud { .. } => "cloud",
            Self::Extension(extension) => extension.code(),
            Self::Limit(_) => "limit",
            Self::Contract(breach) => breach.kind.code(),
        }
    }
}

impl Extension {
    /// Returns the extension's code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::JsonAccess => "json-access",
            Self::StackOrganization => "stack-organization",
            Self::AmbientLogin => "ambient-login",
            Self::LoginOmitted => "login-omitted",
            Self::ProjectImport => "project-import",
        }
    }
}

fn violation_code(violation: &Violation) -> &'static str {
    match violation {
        Violation::Type { .. } => "v-type",
        Violation::Const(_) => "v-const",
        Violation::Enum(_) => "v-enum",
        Violation::NoneOf => "v-none-of",
        Violation::OneOfNone => "v-one-of-none",
        Violation::OneOfMany => "v-one-of-many",
        Violation::MultipleOf(_) => "v-multiple",
        Violation::Minimum(_) => "v-min",
        Violation::ExclusiveMinimum(_) => "v-exmin",
        Violation::Maximum(_) => "v-max",
        Violation::ExclusiveMaximum(_) => "v-exmax",
        Violation::MinLength(_) => "v-minlen",
        Violation::MaxLength(_) => "v-maxlen",
        Violation::Pattern(_) => "v-pattern",
        Violation::MinItems(_) => "v-minitems",
        Violation::MaxItems(_) => "v-maxitems",
        Violation::MinProperties(_) => "v-minprops",
        Violation::MaxProperties(_) => "v-maxprops",
        Violation::Required(_) => "v-required",
        Violation::RequiredSchema(_) => "v-required-schema",
        Violation::TooLarge => "limit",
    }
}

//! The contract as it is declared: which variables must exist, and what they must look like.
//!
//! Only data: what it means when several sources are added up is the guard's business.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};

use super::mapping;

/// What a variable must be and how its violations are told.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Variable {
    /// Type of the value; absent means any string.
    #[serde(rename = "type")]
    pub kind: Option<VariableType>,
    /// Whether it must exist; absent means yes, unless there is a default.
    pub required: Option<bool>,
    /// Value when there is none, as it was written.
    pub default: Option<Literal>,
    /// Whether it is masked as a secret; absent means yes, unless there is a default or the type has few values.
    pub secret: Option<bool>,
    /// Regular expression with a match in the value.
    pub pattern: Option<String>,
    /// Least number of characters.
    pub min_length: Option<u64>,
    /// Greatest number of characters.
    pub max_length: Option<u64>,
    /// Least number.
    pub min: Option<Bound>,
    /// Greatest number.
    pub max: Option<Bound>,
    /// Schemes that a url may have; empty means all.
    pub schemes: Vec<String>,
    /// Values of an enum, as they were written.
    pub values: Vec<Literal>,
    /// Variables that must exist when this one does.
    pub requires: Vec<String>,
    /// Property path of the value; absent means `environmentVariables.NAME`.
    pub from: Option<String>,
    /// How bad a violation is.
    pub severity: Severity,
    /// Environments that it holds for; empty means all.
    #[serde(rename = "in")]
    pub environments: Vec<String>,
    /// What to do when it is missing or wrong.
    pub help: Option<String>,
    /// Who is to be asked.
    pub owner: Option<String>,
    /// Where it is described.
    pub docs: Option<String>,
}

/// What must hold between variables. Exactly one of the first three is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Rule {
    /// One of these must exist.
    pub one_of: Vec<String>,
    /// Variables, each with those that it needs.
    #[serde(deserialize_with = "mapping")]
    pub requires: BTreeMap<String, Vec<String>>,
    /// No two of these may exist.
    pub conflicts: Vec<String>,
    /// Environments that it holds for; empty means all.
    #[serde(rename = "in")]
    pub environments: Vec<String>,
}

/// What happens to variables that are not declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Undeclared {
    /// They are delivered like the others.
    #[default]
    Export,
    /// They are left out.
    Drop,
}

/// How bad a violation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is delivered.
    #[default]
    Error,
    /// It is told, and the run goes on.
    Warn,
}

/// How bad a violation is in a CI job, and elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Severity {
    /// In a CI job.
    pub ci: Level,
    /// Elsewhere.
    pub local: Level,
}

impl<'de> Deserialize<'de> for Severity {
    /// Reads one word for both, or a mapping with a word for each.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Both;
        impl<'de> Visitor<'de> for Both {
            type Value = Severity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a severity")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Severity, E> {
                let level = Level::deserialize(de::value::StrDeserializer::new(word))?;
                Ok(Severity { ci: level, local: level })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Severity, A::Error> {
                let mut severity = Severity::default();
                while let Some(key) = access.next_key::<String>()? {
                    match key.as_str() {
                        "ci" => severity.ci = access.next_value()?,
                        "local" => severity.local = access.next_value()?,
                        _ => return Err(de::Error::unknown_field(&key, &["ci", "local"])),
                    }
                }
                Ok(severity)
            }
        }
        deserializer.deserialize_any(Both)
    }
}

/// The text of a string, a number or a boolean, just as it was written: `3.10` keeps its zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal(pub String);

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Literal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a number or a boolean")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Literal, E> {
                Ok(Literal(text.to_owned()))
            }
        }
        // The YAML reader hands out the text of any scalar that is asked for as a string.
        deserializer.deserialize_str(Written)
    }
}

/// A bound of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A whole number.
    Integer(i128),
    /// Another number; finite.
    Decimal(f64),
}

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Bound;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Bound, E> {
                Ok(Bound::Integer(value.into()))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Bound, E> {
                Ok(Bound::Integer(value.into()))
            }

            fn visit_i128<E: de::Error>(self, value: i128) -> Result<Bound, E> {
                Ok(Bound::Integer(value))
            }

            fn visit_u128<E: de::Error>(self, value: u128) -> Result<Bound, E> {
                i128::try_from(value).map(Bound::Integer).map_err(|_| E::custom("too large a number"))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Bound, E> {
                Ok(Bound::Decimal(value))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

/// Defines the types with their names, so that the list of names cannot miss one.
macro_rules! variable_types {
    ($($(#[$doc:meta])* $name:literal => $variant:ident,)*) => {
        /// The type of a variable's value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        pub enum VariableType {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl VariableType {
            /// The names of all types, in the order of the documentation.
            pub const NAMES: [&'static str; [$($name),*].len()] = [$($name),*];

            /// Returns the name that the configuration uses.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

variable_types! {
    /// Any text.
    "string" => String,
    /// A whole number.
    "int" => Int,
    /// A number.
    "number" => Number,
    /// `true` or `false`.
    "bool" => Bool,
    /// A port from 1 to 65535.
    "port" => Port,
    /// An absolute URL.
    "url" => Url,
    /// A mail address.
    "email" => Email,
    /// The name of a host.
    "hostname" => Hostname,
    /// An IPv4 or IPv6 address.
    "ip" => Ip,
    /// A network.
    "cidr" => Cidr,
    /// A path.
    "path" => Path,
    /// A file that exists.
    "file" => File,
    /// A folder that exists.
    "dir" => Dir,
    /// JSON text.
    "json" => Json,
    /// Base64 text.
    "base64" => Base64,
    /// Hexadecimal text.
    "hex" => Hex,
    /// A UUID.
    "uuid" => Uuid,
    /// A semantic version.
    "semver" => Semver,
    /// A Go duration.
    "duration" => Duration,
    /// One of the listed values.
    "enum" => Enum,
    /// A date.
    "date" => Date,
    /// A regular expression.
    "regex" => Regex,
    /// An Amazon resource name.
    "aws-arn" => AwsArn,
    /// The name of an AWS region.
    "aws-region" => AwsRegion,
    /// A JSON web token.
    "jwt" => Jwt,
    /// PEM text.
    "pem" => Pem,
    /// A certificate.
    "x509" => X509,
}

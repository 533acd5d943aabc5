//! How a contract is violated, as data: what the guard found, with the lines of the contract that say what to do.

/// One violation of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// What is violated.
    pub kind: BreachKind,
    /// What the contract says to do: its help, owner and documentation.
    pub advice: Vec<String>,
    /// Where it is declared, for people; absent where that is the place of the message.
    pub declared: Option<String>,
}

/// What is violated. A `name` is that of the variable that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreachKind {
    /// A required variable that does not exist.
    Missing {
        /// The variable.
        name: String,
        /// The path that it is taken from, where that is not `environmentVariables`.
        from: Option<String>,
        /// A variable with a similar name that exists.
        suggestion: Option<String>,
    },
    /// A required variable without text.
    Empty {
        /// The variable.
        name: String,
    },
    /// A variable whose value is not known.
    Unknown {
        /// The variable.
        name: String,
    },
    /// A value that is no text.
    NotText {
        /// The variable.
        name: String,
        /// What it is: `a list`, `an object`.
        found: &'static str,
    },
    /// A file is declared, and the environment gives a variable.
    NotFile {
        /// The variable.
        name: String,
    },
    /// A value of another type.
    Type {
        /// The variable.
        name: String,
        /// The type's name.
        wanted: &'static str,
        /// What a value of it is.
        about: &'static str,
        /// What is most likely wrong.
        reason: Option<&'static str>,
    },
    /// A value that does not match a pattern.
    Pattern {
        /// The variable.
        name: String,
        /// The pattern.
        pattern: String,
    },
    /// Too few characters.
    TooShort {
        /// The variable.
        name: String,
        /// Least number of characters.
        least: u64,
    },
    /// Too many characters.
    TooLong {
        /// The variable.
        name: String,
        /// Greatest number of characters.
        most: u64,
    },
    /// Too small a number.
    TooSmall {
        /// The variable.
        name: String,
        /// Least number.
        least: String,
    },
    /// Too large a number.
    TooLarge {
        /// The variable.
        name: String,
        /// Greatest number.
        most: String,
    },
    /// A URL with another scheme.
    Scheme {
        /// The variable.
        name: String,
        /// The schemes that it may have.
        schemes: Vec<String>,
    },
    /// A value that is none of those listed.
    Value {
        /// The variable.
        name: String,
        /// The values that it may have.
        values: Vec<String>,
    },
    /// A token, a certificate or a credential that is no longer valid.
    Expired {
        /// The variable.
        name: String,
        /// Seconds since its end.
        seconds: u64,
    },
    /// A token or a certificate that is not valid yet.
    Early {
        /// The variable.
        name: String,
        /// Seconds until its begin.
        seconds: u64,
    },
    /// Variables that another one needs are missing.
    Requires {
        /// The variable that exists.
        name: String,
        /// Those that do not.
        missing: Vec<String>,
    },
    /// None of several variables exists.
    OneOf {
        /// The variables.
        names: Vec<String>,
    },
    /// Variables that exclude one another.
    Conflicts {
        /// Those that exist.
        names: Vec<String>,
    },
    /// A variable is declared, and no environment has it.
    Nowhere {
        /// The variable.
        name: String,
        /// A variable with a similar name that exists.
        suggestion: Option<String>,
    },
    /// The contract names an environment that does not exist.
    NoEnvironment {
        /// The name.
        name: String,
        /// A similar one that exists.
        suggestion: Option<String>,
    },
}

impl BreachKind {
    /// Returns the stable code: kebab case, unique, never reused.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "contract-missing",
            Self::Empty { .. } => "contract-empty",
            Self::Unknown { .. } => "contract-unknown",
            Self::NotText { .. } => "contract-not-text",
            Self::NotFile { .. } => "contract-not-file",
            Self::Type { .. } => "contract-type",
            Self::Pattern { .. } => "contract-pattern",
            Self::TooShort { .. } => "contract-min-length",
            Self::TooLong { .. } => "contract-max-length",
            Self::TooSmall { .. } => "contract-min",
            Self::TooLarge { .. } => "contract-max",
            Self::Scheme { .. } => "contract-scheme",
            Self::Value { .. } => "contract-value",
            Self::Expired { .. } => "contract-expired",
            Self::Early { .. } => "contract-early",
            Self::Requires { .. } => "contract-requires",
            Self::OneOf { .. } => "contract-one-of",
            Self::Conflicts { .. } => "contract-conflicts",
            Self::Nowhere { .. } => "contract-nowhere",
            Self::NoEnvironment { .. } => "contract-no-environment",
        }
    }
}

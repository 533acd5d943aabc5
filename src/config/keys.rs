//! The table of all keys of `esc-shell.yaml`.
//!
//! Invariant: a key that is not here is refused, and none of them holds a secret: files and variables that hold one are named.

use super::{
    contract::VariableType,
    shape::{
        Field, Keys, Object,
        Shape::{self, Boolean, Choice, ChoiceOr, Count, List, Map, Number, OneOrMore, Scalar},
        Text,
    },
};

const fn field(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { key, shape, about }
}

const fn object(fields: &'static [Field], secrets: &'static str) -> Object {
    Object { fields, keys: Keys::Any, secrets }
}

const TEXT: Shape = Shape::Text(Text::Any);
const VARIABLE_NAME: Shape = Shape::Text(Text::Variable);
const LEVELS: &[&str] = &["error", "warn"];

const SECRETS: &str =
    "secrets never stand in this file: keep them in the definition, as `fn::secret` or behind a provider";

/// The whole file.
pub(super) static CONFIG: Object = object(
    &[
        field("organization", Shape::Text(Text::Name), "organization of references that name none"),
        field("project", Shape::Text(Text::Name), "project of references that name none"),
        field("environment", Shape::Text(Text::Reference), "environment of commands that are given none"),
        field("environments", OneOrMore(&TEXT), "folder or folders with definitions, relative to this file"),
        field(
            "variables",
            Map(Text::Variable, &Shape::Object(&VARIABLE)),
            "variables that must exist, and what they must look like",
        ),
        field("rules", List(&Shape::Object(&RULE), 0), "what must hold between variables"),
        field("undeclared", Choice(&["export", "drop"]), "what happens to variables that are not declared [export]"),
        field("aws", Shape::Object(&AWS), "how AWS is reached"),
        field("pulumi", Shape::Object(&PULUMI), "where the outputs of stacks are read"),
        field("vault", Shape::Object(&VAULT), "web identity for Vault"),
        field("cloud", Shape::Object(&CLOUD), "Pulumi Cloud"),
    ],
    SECRETS,
);

/// A contract in a file of its own.
pub(super) static CONTRACT: Object = Object {
    fields: &[
        field("version", Count, "form of the file: 1"),
        field("environments", List(&Shape::Text(Text::Reference), 0), "environments of commands that are given none"),
        field(
            "variables",
            Map(Text::Variable, &Shape::Object(&VARIABLE)),
            "variables that must exist, and what they must look like",
        ),
        field(
            "files",
            Map(Text::Variable, &Shape::Object(&VARIABLE)),
            "files that must exist, by the variable that will hold the path",
        ),
        field("rules", List(&Shape::Object(&RULE), 0), "what must hold between variables"),
        field("undeclared", Choice(&["export", "drop"]), "what happens to variables that are not declared [export]"),
    ],
    keys: Keys::OneOf(&["version"]),
    secrets: SECRETS,
};

static VARIABLE: Object = object(
    &[
        field("type", Choice(&VariableType::NAMES), "type of the value [string]"),
        field("required", Boolean, "whether it must exist [true, or false with a default]"),
        field("default", Scalar, "value when there is none"),
        field(
            "secret",
            Boolean,
            "whether it is masked as a secret [true, or false with a default or a type such as `port`]",
        ),
        field("pattern", TEXT, "regular expression with a match in the value"),
        field("min-length", Count, "least number of characters"),
        field("max-length", Count, "greatest number of characters"),
        field("min", Number, "least number"),
        field("max", Number, "greatest number"),
        field("schemes", List(&TEXT, 1), "schemes that a url may have"),
        field("values", List(&Scalar, 1), "values of an enum"),
        field("requires", List(&VARIABLE_NAME, 1), "variables that must exist when this one does"),
        field("from", TEXT, "property path of the value [environmentVariables.NAME]"),
        field("severity", ChoiceOr(LEVELS, &SEVERITY), "how bad a violation is [error]"),
        field("in", List(&TEXT, 1), "environments that it holds for [all]"),
        field("help", TEXT, "what to do when it is missing or wrong"),
        field("owner", TEXT, "who is to be asked"),
        field("docs", TEXT, "where it is described"),
    ],
    SECRETS,
);

static SEVERITY: Object = Object {
    fields: &[
        field("ci", Choice(LEVELS), "how bad a violation is in a CI job [error]"),
        field("local", Choice(LEVELS), "how bad a violation is elsewhere [error]"),
    ],
    keys: Keys::Some,
    secrets: SECRETS,
};

static RULE: Object = Object {
    fields: &[
        field("one-of", List(&VARIABLE_NAME, 2), "one of these variables must exist"),
        field("requires", Map(Text::Variable, &List(&VARIABLE_NAME, 1)), "variables that others need"),
        field("conflicts", List(&VARIABLE_NAME, 2), "no two of these variables may exist"),
        field("in", List(&TEXT, 1), "environments that it holds for [all]"),
    ],
    keys: Keys::OneOf(&["one-of", "requires", "conflicts"]),
    secrets: SECRETS,
};

static AWS: Object = object(
    &[
        field("token-file", TEXT, "file with the web identity token for `aws-login.oidc`"),
        field("audience", TEXT, "audience of the web identity token [sts.amazonaws.com]"),
        field("region", TEXT, "region of STS"),
        field("imds", Boolean, "whether the instance metadata service is asked for credentials [false]"),
        field("session-suffix", Boolean, "whether session names get a suffix of their own [true]"),
    ],
    "AWS credentials never stand in this file: use AWS's own variables, a profile, or name a file in `token-file`",
);

static PULUMI: Object = object(
    &[
        field("backend", Shape::Text(Text::Address), "backend that holds the state of stacks"),
        field("stacks", Map(Text::Stack, &Shape::Object(&STACK)), "stacks with a backend or a passphrase of their own"),
    ],
    "a passphrase never stands in this file: set PULUMI_CONFIG_PASSPHRASE, or name a variable or a file below `stacks`",
);

static STACK: Object = object(
    &[
        field("backend", Shape::Text(Text::Address), "backend that holds the state of this stack"),
        field("passphrase-env", VARIABLE_NAME, "variable that holds its passphrase"),
        field("passphrase-file", TEXT, "file that holds its passphrase"),
    ],
    "a passphrase never stands in this file: name its variable in `passphrase-env` or its file in `passphrase-file`",
);

static VAULT: Object = object(
    &[
        field("token-file", TEXT, "file with the web identity token for `vault-login.jwt`"),
        field("audience", TEXT, "audience of the web identity token"),
    ],
    "a token never stands in this file: name its file in `token-file`",
);

static CLOUD: Object = object(
    &[
        field("url", Shape::Text(Text::Address), "address of Pulumi Cloud"),
        field("oidc", Shape::Object(&CLOUD_OIDC), "exchange of a GitHub token for one of Pulumi Cloud"),
    ],
    "a token never stands in this file: set PULUMI_ACCESS_TOKEN, run `pulumi login`, or use `oidc`",
);

static CLOUD_OIDC: Object = Object {
    fields: &[
        field("organization", Shape::Text(Text::Name), "organization that the token is for"),
        field("team", TEXT, "team that the token is for; not with `user`"),
        field("user", TEXT, "user that the token is for; not with `team`"),
        field("expiration", Shape::Text(Text::Duration), "life of the token [2h]"),
    ],
    keys: Keys::NotBoth("team", "user"),
    secrets: "a token never stands in this file: GitHub's own is taken from the job",
};

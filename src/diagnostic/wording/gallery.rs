//! The gallery of messages: pins the wording of every situation, once.

use std::{collections::BTreeSet, fmt::Write};

use crate::{
    diagnostic::{Breach, BreachKind, Extension, Failure, FailureKind, LimitKind, Problem},
    value::{Graph, Kind, Value, schema::Violation},
};

const SECRET: &str = "hunter2";

fn secret() -> Value {
    let mut graph = Graph::new();
    let root = graph.add(Kind::String(SECRET.into()), crate::value::Flags::SECRET, crate::value::Origin::NONE);
    Value::new(graph, root)
}

fn failure(kind: FailureKind, message: &str, hint: &str) -> Failure {
    Failure::new(kind, message).hint(hint)
}

/// Every situation, with `name` wherever a definition decides the text.
#[expect(clippy::too_many_lines, reason = "one line a situation")]
fn problems(name: &str) -> Vec<Problem> {
    let name = || name.to_owned();
    let schema = |violation| Problem::Schema { prefix: String::new(), violation };
    vec![
        Problem::Yaml { reason: "found a tab where indentation is expected".into() },
        Problem::Yaml { reason: "while parsing a flow mapping, did not find expected ',' or '}'".into() },
        Problem::Encoding { reason: "the file is not UTF-8" },
        Problem::Alias,
        Problem::MapKey,
        Problem::Tag { tag: "!!int".into() },
        Problem::NotObject { what: "environment" },
        Problem::NotObject { what: "values" },
        Problem::NotObject { what: "import" },
        Problem::NotList { what: "imports" },
        Problem::FieldType { field: "description", expected: "string" },
        Problem::FieldType { field: "merge", expected: "boolean" },
        Problem::UnknownField { name: "valuse".into() },
        Problem::UnknownField { name: name() },
        Problem::MisplacedSection { name: "environmentVariables".into() },
        Problem::DupField { name: name() },
        Problem::ImportForm,
        Problem::ImportOneKey,
        Problem::BuiltinTop { name: name() },
        Problem::BuiltinNotAlone { name: name() },
        Problem::ReservedPrefix { name: name(), suggestion: Some("fn::toJSON".into()) },
        Problem::ReservedPrefix { name: name(), suggestion: None },
        Problem::KeyNotString,
        Problem::PathBrace,
        Problem::PathEmptyName,
        Problem::PathBracket,
        Problem::PathQuote,
        Problem::PathEmptyKey,
        Problem::PathIndex,
        Problem::PathFirstIndex,
        Problem::ArgShape { builtin: "fn::join", expected: "list of delimiter and strings" },
        Problem::ProviderMissing,
        Problem::InputsMissing,
        Problem::ProviderLiteral,
        Problem::StateLiteral,
        Problem::SecretLiteral,
        Problem::ValidateMissing { part: "schema" },
        Problem::Reserved { name: "imports".into() },
        Problem::DupKey { name: name() },
        Problem::Cycle { name: name() },
        Problem::Cycle { name: String::new() },
        Problem::ImportCycle { name: name() },
        Problem::Load {
            name: name(),
            failure: failure(FailureKind::Provider, "no such environment", "create `base.yaml`"),
        },
        Problem::Load {
            name: String::new(),
            failure: failure(FailureKind::File, "`base.yaml` cannot be read", "make it readable"),
        },
        Problem::UnknownProp { name: name(), suggestion: Some("hostname".into()) },
        Problem::UnknownProp { name: name(), suggestion: None },
        Problem::UnknownProp { name: String::new(), suggestion: None },
        Problem::NotContainer { kind: Some("string") },
        Problem::NotContainer { kind: Some("number") },
        Problem::NotContainer { kind: None },
        Problem::NameOnArray { name: name() },
        Problem::NegIndex { index: -1 },
        Problem::OutOfBounds { index: 3, length: 3 },
        Problem::OutOfBounds { index: 0, length: 0 },
        Problem::IntOnObject { index: 0 },
        Problem::NoReceiver,
        Problem::ProviderLoad {
            name: "aws".into(),
            failure: failure(FailureKind::Definition, "unknown provider `aws`", "did you mean `aws-login`?"),
        },
        Problem::ProviderLoad { name: name(), failure: Failure::new(FailureKind::Provider, "not in this build") },
        Problem::ProviderSchema { name: name(), reason: "`minLength` is no number".into() },
        Problem::Open {
            name: "aws-secrets".into(),
            failure: failure(FailureKind::Identity, "no credentials", "run `aws sso login`"),
        },
        Problem::Rotate { name: name(), failure: Failure::new(FailureKind::Provider, "access denied") },
        Problem::InputsObject { name: name() },
        Problem::Ciphertext { reason: "wrong checksum" },
        Problem::Decrypt { failure: Failure::new(FailureKind::Identity, "wrong passphrase") },
        Problem::Base64,
        Problem::Json { reason: "unexpected end".into() },
        Problem::JsonEnc,
        Problem::Final,
        Problem::BadSchema { reason: "`pattern` is no regular expression".into() },
        Problem::Schema { prefix: name(), violation: Violation::NoneOf },
        schema(Violation::Type { expected: "string", got: "number" }),
        schema(Violation::Type { expected: "string", got: "object" }),
        schema(Violation::Type { expected: "number", got: "string" }),
        schema(Violation::Type { expected: "object", got: "string" }),
        schema(Violation::Type { expected: "array", got: "null" }),
        schema(Violation::Type { expected: "null", got: "boolean" }),
        schema(Violation::Const(secret())),
        schema(Violation::Enum(vec![secret()])),
        schema(Violation::Enum(vec![secret(), secret()])),
        schema(Violation::NoneOf),
        schema(Violation::OneOfNone),
        schema(Violation::OneOfMany),
        schema(Violation::MultipleOf("0.1".into())),
        schema(Violation::Minimum("1".into())),
        schema(Violation::ExclusiveMinimum("1".into())),
        schema(Violation::Maximum("1e3".into())),
        schema(Violation::ExclusiveMaximum("1".into())),
        schema(Violation::MinLength("1".into())),
        schema(Violation::MaxLength("8".into())),
        schema(Violation::Pattern("^a+$".into())),
        schema(Violation::MinItems("1".into())),
        schema(Violation::MaxItems("2".into())),
        schema(Violation::MinProperties("1".into())),
        schema(Violation::MaxProperties("2".into())),
        schema(Violation::Required(vec![name().into()])),
        schema(Violation::Required(vec!["a".into(), "b".into(), "c".into()])),
        schema(Violation::RequiredSchema(vec![name().into()])),
        schema(Violation::RequiredSchema(vec!["a".into(), "b".into()])),
        schema(Violation::TooLarge),
        Problem::ServerContext { name: "pulumi.user.login".into() },
        Problem::Extension(Extension::JsonAccess),
        Problem::Extension(Extension::StackOrganization),
        Problem::Extension(Extension::AmbientLogin),
        Problem::Extension(Extension::LoginOmitted),
        Problem::Extension(Extension::ProjectImport),
        Problem::Cloud { summary: "no such output".into(), detail: Some("in acme/infra/dev".into()) },
        Problem::Limit(LimitKind::Bytes(10_000_000)),
        Problem::Limit(LimitKind::Nesting(10_000)),
        Problem::Limit(LimitKind::JsonNesting(10_000)),
        Problem::Limit(LimitKind::Imports(100)),
        Problem::Limit(LimitKind::References(1_000)),
        Problem::Limit(LimitKind::Values(1_000_000)),
    ]
    .into_iter()
    .chain(breaches(&name()))
    .collect()
}

/// Every violation of a contract, the first one with all that a contract can say about it.
fn breaches(name: &str) -> Vec<Problem> {
    use BreachKind as B;
    let name = || name.to_owned();
    let names = || vec![name(), "B".to_owned()];
    let similar = || Some("HOST".to_owned());
    let breach = |kind| {
        Problem::Contract(Box::new(Breach {
            kind,
            advice: vec!["ask #platform".into()],
            declared: Some("esc-shell.yaml:3:5".into()),
        }))
    };
    let kinds = vec![
        B::Missing { name: name(), from: None, suggestion: similar() },
        B::Missing { name: name(), from: None, suggestion: None },
        B::Missing { name: name(), from: Some("db.user".into()), suggestion: None },
        B::Empty { name: name() },
        B::Unknown { name: name() },
        B::NotText { name: name(), found: "a list" },
        B::NotFile { name: name() },
        B::Type { name: name(), wanted: "semver", about: "a semantic version", reason: Some("it begins with `v`") },
        B::Type { name: name(), wanted: "uuid", about: "a UUID", reason: None },
        B::Pattern { name: name(), pattern: "^a+$".into() },
        B::TooShort { name: name(), least: 32 },
        B::TooLong { name: name(), most: 1 },
        B::TooSmall { name: name(), least: "1".into() },
        B::TooLarge { name: name(), most: "1.5".into() },
        B::Scheme { name: name(), schemes: vec!["postgres".into()] },
        B::Value { name: name(), values: names() },
        B::Expired { name: name(), seconds: 59 },
        B::Expired { name: name(), seconds: 3 * 24 * 3600 },
        B::Early { name: name(), seconds: 3600 },
        B::Requires { name: name(), missing: vec!["B".into()] },
        B::Requires { name: name(), missing: names() },
        B::OneOf { names: names() },
        B::Conflicts { names: names() },
        B::Nowhere { name: name(), suggestion: similar() },
        B::NoEnvironment { name: name(), suggestion: None },
    ];
    kinds.into_iter().map(breach).collect()
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of it is the snapshot")]
fn gallery() {
    let mut out = String::new();
    for problem in problems("x") {
        write!(out, "{}: {}", problem.code(), problem.message()).unwrap();
        if let Some(label) = problem.label() {
            write!(out, " ({label})").unwrap();
        }
        out.push('\n');
        for help in problem.help() {
            writeln!(out, "    {help}").unwrap();
        }
    }
    insta::assert_snapshot!(out, @r#"
    yaml: invalid YAML: found a tab where indentation is expected
        check indentation, brackets and quotes; quote strings that hold `: ` or ` #`
    yaml: invalid YAML: while parsing a flow mapping, did not find expected ',' or '}'
        inside of `{…}` and `[…]`, put `${…}` in quotes
        check indentation, brackets and quotes; quote strings that hold `: ` or ` #`
    yaml: the file is not UTF-8
        save the file as UTF-8
    alias: YAML aliases are not supported
        refer to the value instead: `${path.to.value}`
    map-key: expected a string as key
        put the key in quotes
    tag: the value does not fit its tag `!!int`
        remove the tag, or correct the value
    not-object: expected a mapping at the top level
        begin with `values:` and indent what belongs to it
    not-object: expected `values` to be a mapping
        write `name: value` pairs below `values:`, or remove it
    not-object: expected a mapping with the options of the import
        write `- name: {merge: false}`, or `- name` without options
    not-list: expected `imports` to be a list
        write each of them as `- name` on a line of its own
    field-type: wrong type of `description`: expected string
        write plain text; a literal `$` is written `$$`
    field-type: wrong type of `merge`: expected boolean
        write `merge: true` or `merge: false`
    unknown-field: unknown field `valuse` (ignored)
        did you mean `values`?
        the fields are `values`, `imports` and `description`
    unknown-field: unknown field `x` (ignored)
        the fields are `values`, `imports` and `description`
    misplaced-section: `environmentVariables` has no effect at the top level
        move it under `values`, or run `esc-shell check --fix`
    dup-field: duplicate field `x`
        remove one of them; the last one counts
    import-form: expected the name of an environment
        write `- name`, or `- name: {merge: false}`
    import-one-key: expected exactly one environment in an import
        write each import as `- name` on a line of its own
    builtin-top: `x` can't be used directly below `values`
        put the call below a name: `name: {fn::…: …}`
    builtin-not-alone: `x` stands beside other keys (a call has no other keys)
        move the other keys out of this mapping
    reserved-prefix: unknown builtin `x`
        did you mean `fn::toJSON`?
    reserved-prefix: unknown builtin `x`
        rename the key: `fn::` is for builtins only
    key-not-string: expected a literal key, found a reference
        write the key itself
        a literal `${` is written `$${`
    path-brace: missing `}` after `${`
        close the reference: `${name}`
        a literal `${` is written `$${`
    path-empty-name: missing property name
        write a name, or remove the `.` before it
    path-bracket: missing `]`
        close the brackets: `[0]` or `["key"]`
    path-quote: missing closing quote
        close the key: `["key"]`; a quote inside is written `\"`
    path-empty-key: missing key
        write the key between the quotes: `["key"]`
    path-index: expected a number or a quoted key in brackets
        quote the key: `["key"]`
    path-first-index: a reference can't begin with an index
        begin with the name of the list: `${name[0]}`
    arg-shape: wrong argument of `fn::join`: expected list of delimiter and strings
        write `fn::join: [",", [a, b]]`
    provider-missing: missing `provider`
        add `provider: NAME`, or call `fn::open::NAME`
    inputs-missing: missing `inputs`
        add `inputs`; write `inputs: {}` where there are none
    provider-literal: expected a literal string as `provider`
        write the name of the provider itself
    state-literal: expected a literal mapping as `state`
        remove `state` until a rotation has written it
    secret-literal: expected a literal string in `fn::secret`
        put the secret in quotes; what is not literal can't be encrypted
        a literal `${` is written `$${`
    validate-missing: missing `schema` in `fn::validate`
        write `fn::validate: {schema: …, value: …}`
    reserved: `imports` is a reserved name
        rename the property: `${imports}` has a meaning of its own
    dup-key: duplicate key `x`
        remove one of them; the first one counts
    cycle: `x` needs itself
        remove one of the references that lead back to it; an imported value is `${imports.NAME.PATH}`
    cycle: the value needs itself
        remove one of the references that lead back to it; an imported value is `${imports.NAME.PATH}`
    import-cycle: `x` imports itself
        remove one of the imports that lead back to it
    load: can't load `x`: no such environment
        create `base.yaml`
    load: `base.yaml` cannot be read
        make it readable
    unknown-prop: unknown property `x`
        did you mean `hostname`?
    unknown-prop: unknown property `x`
    unknown-prop: the reference is empty
        write a name: `${name}`
    not-container: expected object or array, found string (has no properties)
        if the string holds JSON, decode it with `fn::fromJSON` and refer to the result
    not-container: expected object or array, found number (has no properties)
        refer to the value itself, without a name or index after it
    not-container: expected object or array (has no properties)
        refer to the value itself, without a name or index after it
    name-on-array: expected an index, found name `x`
        write the number of the element in brackets, the first is `[0]`
    neg-index: negative index -1
        count from the first element, which is `[0]`
    out-of-bounds: no element 3: the list has 3 elements
        the last element is `[2]`
    out-of-bounds: no element 0: the list is empty
        refer to the list itself, without an index
    int-on-object: expected a property name, found index 0
        write `.name`, or `["0"]` if that is its name
    no-receiver: a secret has no properties
        if the string holds JSON, decode it with `fn::fromJSON` and refer to the result
    provider-load: unknown provider `aws`
        did you mean `aws-login`?
    provider-load: can't use `x`: not in this build
    provider-schema: the schema of `x` is invalid: `minLength` is no number
        report this: the provider is wrong, not the definition
    open: can't open `aws-secrets`: no credentials
        run `aws sso login`
    rotate: can't rotate `x`: access denied
    inputs-object: expected an object as inputs of `x`
        write the inputs as `name: value` pairs
    ciphertext: damaged ciphertext: wrong checksum
        encrypt the secret again
    decrypt: can't decrypt the secret: wrong passphrase
    base64: invalid base64
        use the standard alphabet (`+` and `/`) with padding, and no spaces
    json: invalid JSON: unexpected end
        correct the text that is decoded, or use it without `fn::fromJSON`
    json-enc: JSON has no infinite numbers and no NaN
        put `.inf` and `.nan` in quotes, or use other numbers
    final: a final value can't be overridden (ignored)
        remove this value, or `fn::final` where the value is defined
    bad-schema: invalid schema: `pattern` is no regular expression
        correct the schema: until then the value is not validated
    v-none-of: `x`: matches none of the schema's alternatives
        the messages at the same place tell what each alternative wants
    v-type: expected string, found number
        put the value in quotes, or convert it with `fn::toString`
    v-type: expected string, found object
        convert the value with `fn::toJSON`
    v-type: expected number, found string
        remove the quotes, or convert the value with `fn::fromJSON`
    v-type: expected object, found string
        if the string holds JSON, decode it with `fn::fromJSON`
    v-type: expected array, found null
        write a list: `[a, b]`, or `- a` on lines of their own
    v-type: expected null, found boolean
    v-const: expected the constant of the schema
        write the schema's `const`
    v-enum: expected the only value of the schema
        write the value in the schema's `enum`
    v-enum: expected one of 2 values of the schema
        write one of the values in the schema's `enum`
    v-none-of: matches none of the schema's alternatives
        the messages at the same place tell what each alternative wants
    v-one-of-none: matches none of the schema's alternatives
        the messages at the same place tell what each alternative wants
    v-one-of-many: matches more than one of the schema's alternatives
        change the value, or the schema's `oneOf`, so that exactly one matches
    v-multiple: expected a multiple of 0.1
    v-min: expected at least 1
    v-exmin: expected more than 1
    v-max: expected at most 1e3
    v-exmax: expected less than 1
    v-minlen: expected at least 1 byte
    v-maxlen: expected at most 8 bytes
    v-pattern: does not match the pattern `^a+$`
    v-minitems: expected at least 1 element
    v-maxitems: expected at most 2 elements
    v-minprops: expected at least 1 property
    v-maxprops: expected at most 2 properties
    v-required: missing property `x`
        add the property
    v-required: missing properties `a`, `b` and `c`
        add the properties
    v-required-schema: property `x` may be missing
        add the property, or refer to a value that always has it
    v-required-schema: properties `a` and `b` may be missing
        add the properties, or refer to a value that always has them
    limit: too many values to compare with the schema
        validate a smaller part of the value
    server-context: `context.pulumi.user.login` is known to Pulumi Cloud only
        run with `--source cloud` where it is needed
    json-access: hosted ESC does not read keys of a string that holds JSON (works in esc-shell only)
        to be portable, decode the string with `fn::fromJSON` and refer to the result
    stack-organization: hosted ESC takes a stack without its organization (works in esc-shell only)
        to be portable, write `project/stack`
    ambient-login: hosted ESC can't use the caller's AWS identity (works in esc-shell only)
        to be portable, give `aws-login` credentials: `oidc: {…}` or `static: {…}`
    login-omitted: hosted ESC requires `login` (works in esc-shell only)
        to be portable, add `login` with the result of `fn::open::aws-login`
    project-import: hosted ESC looks for an import without project in project `default` (works in esc-shell only)
        to be portable, write `project/environment`
    cloud: no such output
        in acme/infra/dev
    limit: the definitions are larger than 10 MB
        import fewer environments, or put large texts into files
    limit: nested more than 10000 levels deep
        nest less deeply
    limit: JSON is nested more than 10000 levels deep
        nest the JSON text less deeply
    limit: imports are nested more than 100 levels deep
        import what is needed directly, without the environments in between
    limit: more than 1000 values need one another in a row
        refer to the first value directly, without those in between
    limit: more than 1000000 values would be written
        ask for a part of it, or refer to large values less often
    contract-missing: required variable `x` is missing
        the environment has `HOST`
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-missing: required variable `x` is missing
        ask #platform
        add it to `environmentVariables` of the environment
        declared by esc-shell.yaml:3:5
    contract-missing: required variable `x` is missing: nothing is at `db.user`
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-empty: required variable `x` is empty
        ask #platform
        give it a value, or write `required: false`
        declared by esc-shell.yaml:3:5
    contract-unknown: the value of `x` is not known
        ask #platform
        it follows from something that only Pulumi Cloud knows, or that failed
        declared by esc-shell.yaml:3:5
    contract-not-text: `x` is a list, which is no text
        ask #platform
        make it a text: `fn::toJSON`, or `fn::join` for a list
        declared by esc-shell.yaml:3:5
    contract-not-file: `x` is declared as a file, and is a variable
        ask #platform
        move it from `environmentVariables` to `files`
        declared by esc-shell.yaml:3:5
    contract-type: `x` is not of type `semver`: expected a semantic version
        it begins with `v`
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-type: `x` is not of type `uuid`: expected a UUID
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-pattern: `x` does not match the pattern `^a+$`
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-min-length: `x` is too short: expected at least 32 characters
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-max-length: `x` is too long: expected at most 1 character
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-min: `x` is too small: expected at least 1
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-max: `x` is too large: expected at most 1.5
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-scheme: the scheme of `x` is none of `postgres`
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-value: `x` is none of `x` and `B`
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-expired: `x` expired less than a minute ago
        ask #platform
        log in again, or renew it
        declared by esc-shell.yaml:3:5
    contract-expired: `x` expired 3 days ago
        ask #platform
        log in again, or renew it
        declared by esc-shell.yaml:3:5
    contract-early: `x` is not valid yet, but in 1 hour
        ask #platform
        look at the clock of this machine
        declared by esc-shell.yaml:3:5
    contract-requires: `x` needs `B`, which is missing
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-requires: `x` needs `x` and `B`, which are missing
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-one-of: one of `x` and `B` must exist, and none does
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-conflicts: `x` and `B` exclude one another
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-nowhere: `x` is declared, and no environment has it
        did you mean `HOST`?
        ask #platform
        declared by esc-shell.yaml:3:5
    contract-no-environment: the contract names environment `x`, which does not exist
        ask #platform
        declared by esc-shell.yaml:3:5
    "#);
}

#[test]
fn keeps_the_house_style() {
    for problem in problems("x") {
        let texts = problem.help().into_iter().chain([problem.message()]).chain(problem.label().map(str::to_owned));
        for text in texts {
            assert!(!text.ends_with('.') && !text.is_empty(), "{text}");
            let acronym = text.chars().take(2).all(char::is_uppercase);
            assert!(acronym || !text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains(SECRET), "{text}");
        }
        if problem.is_extension() {
            assert!(!problem.help().is_empty(), "{}: a note tells how to be portable", problem.code());
        }
    }
}

#[test]
fn keeps_hostile_names_short_and_harmless() {
    let name = format!("\u{1b}]0;x\u{7}\n::error::\r{}", "y".repeat(1_000_000));
    for problem in problems(&name) {
        for text in problem.help().into_iter().chain([problem.message()]) {
            assert!(text.len() < 500, "{} has {} bytes", problem.code(), text.len());
            assert!(!text.contains(char::is_control), "{text}");
        }
    }
}

#[test]
fn shows_every_code() {
    let shown: BTreeSet<&str> = problems("x").iter().map(Problem::code).collect();
    let sources = [include_str!("../problem.rs"), include_str!("../contract.rs")];
    let all: BTreeSet<&str> = sources
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","))
        .collect();
    assert_eq!(shown, all);
    for code in all {
        let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(code.bytes().all(kebab), "{code}");
    }
}

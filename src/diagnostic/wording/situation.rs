//! The text of every situation, in the order of the stages that find them.

use super::{
    Count, Failure, Problem, Wording, contract, extension, limit, violation,
    words::{did_you_mean, foreign, list, tick},
};
use crate::diagnostic::suggest;

/// How a `$` that is followed by a brace is written where no reference is meant.
const LITERAL_DOLLAR: &str = "a literal `${` is written `$${`";

/// What helps when a key is read from a string.
const DECODE_JSON: &str = "if the string holds JSON, decode it with `fn::fromJSON` and refer to the result";

#[expect(clippy::too_many_lines, reason = "one arm a situation: a table, which is read by looking up")]
pub(super) fn wording(problem: &Problem) -> Wording {
    match problem {
        Problem::Yaml { reason } => Wording::new(format!("invalid YAML: {}", foreign(reason)))
            .maybe(reason.contains("flow").then(|| "inside of `{…}` and `[…]`, put `${…}` in quotes".to_owned()))
            .help("check indentation, brackets and quotes; quote strings that hold `: ` or ` #`"),
        Problem::Encoding { reason } => Wording::new(*reason).help("save the file as UTF-8"),
        Problem::Alias => {
            Wording::new("YAML aliases are not supported").help("refer to the value instead: `${path.to.value}`")
        }
        Problem::MapKey => Wording::new("expected a string as key").help("put the key in quotes"),
        Problem::Tag { tag } => Wording::new(format!("the value does not fit its tag {}", tick(tag)))
            .help("remove the tag, or correct the value"),
        Problem::NotObject { what: "environment" } => Wording::new("expected a mapping at the top level")
            .help("begin with `values:` and indent what belongs to it"),
        Problem::NotObject { what: "import" } => Wording::new("expected a mapping with the options of the import")
            .help("write `- name: {merge: false}`, or `- name` without options"),
        Problem::NotObject { what } => Wording::new(format!("expected {} to be a mapping", tick(what)))
            .help(format!("write `name: value` pairs below `{what}:`, or remove it")),
        Problem::NotList { what } => Wording::new(format!("expected {} to be a list", tick(what)))
            .help("write each of them as `- name` on a line of its own"),
        Problem::FieldType { field, expected } => {
            let help = match *field {
                "merge" => "write `merge: true` or `merge: false`",
                _ => "write plain text; a literal `$` is written `$$`",
            };
            Wording::new(format!("wrong type of {}: expected {expected}", tick(field))).help(help)
        }
        Problem::UnknownField { name } => {
            let known = suggest::fields(name);
            Wording::new(format!("unknown field {}", tick(name)))
                .label("ignored")
                .maybe(suggest::property(name, known).map(did_you_mean))
                .help(format!("the fields are {}", list(&known.map(tick))))
        }
        Problem::MisplacedSection { name } => Wording::new(format!("{} has no effect at the top level", tick(name)))
            .help("move it under `values`, or run `esc-shell check --fix`"),
        Problem::DupField { name } => {
            Wording::new(format!("duplicate field {}", tick(name))).help("remove one of them; the last one counts")
        }
        Problem::ImportForm => {
            Wording::new("expected the name of an environment").help("write `- name`, or `- name: {merge: false}`")
        }
        Problem::ImportOneKey => Wording::new("expected exactly one environment in an import")
            .help("write each import as `- name` on a line of its own"),
        Problem::BuiltinTop { name } => Wording::new(format!("{} can't be used directly below `values`", tick(name)))
            .help("put the call below a name: `name: {fn::…: …}`"),
        Problem::BuiltinNotAlone { name } => Wording::new(format!("{} stands beside other keys", tick(name)))
            .label("a call has no other keys")
            .help("move the other keys out of this mapping"),
        Problem::ReservedPrefix { name, suggestion } => {
            Wording::new(format!("unknown builtin {}", tick(name))).help(match suggestion {
                Some(name) => did_you_mean(name),
                None => "rename the key: `fn::` is for builtins only".to_owned(),
            })
        }
        Problem::KeyNotString => {
            Wording::new("expected a literal key, found a reference").help("write the key itself").help(LITERAL_DOLLAR)
        }
        Problem::PathBrace => {
            Wording::new("missing `}` after `${`").help("close the reference: `${name}`").help(LITERAL_DOLLAR)
        }
        Problem::PathEmptyName => {
            Wording::new("missing property name").help("write a name, or remove the `.` before it")
        }
        Problem::PathBracket => Wording::new("missing `]`").help("close the brackets: `[0]` or `[\"key\"]`"),
        Problem::PathQuote => {
            Wording::new("missing closing quote").help("close the key: `[\"key\"]`; a quote inside is written `\\\"`")
        }
        Problem::PathEmptyKey => Wording::new("missing key").help("write the key between the quotes: `[\"key\"]`"),
        Problem::PathIndex => {
            Wording::new("expected a number or a quoted key in brackets").help("quote the key: `[\"key\"]`")
        }
        Problem::PathFirstIndex => {
            Wording::new("a reference can't begin with an index").help("begin with the name of the list: `${name[0]}`")
        }
        Problem::ArgShape { builtin, expected } => {
            Wording::new(format!("wrong argument of {}: expected {expected}", tick(builtin))).maybe(example(builtin))
        }
        Problem::ProviderMissing => {
            Wording::new("missing `provider`").help("add `provider: NAME`, or call `fn::open::NAME`")
        }
        Problem::InputsMissing => {
            Wording::new("missing `inputs`").help("add `inputs`; write `inputs: {}` where there are none")
        }
        Problem::ProviderLiteral => {
            Wording::new("expected a literal string as `provider`").help("write the name of the provider itself")
        }
        Problem::StateLiteral => {
            Wording::new("expected a literal mapping as `state`").help("remove `state` until a rotation has written it")
        }
        Problem::SecretLiteral => Wording::new("expected a literal string in `fn::secret`")
            .help("put the secret in quotes; what is not literal can't be encrypted")
            .help(LITERAL_DOLLAR),
        Problem::ValidateMissing { part } => Wording::new(format!("missing {} in `fn::validate`", tick(part)))
            .help("write `fn::validate: {schema: …, value: …}`"),
        Problem::Reserved { name } => Wording::new(format!("{} is a reserved name", tick(name)))
            .help(format!("rename the property: {} has a meaning of its own", tick(&format!("${{{name}}}")))),
        Problem::DupKey { name } => {
            Wording::new(format!("duplicate key {}", tick(name))).help("remove one of them; the first one counts")
        }
        Problem::Cycle { name } => cycle(name),
        Problem::ImportCycle { name } => Wording::new(format!("{} imports itself", tick(name)))
            .help("remove one of the imports that lead back to it"),
        Problem::Load { name, failure } if name.is_empty() => Wording::new(foreign(&failure.message)).hints(failure),
        Problem::Load { name, failure } => failed("can't load", name, failure),
        Problem::UnknownProp { name, suggestion } if name.is_empty() => Wording::new("the reference is empty")
            .help(suggestion.as_deref().map_or_else(|| "write a name: `${name}`".to_owned(), did_you_mean)),
        Problem::UnknownProp { name, suggestion } => {
            Wording::new(format!("unknown property {}", tick(name))).maybe(suggestion.as_deref().map(did_you_mean))
        }
        Problem::NotContainer { kind } => Wording::new(match kind {
            Some(kind) => format!("expected object or array, found {kind}"),
            None => "expected object or array".to_owned(),
        })
        .label("has no properties")
        .help(match kind {
            Some("string") => DECODE_JSON,
            _ => "refer to the value itself, without a name or index after it",
        }),
        Problem::NameOnArray { name } => Wording::new(format!("expected an index, found name {}", tick(name)))
            .help("write the number of the element in brackets, the first is `[0]`"),
        Problem::NegIndex { index } => {
            Wording::new(format!("negative index {index}")).help("count from the first element, which is `[0]`")
        }
        Problem::OutOfBounds { index, length: 0 } => Wording::new(format!("no element {index}: the list is empty"))
            .help("refer to the list itself, without an index"),
        Problem::OutOfBounds { index, length } => {
            Wording::new(format!("no element {index}: the list has {}", Count(*length, "element")))
                .help(format!("the last element is `[{}]`", length - 1))
        }
        Problem::IntOnObject { index } => Wording::new(format!("expected a property name, found index {index}"))
            .help(format!("write `.name`, or `[\"{index}\"]` if that is its name")),
        Problem::NoReceiver => Wording::new("a secret has no properties").help(DECODE_JSON),
        Problem::ProviderLoad { name, failure } => {
            // Registries name the provider themselves: "unknown provider `x`".
            let known = failure.message.contains(&format!("`{name}`"));
            if known {
                Wording::new(foreign(&failure.message)).hints(failure)
            } else {
                failed("can't use", name, failure)
            }
        }
        Problem::ProviderSchema { name, reason } => {
            Wording::new(format!("the schema of {} is invalid: {}", tick(name), foreign(reason)))
                .help("report this: the provider is wrong, not the definition")
        }
        Problem::Open { name, failure } => failed("can't open", name, failure),
        Problem::Rotate { name, failure } => failed("can't rotate", name, failure),
        Problem::InputsObject { name } => Wording::new(format!("expected an object as inputs of {}", tick(name)))
            .help("write the inputs as `name: value` pairs"),
        Problem::Ciphertext { reason } => {
            Wording::new(format!("damaged ciphertext: {reason}")).help("encrypt the secret again")
        }
        Problem::Decrypt { failure } => {
            Wording::new(format!("can't decrypt the secret: {}", foreign(&failure.message))).hints(failure)
        }
        Problem::Base64 => {
            Wording::new("invalid base64").help("use the standard alphabet (`+` and `/`) with padding, and no spaces")
        }
        Problem::Json { reason } => Wording::new(format!("invalid JSON: {}", foreign(reason)))
            .help("correct the text that is decoded, or use it without `fn::fromJSON`"),
        Problem::JsonEnc => Wording::new("JSON has no infinite numbers and no NaN")
            .help("put `.inf` and `.nan` in quotes, or use other numbers"),
        Problem::Final => Wording::new("a final value can't be overridden")
            .label("ignored")
            .help("remove this value, or `fn::final` where the value is defined"),
        Problem::BadSchema { reason } => Wording::new(format!("invalid schema: {}", foreign(reason)))
            .help("correct the schema: until then the value is not validated"),
        Problem::Schema { prefix, violation } => violation::wording(prefix, violation),
        Problem::ServerContext { name } => {
            Wording::new(format!("{} is known to Pulumi Cloud only", tick(&format!("context.{name}"))))
                .help("run with `--source cloud` where it is needed")
        }
        Problem::Extension(extension) => extension::wording(*extension),
        Problem::Cloud { summary, detail } => Wording::new(foreign(summary)).maybe(detail.as_deref().map(foreign)),
        Problem::Limit(limit) => limit::wording(*limit),
        Problem::Contract(breach) => contract::wording(breach),
    }
}

fn failed(what: &str, name: &str, failure: &Failure) -> Wording {
    Wording::new(format!("{what} {}: {}", tick(name), foreign(&failure.message))).hints(failure)
}

fn cycle(name: &str) -> Wording {
    let wording = match name {
        "" => Wording::new("the value needs itself"),
        _ => Wording::new(format!("{} needs itself", tick(name))),
    };
    wording.help("remove one of the references that lead back to it; an imported value is `${imports.NAME.PATH}`")
}

/// Shows how a builtin with a fixed form is called.
fn example(builtin: &str) -> Option<String> {
    let argument = match builtin {
        "fn::concat" => "[[a, b], [c]]",
        "fn::join" => "[\",\", [a, b]]",
        "fn::split" => "[\",\", \"a,b\"]",
        "fn::open" | "fn::rotate" => "{provider: NAME, inputs: {…}}",
        "fn::validate" => "{schema: …, value: …}",
        _ => return None,
    };
    Some(format!("write `{builtin}: {argument}`"))
}

//! Random definitions that mix everything the language has, right and wrong.

use std::fmt::{self, Write as _};

use proptest::{prelude::*, sample::select};

use super::memory::Documents;

/// What every secret of a random definition holds, and nothing else does.
pub const SECRET: &str = "hidden-marker";

/// Names of the environments beside `env`.
const OTHERS: [&str; 3] = ["p/a", "p/b", "c"];

/// An expression as it is written.
#[derive(Clone, Debug)]
pub enum Node {
    /// As it is: numbers, tags, `~`.
    Raw(String),
    /// A string in double quotes.
    Quoted(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

/// An environment: imports, and values.
#[derive(Clone, Debug)]
pub struct Definition {
    pub imports: Vec<String>,
    pub values: Vec<(String, Node)>,
    pub more: String,
}

/// Definitions that are shown as they are written.
#[derive(Clone)]
pub struct Definitions(pub Documents);

impl fmt::Debug for Definitions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(name, text)| write!(f, "\n# {name}\n{}", String::from_utf8_lossy(text)))
    }
}

/// `env` and the others.
pub fn documents() -> impl Strategy<Value = Definitions> {
    prop::collection::vec(definition(), 1..=4).prop_map(|definitions| {
        let names = std::iter::once("env").chain(OTHERS);
        let texts =
            names.zip(&definitions).map(|(name, definition)| (name.to_owned(), definition.write().into_bytes()));
        Definitions(texts.collect())
    })
}

fn definition() -> BoxedStrategy<Definition> {
    let import = prop_oneof![
        12 => select(&OTHERS[..]).prop_map(str::to_owned),
        3 => select(&OTHERS[..]).prop_map(|name| format!("{{{name}: {{merge: false}}}}")),
        1 => select(&["env", "nowhere", "{p/a: {merge: 1}}", "{p/a: , p/b: }", "[]", "~"][..]).prop_map(str::to_owned),
    ];
    let more = prop_oneof![
        20 => Just(String::new()),
        1 => select(&["valuse: 1\n", "description: x\n", "description: ${a}\n", "files: {}\n", "values: {a: 1}\n", "}\n", "# x\n", "*x\n"][..]).prop_map(str::to_owned),
    ];
    let values = prop::collection::vec((top_key(), expression()), 0..7);
    (prop::collection::vec(import, 0..4), values, more)
        .prop_map(|(imports, values, more)| Definition { imports, values, more })
        .boxed()
}

fn top_key() -> BoxedStrategy<String> {
    prop_oneof![
        30 => key(),
        3 => select(&["environmentVariables", "files"][..]).prop_map(str::to_owned),
        1 => select(&["imports", "context", "environments", "fn::toJSON", "Fn::x"][..]).prop_map(str::to_owned),
    ]
    .boxed()
}

fn key() -> BoxedStrategy<String> {
    prop_oneof![
        30 => select(&["a", "b", "c", "d", "o"][..]).prop_map(str::to_owned),
        3 => select(&["x-y", "", "0", "é", "à b", "$$k", "FOO", "a.b", "q\"q", "${a}", "merge"][..]).prop_map(str::to_owned),
    ]
    .boxed()
}

/// What stands between `${` and `}`, sometimes broken.
fn path() -> BoxedStrategy<String> {
    let step = prop_oneof![
        10 => select(&["a", "b", "c", "d", "o"][..]).prop_map(|name| format!(".{name}")),
        3 => select(&["[0]", "[1]", "[-1]", "[7]"][..]).prop_map(str::to_owned),
        2 => select(&["[\"x-y\"]", "[\"é\"]", "[\"\"]", "[\"0\"]", ".token", ".list", ".plain", ".k"][..]).prop_map(str::to_owned),
        1 => select(&[".", "[", "[x]", "[\"a", ".à", ". ", "["][..]).prop_map(str::to_owned),
    ];
    let root = prop_oneof![
        30 => select(&["a", "b", "c", "d", "o"][..]).prop_map(str::to_owned),
        4 => select(&OTHERS[..]).prop_map(|name| format!("imports[\"{name}\"]")),
        5 => select(&["environments.p.a", "environments.p.b", "environments.p.nowhere", "environments.p"][..]).prop_map(str::to_owned),
        2 => select(&["imports", "context", "context.rootEnvironment", "context.currentEnvironment.name", "context.user", "nope", ""][..]).prop_map(str::to_owned),
    ];
    (root, prop::collection::vec(step, 0..4)).prop_map(|(root, steps)| root + &steps.concat()).boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        6 => path().prop_map(|path| format!("${{{path}}}")),
        3 => (path(), path()).prop_map(|(a, b)| format!("x ${{{a}}} $$ ${{{b}}}")),
        2 => select(&["", "x", "ü\n", "1", "true", "$$", "$", "a,b", "aGVsbG8=", "{\"k\": [1.50, {\"a\": null}]}", "[1", "\t\u{1}"][..]).prop_map(str::to_owned),
        1 => path().prop_map(|path| format!("${{{path}")),
    ]
    .boxed()
}

fn scalar() -> BoxedStrategy<Node> {
    prop_oneof![
        8 => text().prop_map(Node::Quoted),
        3 => select(&[
            "1", "0x1F", "017", "1_0", "-0", "1e6", ".5", "1.0", "~", "true", "yes", "2020-01-01", "!!str 12", "!!int 7", "!!int x", "&x 1", "18446744073709551616",
            "'single ${a}'", "! 12", "!!float 1", "!!binary aGk=", ".inf",
        ][..]).prop_map(|text| Node::Raw(text.to_owned())),
    ]
    .boxed()
}

fn secret() -> BoxedStrategy<Node> {
    let json = format!("{{\"k\": \"{SECRET}\", \"a\": [\"{SECRET}\"]}}");
    let plain = prop_oneof![
        6 => Just(SECRET.to_owned()),
        2 => Just(format!("{SECRET} $$ {SECRET}")),
        2 => Just(json.clone()),
        1 => Just(format!("{SECRET}\n{SECRET}\n")),
        1 => Just(format!("${{a}} {SECRET}")),
    ];
    let argument = prop_oneof![
        8 => plain.prop_map(Node::Quoted),
        4 => select(vec![SECRET.to_owned(), json]).prop_map(|text| map([("ciphertext", Node::Quoted(envelope(&text)))])),
        1 => Just(Node::Raw(SECRET.to_owned())),
        1 => Just(Node::List(vec![Node::Quoted(SECRET.to_owned())])),
        1 => select(&["ZXNjeAAAAAHo", "AAAA", "ZXNjeAAAAAHo9e705fKyKo30VR==", "?"][..]).prop_map(|text| map([("ciphertext", Node::Quoted(text.to_owned()))])),
    ];
    argument.prop_map(|argument| map([("fn::secret", argument)])).boxed()
}

fn expression() -> BoxedStrategy<Node> {
    let leaf = prop_oneof![6 => scalar(), 1 => secret()];
    leaf.prop_recursive(4, 20, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Node::List);
        let object = prop::collection::vec((key(), inner.clone()), 0..4).prop_map(Node::Map);
        prop_oneof![
            3 => list,
            5 => object,
            7 => builtin(&inner),
            3 => open(&inner),
        ]
    })
    .boxed()
}

fn builtin(inner: &BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let pure = select(
        &[
            "fn::toJSON",
            "fn::toString",
            "fn::toYAML",
            "fn::toBase64",
            "fn::fromBase64",
            "fn::fromJSON",
            "fn::final",
            "fn::final",
            "fn::final",
            "fn::nope",
            "Fn::tojson",
            "fn::concat",
            "fn::join",
            "fn::split",
            "fn::validate",
            "fn::open",
            "fn::rotate",
        ][..],
    );
    let schema = prop_oneof![
        6 => select(&[
            "true", "{type: object}", "{type: string}", "{type: object, properties: {a: {type: number}}, required: [a, b]}", "{$ref: '#/$defs/n', $defs: {n: {additionalProperties: {$ref: '#/$defs/n'}}}}",
            "{anyOf: [{type: string}, {type: number}]}", "{oneOf: [{type: string}, true]}", "{const: 1}", "{enum: [a, b]}", "{type: array, items: {type: string}, minItems: 2}", "{pattern: '^x'}",
            "{type: nope}", "{rotateOnly: [a], properties: {a: true}}", "{minLength: 3, maxLength: 4}", "{properties: {a: false}}",
        ][..]).prop_map(|text| Node::Raw(text.to_owned())),
        2 => inner.clone(),
        2 => inner.clone().prop_map(|inner| map([("const", inner)])),
        1 => inner.clone().prop_map(|inner| map([("pattern", inner)])),
        1 => inner.clone().prop_map(|inner| map([("required", Node::List(vec![inner]))])),
        1 => inner.clone().prop_map(|inner| map([("enum", Node::List(vec![inner, Node::Raw("x".to_owned())]))])),
        1 => inner.clone().prop_map(|inner| map([("type", inner)])),
        1 => inner.clone().prop_map(|inner| map([("$ref", inner)])),
    ];
    prop_oneof![
        4 => (pure, inner.clone()).prop_map(|(name, inner)| map([(name, inner)])),
        1 => prop::collection::vec(inner.clone(), 0..3)
            .prop_map(|lists| map([("fn::concat", Node::List(lists.into_iter().map(|one| Node::List(vec![one])).collect()))])),
        1 => (text(), prop::collection::vec(inner.clone(), 0..3))
            .prop_map(|(with, items)| map([("fn::join", Node::List(vec![Node::Quoted(with), Node::List(items)]))])),
        1 => (text(), inner.clone()).prop_map(|(at, text)| map([("fn::split", Node::List(vec![Node::Quoted(at), text]))])),
        2 => (schema, inner.clone()).prop_map(|(schema, value)| map([("fn::validate", map([("schema", schema), ("value", value)]))])),
        1 => inner.clone().prop_map(|inner| map([("fn::toJSON", inner), ("a", Node::Raw("1".to_owned()))])),
    ]
    .boxed()
}

fn open(inner: &BoxedStrategy<Node>) -> BoxedStrategy<Node> {
    let inputs = prop_oneof![
        5 => prop::collection::vec((key(), inner.clone()), 0..4).prop_map(Node::Map),
        1 => inner.clone(),
    ];
    let provider =
        select(&["test", "test", "secret-wrapper", "schema", "canary", "sealed", "sealed", "nowhere", "bench"][..]);
    let state = prop_oneof![
        2 => inner.clone().prop_map(|inner| map([("current", Node::Quoted("x".to_owned())), ("previous", inner)])),
        2 => inner.clone().prop_map(|inner| map([("a", Node::Quoted("x".to_owned())), ("b", inner)])),
        1 => inner.clone(),
    ];
    prop_oneof![
        6 => (provider.clone(), inputs.clone()).prop_map(|(name, inputs)| map([(&*format!("fn::open::{name}"), inputs)])),
        1 => (provider, inputs.clone())
            .prop_map(|(name, inputs)| map([("fn::open", map([("provider", Node::Quoted(name.to_owned())), ("inputs", inputs)]))])),
        1 => inner.clone().prop_map(|why| map([("fn::open::error", map([("why", why)]))])),
        1 => (select(&["swap", "echo", "echo", "nowhere"][..]), inputs, state)
            .prop_map(|(name, inputs, state)| map([(&*format!("fn::rotate::{name}"), map([("inputs", inputs), ("state", state)]))])),
    ]
    .boxed()
}

fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.map(|(key, node)| (key.to_owned(), node)).into())
}

/// Encrypts as the tests' worlds decrypt, and wraps that as definitions hold it.
pub fn envelope(text: &str) -> String {
    use base64::Engine as _;
    let mut bytes = b"escx\0\0\0\x01".to_vec();
    bytes.extend(text.bytes().map(|byte| byte.wrapping_sub(128)));
    let mut crc = u32::MAX;
    for byte in &bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    bytes.extend((!crc).to_be_bytes());
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

impl Definition {
    /// Writes the document: `values` in block style, what is in it in flow style.
    pub fn write(&self) -> String {
        let mut out = String::new();
        if !self.imports.is_empty() {
            let _ = writeln!(out, "imports: [{}]", self.imports.join(", "));
        }
        if !self.values.is_empty() {
            out.push_str("values:\n");
        }
        for (at, (key, node)) in self.values.iter().enumerate() {
            out.push_str("  ");
            quote(&mut out, key);
            out.push_str(": ");
            match node {
                // Half of the texts that can be plain are, so that places within them are told.
                Node::Quoted(text) if at % 2 == 0 && is_plain(text) => out.push_str(text),
                node => node.write(&mut out),
            }
            out.push('\n');
        }
        out + &self.more
    }
}

fn is_plain(text: &str) -> bool {
    text.starts_with("${")
        && !text.contains(['\n', '\t', '#', '\u{1}'])
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
}

impl Node {
    fn write(&self, out: &mut String) {
        match self {
            Self::Raw(text) => out.push_str(text),
            Self::Quoted(text) => quote(out, text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    item.write(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    quote(out, key);
                    out.push_str(": ");
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\u{1}' => out.push_str("\\x01"),
            char => out.push(char),
        }
    }
    out.push('"');
}

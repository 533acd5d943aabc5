//! The environments that are measured, made in code.

#![allow(dead_code, unreachable_pub, reason = "each benchmark is a crate of its own and uses a part")]

use std::{cell::Cell, collections::BTreeMap, fmt::Write as _, rc::Rc, sync::Arc, time::Duration};

use esc_shell::{
    diagnostic::{Extension, Failure, FailureKind},
    dialect::Dialect,
    eval::{Evaluation, Loaded, Mode, Options, Resolved, Roots},
    provider::{CallContext, Opening, Provider, Rotator, RotatorSignature, Signature},
    session::{Deadlines, Definitions, Providers, Reply, Runtime, Session},
    syntax::path::Step,
    value::{Graph, Text, Value, View, schema::Schema},
};

/// Documents by name, and how long loading one and calling a provider takes.
#[derive(Clone, Default)]
pub struct Scenario {
    texts: BTreeMap<String, String>,
    pub load: Duration,
    pub call: Duration,
}

impl Scenario {
    fn add(&mut self, name: &str, text: String) {
        self.texts.insert(name.to_owned(), text);
    }

    /// Evaluates `env`, everything opened.
    pub fn run(&self) -> Evaluation {
        let mut graph = Graph::new();
        let root = graph.object([]);
        let context = Value::new(graph, root);
        let mut definitions = Memory { scenario: self };
        let providers = Slow { call: self.call, calls: Rc::default() };
        let runtime = Runtime::default();
        let mut session = Session {
            runtime: &runtime,
            definitions: &mut definitions,
            providers: &providers,
            deadlines: Deadlines::default(),
            waiting: None,
        };
        let options =
            Options { dialect: Dialect::Local, mode: Mode::Open, roots: Roots::All, show_secrets: false, gate: false };
        let evaluation = session.evaluate(&"env".into(), context, options).expect("nobody stops a benchmark");
        let errors: Vec<_> = evaluation.all_diagnostics().filter(|message| message.is_error()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        evaluation
    }
}

/// The shape of the reference's own benchmark: 26 imports, each with a ciphertext that is used twice, and ten opens.
pub fn reference() -> Scenario {
    let mut scenario = Scenario::default();
    let mut root = String::from("imports:\n");
    for letter in 'a'..='z' {
        let _ = writeln!(root, "  - {letter}");
        let text = format!(
            "values:\n  own_{letter}:\n    key: {{fn::secret: {{ciphertext: {ENVELOPE}}}}}\n  environmentVariables:\n    \
             {letter}: ${{own_{letter}.key}}\n  pulumiConfig:\n    {letter}::key: ${{own_{letter}.key}}\n"
        );
        scenario.add(&letter.to_string(), text);
    }
    root.push_str("values:\n  opened:\n");
    for _ in 0..10 {
        root.push_str("    - fn::open::slow: {}\n");
    }
    scenario.add("env", root);
    scenario
}

/// `escx`, version 1, eight bytes, CRC-32.
const ENVELOPE: &str = "ZXNjeAAAAAHo9e705fKyKo30VQ==";

/// Variables that are literals.
pub fn literals(count: usize) -> Scenario {
    variables(count, |at| format!("value {at}"))
}

/// Variables that each refer to the next one.
pub fn chain(count: usize) -> Scenario {
    variables(count, |at| if at + 1 == count { "end".to_owned() } else { format!("${{v{}}}", at + 1) })
}

/// Variables that are texts with two accesses.
pub fn interpolations(count: usize) -> Scenario {
    variables(count, |at| if at < 2 { "x".to_owned() } else { format!("http://${{v0}}:${{v1}}/{at}") })
}

fn variables(count: usize, value: impl Fn(usize) -> String) -> Scenario {
    let mut text = String::from("values:\n");
    for at in 0..count {
        let _ = writeln!(text, "  v{at}: {}", value(at));
    }
    let mut scenario = Scenario::default();
    scenario.add("env", text);
    scenario
}

/// Imports side by side, each adding to the same object.
pub fn imports(count: usize) -> Scenario {
    let mut scenario = Scenario::default();
    let mut root = String::from("imports:\n");
    for at in 0..count {
        let _ = writeln!(root, "  - e{at}");
        scenario
            .add(&format!("e{at}"), format!("values:\n  environmentVariables:\n    V{at}: value\n    LAST: e{at}\n"));
    }
    scenario.add("env", root);
    scenario
}

/// Environments that are each imported twice by the next level.
pub fn diamonds(depth: usize) -> Scenario {
    let mut scenario = Scenario::default();
    scenario.add("top0", "values: {o: {base: 1}}\n".to_owned());
    for level in 1..=depth {
        let below = level - 1;
        for side in ["left", "right"] {
            let text = format!("imports: [top{below}]\nvalues: {{o: {{{side}{level}: 1}}}}\n");
            scenario.add(&format!("{side}{level}"), text);
        }
        scenario.add(
            &format!("top{level}"),
            format!("imports: [left{level}, right{level}]\nvalues: {{o: {{t{level}: 1}}}}\n"),
        );
    }
    scenario.add("env", format!("imports: [top{depth}]\n"));
    scenario
}

struct Memory<'s> {
    scenario: &'s Scenario,
}

impl Definitions for Memory<'_> {
    fn resolve(&mut self, _: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        Ok(Resolved { key: name.into(), by_extension: false })
    }

    fn load(&mut self, key: &Arc<str>) -> Reply<Loaded> {
        let loaded = self.scenario.texts.get(key.as_ref()).map(|text| Loaded {
            bytes: text.as_bytes().into(),
            name: Arc::clone(key),
            file: Arc::clone(key),
            folder: None,
            revision: None,
        });
        let loaded = loaded.ok_or_else(|| Failure::new(FailureKind::File, format!("no environment {key}")));
        if self.scenario.load.is_zero() {
            return Reply::Now(loaded);
        }
        let time = self.scenario.load;
        Reply::Later(Box::pin(async move {
            tokio::time::sleep(time).await;
            loaded
        }))
    }

    fn decrypt(&mut self, _: &Arc<str>, ciphertext: &[u8]) -> Reply<Text> {
        let plain: Vec<u8> = ciphertext.iter().map(|byte| byte.wrapping_add(128)).collect();
        Reply::Now(Ok(plain.into()))
    }
}

/// One provider, `slow`, which returns a string after its time.
struct Slow {
    call: Duration,
    calls: Rc<Cell<usize>>,
}

impl Providers for Slow {
    fn signature(&self, _: &str) -> Result<Signature, Failure> {
        Ok(Signature { inputs: Schema::any(), outputs: Schema::any() })
    }

    fn rotator_signature(&self, _: &str) -> Result<RotatorSignature, Failure> {
        Err(Failure::new(FailureKind::Definition, "no rotator"))
    }

    fn provider(&self, _: &str) -> Result<Rc<dyn Provider>, Failure> {
        Ok(Rc::new(Self { call: self.call, calls: Rc::clone(&self.calls) }))
    }

    fn rotator(&self, _: &str) -> Result<Rc<dyn Rotator>, Failure> {
        Err(Failure::new(FailureKind::Provider, "no rotator"))
    }

    fn extensions(&self, _: &str, _: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        Vec::new()
    }
}

impl Provider for Slow {
    fn open(&self, _: Value, _: CallContext) -> Opening<'_, Value> {
        self.calls.set(self.calls.get() + 1);
        let time = self.call;
        Box::pin(async move {
            if !time.is_zero() {
                tokio::time::sleep(time).await;
            }
            let mut graph = Graph::new();
            let root = graph.string("opened");
            Ok(Value::new(graph, root))
        })
    }
}

/// Starts a Pulumi Cloud of this machine that takes a while for each answer, and returns its address.
pub fn slow_cloud(pause: Duration) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("a listener has an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer(&stream, pause));
        }
    });
    address
}

/// Answers every request of a connection with something that is both a session and its values.
fn answer(mut stream: &std::net::TcpStream, pause: Duration) {
    use std::io::{Read as _, Write as _};
    let mut head = Vec::new();
    let mut byte = [0];
    while stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            std::thread::sleep(pause);
            let body = r#"{"id":"s","properties":{"a":{"value":1}}}"#;
            let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
    }
}

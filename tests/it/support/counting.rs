//! Definitions in memory, and providers that count their calls.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc, sync::Arc, time::Duration};

use esc_shell::{
    diagnostic::{Extension, Failure, FailureKind},
    dialect::Dialect,
    eval::{Evaluation, Loaded, Mode, Options, Resolved, Roots},
    provider::{CallContext, Opening, Provider, Rotator, RotatorSignature, Signature},
    session::{Deadlines, Definitions, Providers, Reply, Runtime, Session},
    syntax::path::{Step, parse_typed},
    value::{Flags, Graph, Kind, Origin, Seal, Text, Value, View, schema::Schema},
};

/// Calls in the order they were made: a provider with its `id` input, or `unseal` with a group and its leaves.
pub type Log = Rc<RefCell<Vec<String>>>;

/// Definitions by name; loading may take time.
#[derive(Default)]
pub struct Documents {
    texts: BTreeMap<String, String>,
    pub load_time: Duration,
}

impl Documents {
    pub fn new<const N: usize>(texts: [(&str, &str); N]) -> Self {
        let texts = texts.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        Self { texts, load_time: Duration::ZERO }
    }

    pub fn insert(&mut self, name: &str, text: String) {
        self.texts.insert(name.to_owned(), text);
    }
}

impl Definitions for Documents {
    fn resolve(&mut self, _: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        Ok(Resolved { key: name.into(), by_extension: false })
    }

    fn load(&mut self, key: &Arc<str>) -> Reply<Loaded> {
        let loaded = match self.texts.get(key.as_ref()) {
            None => Err(Failure::new(FailureKind::File, format!("no environment {key}"))),
            Some(text) => Ok(Loaded {
                bytes: text.as_bytes().into(),
                name: Arc::clone(key),
                file: format!("{key}.yaml").into(),
                folder: None,
                revision: None,
            }),
        };
        if self.load_time.is_zero() {
            return Reply::Now(loaded);
        }
        let time = self.load_time;
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

/// `count` returns its inputs, `sealed` seals each of them, `wait` returns them after the time that `ms` says, `fail` fails.
pub struct Counting {
    pub log: Log,
    /// How long each call takes.
    pub call_time: Duration,
}

impl Counting {
    pub fn new(log: &Log) -> Self {
        Self { log: Rc::clone(log), call_time: Duration::ZERO }
    }
}

impl Providers for Counting {
    fn signature(&self, provider: &str) -> Result<Signature, Failure> {
        match provider {
            "count" | "sealed" | "wait" | "fail" | "absent" | "bench" => {
                Ok(Signature { inputs: Schema::any(), outputs: Schema::any() })
            }
            other => Err(Failure::new(FailureKind::Definition, format!("unknown provider `{other}`"))),
        }
    }

    fn rotator_signature(&self, rotator: &str) -> Result<RotatorSignature, Failure> {
        Err(Failure::new(FailureKind::Definition, format!("unknown rotator `{rotator}`")))
    }

    fn provider(&self, provider: &str) -> Result<Rc<dyn Provider>, Failure> {
        if provider == "absent" {
            return Err(Failure::new(FailureKind::Provider, "`absent` cannot be opened by this build"));
        }
        Ok(Rc::new(Counter { name: provider.to_owned(), log: Rc::clone(&self.log), time: self.call_time }))
    }

    fn rotator(&self, rotator: &str) -> Result<Rc<dyn Rotator>, Failure> {
        Err(Failure::new(FailureKind::Provider, format!("`{rotator}` cannot be opened by this build")))
    }

    fn extensions(&self, _: &str, _: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        Vec::new()
    }
}

struct Counter {
    name: String,
    log: Log,
    time: Duration,
}

impl Provider for Counter {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        let id = inputs.view().get("id").and_then(View::as_str).unwrap_or("?");
        self.log.borrow_mut().push(format!("{} {id}", self.name));
        let own = inputs.view().get("ms").and_then(View::as_number).and_then(|ms| ms.parse().ok());
        let time = own.map_or(self.time, Duration::from_millis);
        Box::pin(async move {
            if !time.is_zero() {
                tokio::time::sleep(time).await;
            }
            match self.name.as_str() {
                "fail" => Err(Failure::new(FailureKind::Provider, "it fails")),
                "sealed" => Ok(sealed(&inputs)),
                _ => Ok(inputs),
            }
        })
    }

    fn unseal(&self, seals: Vec<Arc<Seal>>) -> Opening<'_, Vec<Result<Value, Failure>>> {
        let mut leaves: Vec<&str> = seals.iter().map(|seal| seal.ciphertext.as_ref()).collect();
        leaves.sort_unstable();
        self.log.borrow_mut().push(format!("unseal {} {}", seals[0].group, leaves.join(",")));
        let values = seals
            .iter()
            .map(|seal| {
                let mut graph = Graph::new();
                let root = graph.string(format!("opened {}", seal.ciphertext));
                Ok(Value::new(graph, root))
            })
            .collect();
        Box::pin(async move { Ok(values) })
    }
}

/// Seals every string input but `id`, in the group that `id` names.
fn sealed(inputs: &Value) -> Value {
    let group: Arc<str> = inputs.view().get("id").and_then(View::as_str).unwrap_or_default().into();
    let mut graph = Graph::new();
    let entries: Vec<_> = inputs
        .view()
        .entries()
        .map(|(key, value)| {
            let node = match (key.as_ref(), value.as_str()) {
                ("id", _) | (_, None) => graph.graft(value, Origin::NONE, Flags::empty()),
                (_, Some(text)) => {
                    let seal = Seal { provider: "sealed".into(), group: Arc::clone(&group), ciphertext: text.into() };
                    graph.add(Kind::Sealed(Arc::new(seal)), Flags::empty(), Origin::NONE)
                }
            };
            (Arc::clone(key), node)
        })
        .collect();
    let root = graph.object(entries);
    Value::new(graph, root)
}

/// How a test opens an environment.
pub fn options(roots: &[&str]) -> Options {
    let paths = roots.iter().map(|path| parse_typed(path).expect("a test's path is right")).collect();
    Options { dialect: Dialect::Local, mode: Mode::Open, roots: Roots::Paths(paths), show_secrets: false, gate: true }
}

/// Opens `env`.
pub fn evaluate(documents: &mut Documents, providers: &Counting, options: Options) -> Evaluation {
    let mut graph = Graph::new();
    let context = graph.object([]);
    let context = Value::new(graph, context);
    let runtime = Runtime::default();
    let mut session = Session {
        definitions: documents,
        providers,
        runtime: &runtime,
        deadlines: Deadlines::default(),
        waiting: None,
    };
    session.evaluate(&"env".into(), context, options).expect("no signal comes")
}

/// Opens the given paths of `env` and returns the calls that were made, sorted, and the codes of all messages.
pub fn calls<const N: usize>(texts: [(&str, &str); N], roots: &[&str]) -> (Vec<String>, Vec<&'static str>) {
    let log = Log::default();
    let evaluation = evaluate(&mut Documents::new(texts), &Counting::new(&log), options(roots));
    let mut calls = log.borrow().clone();
    calls.sort();
    (calls, evaluation.all_diagnostics().map(|diagnostic| diagnostic.problem.code()).collect())
}

//! A world in memory: documents by name, the test providers, and answers that come at once, late, or in any order.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
};

use esc_shell::{
    diagnostic::{Extension, Failure},
    dialect::Dialect,
    eval::{Answer, CallSite, Evaluation, Loaded, Machine, Mode, Options, Progress, Resolved, Roots, World},
    provider::{CallContext, RotatorSignature, Signature},
    syntax::path::Step,
    value::{Flags, Graph, Kind, Origin, Seal, Text, Value, View, schema::Schema},
};

use super::providers;

/// Definitions by name.
pub type Documents = BTreeMap<String, Vec<u8>>;

/// When answers come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// At once.
    Ready,
    /// After the round in which they were asked for.
    Late,
    /// One a round, in an order that the seed decides.
    Shuffled(u64),
}

/// Marks the secrets that are no text of a document.
pub const CANARY: &str = "canary-of-a-provider";

/// Answers from memory. Beside the vectors' providers there are `canary`, which returns a secret of its own, and `sealed`,
/// which seals every string input (one that begins with `x` stays closed); the cipher adds 128 to each byte.
pub struct MemoryWorld<'d> {
    documents: &'d Documents,
    pace: Pace,
    answered: HashSet<String>,
    pending: BTreeSet<String>,
    /// What was asked of providers, sorted: each call once, however often its answer is read.
    pub calls: BTreeSet<String>,
}

impl<'d> MemoryWorld<'d> {
    pub fn new(documents: &'d Documents, pace: Pace) -> Self {
        Self { documents, pace, answered: HashSet::new(), pending: BTreeSet::new(), calls: BTreeSet::new() }
    }

    fn answer<T>(&mut self, question: String, answer: impl FnOnce() -> Result<T, Failure>) -> Answer<T> {
        if self.pace != Pace::Ready && !self.answered.contains(&question) {
            self.pending.insert(question);
            return Answer::Pending;
        }
        match answer() {
            Ok(value) => Answer::Ready(value),
            Err(failure) => Answer::Failed(failure),
        }
    }

    /// Lets answers come: all that were asked for, or one of them.
    fn release(&mut self) {
        assert!(!self.pending.is_empty(), "an evaluation that waits has asked something");
        match &mut self.pace {
            Pace::Shuffled(seed) => {
                // xorshift64
                *seed ^= *seed << 13;
                *seed ^= *seed >> 7;
                *seed ^= *seed << 17;
                let at = usize::try_from(*seed % self.pending.len() as u64).expect("it is less than a length");
                let chosen = self.pending.iter().nth(at).expect("it is less than the length").clone();
                self.pending.remove(&chosen);
                self.answered.insert(chosen);
            }
            _ => self.answered.extend(std::mem::take(&mut self.pending)),
        }
    }
}

impl World for MemoryWorld<'_> {
    fn resolve(&mut self, _: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        Ok(Resolved { key: name.into(), by_extension: false })
    }

    fn load(&mut self, key: &Arc<str>) -> Answer<Loaded> {
        let documents = self.documents;
        self.answer(format!("load {key}"), || {
            let bytes =
                documents.get(key.as_ref()).ok_or_else(|| providers::failure("there is no such environment"))?;
            let file = format!("{key}.yaml").into();
            Ok(Loaded { bytes: bytes.as_slice().into(), name: key.clone(), file, folder: None, revision: None })
        })
    }

    fn signature(&mut self, provider: &str) -> Result<Signature, Failure> {
        match provider {
            "canary" | "sealed" => Ok(Signature { inputs: Schema::any(), outputs: Schema::any() }),
            name => providers::signature(name).ok_or_else(|| providers::failure("there is no such provider")),
        }
    }

    fn rotator_signature(&mut self, rotator: &str) -> Result<RotatorSignature, Failure> {
        providers::rotator_signature(rotator).ok_or_else(|| providers::failure("there is no such rotator"))
    }

    fn available(&mut self, _: &str) -> Result<(), Failure> {
        Ok(())
    }

    fn extensions(&mut self, _: &str, _: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        Vec::new()
    }

    fn open(&mut self, site: &CallSite, provider: &str, inputs: View<'_>, _: &CallContext) -> Answer<Value> {
        let question = format!("open {site:?}");
        self.calls.insert(question.clone());
        self.answer(question, || match provider {
            "canary" => Ok(canary()),
            "sealed" => Ok(sealed(inputs)),
            name => providers::open(name, inputs),
        })
    }

    fn open_rotator(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        _: &CallContext,
    ) -> Answer<Value> {
        let question = format!("open {site:?}");
        self.calls.insert(question.clone());
        self.answer(question, || providers::open_rotator(rotator, inputs, state))
    }

    fn rotate(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        _: &CallContext,
    ) -> Answer<Value> {
        let question = format!("rotate {site:?}");
        self.calls.insert(question.clone());
        self.answer(question, || providers::rotate(rotator, inputs, state))
    }

    fn unseal(&mut self, seal: &Arc<Seal>) -> Answer<Value> {
        let question = format!("unseal {}", seal.ciphertext);
        self.calls.insert(question.clone());
        self.answer(question, || {
            if seal.ciphertext.starts_with('x') {
                return Err(providers::failure("the leaf stays closed"));
            }
            let mut graph = Graph::new();
            let root = graph.string(seal.ciphertext.as_ref());
            Ok(Value::new(graph, root))
        })
    }

    fn decrypt(&mut self, environment: &Arc<str>, ciphertext: &[u8]) -> Answer<Text> {
        let question = format!("decrypt {environment} {ciphertext:?}");
        self.answer(question, || Ok(ciphertext.iter().map(|byte| byte.wrapping_add(128)).collect::<Vec<u8>>().into()))
    }
}

/// A secret of its own beside something that is none.
fn canary() -> Value {
    let mut graph = Graph::new();
    let (token, plain) = (graph.secret(CANARY), graph.string("plain"));
    let list = graph.list([token, plain]);
    let root = graph.object([("token".into(), token), ("plain".into(), plain), ("list".into(), list)]);
    Value::new(graph, root)
}

/// Seals every string input.
fn sealed(inputs: View<'_>) -> Value {
    let mut graph = Graph::new();
    let entries: Vec<_> = inputs
        .entries()
        .map(|(key, value)| {
            let node = match value.as_str() {
                None => graph.graft(value, Origin::NONE, Flags::empty()),
                Some(text) => {
                    let seal = Seal { provider: "sealed".into(), group: "all".into(), ciphertext: text.into() };
                    graph.add(Kind::Sealed(Arc::new(seal)), Flags::empty(), Origin::NONE)
                }
            };
            (Arc::clone(key), node)
        })
        .collect();
    let root = graph.object(entries);
    Value::new(graph, root)
}

/// How a test evaluates: everything, by the rules of a dialect.
pub fn options(dialect: Dialect, mode: Mode) -> Options {
    Options { dialect, mode, roots: Roots::All, show_secrets: false, gate: false }
}

/// Makes definitions of texts.
pub fn documents<'t>(texts: impl IntoIterator<Item = (&'t str, String)>) -> Documents {
    texts.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
}

/// Evaluates `env`; returns what was asked of providers, too.
pub fn evaluate(documents: &Documents, options: Options, pace: Pace) -> (Evaluation, BTreeSet<String>) {
    let mut graph = Graph::new();
    let host = [("user", graph.string("somebody")), ("attempt", graph.number("1"))].map(|(key, id)| (key.into(), id));
    let context = graph.object(host);
    let mut machine = Machine::new("env", Value::new(graph, context), options);
    let mut world = MemoryWorld::new(documents, pace);
    let mut rounds = 0;
    while machine.run(&mut world) == Progress::Pending {
        rounds += 1;
        assert!(rounds < 100_000, "an evaluation ends");
        world.release();
    }
    (machine.finish(), world.calls)
}

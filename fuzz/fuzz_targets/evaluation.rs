//! Small documents that import each other are evaluated, with answers at once and late: nothing panics, results are the same,
//! and what redacted output shows holds no marked secret.
#![no_main]

use std::{collections::HashSet, sync::Arc};

use esc_shell::{
    ast::{self, Builtin, Form, Secret},
    diagnostic::{Extension, Failure, FailureKind, Sink, render},
    dialect::Dialect,
    eval::{Answer, CallSite, Evaluation, Loaded, Machine, Mode, Options, Progress, Resolved, Roots, World},
    provider::{CallContext, RotatorSignature, Signature},
    source::{Source, SourceMap},
    syntax::path::Step,
    value::{Graph, Seal, Secrets, Text, Value, View, json, schema::Schema},
};
use libfuzzer_sys::fuzz_target;

/// What stands for the text of a secret.
const CANARY: &str = "canary-5up3r";

struct Documents<'d> {
    texts: Vec<&'d str>,
    slow: bool,
    asked: HashSet<String>,
}

impl Documents<'_> {
    fn answer<T>(&mut self, question: String, answer: Result<T, Failure>) -> Answer<T> {
        if self.slow && self.asked.insert(question) {
            return Answer::Pending;
        }
        answer.map_or_else(Answer::Failed, Answer::Ready)
    }
}

fn failure(message: &str) -> Failure {
    Failure::new(FailureKind::Provider, message)
}

impl World for Documents<'_> {
    fn resolve(&mut self, _: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        Ok(Resolved { key: name.into(), by_extension: false })
    }

    fn load(&mut self, key: &Arc<str>) -> Answer<Loaded> {
        let at = match key.as_ref() {
            "env" => Some(0),
            "a" => Some(1),
            "b" | "p/b" => Some(2),
            _ => None,
        };
        let loaded = at.and_then(|at| self.texts.get(at)).map(|text| Loaded {
            bytes: text.as_bytes().into(),
            name: Arc::clone(key),
            file: Arc::clone(key),
            folder: None,
            revision: None,
        });
        self.answer(format!("load {key}"), loaded.ok_or_else(|| failure("no such document")))
    }

    fn signature(&mut self, provider: &str) -> Result<Signature, Failure> {
        match provider {
            "test" | "fail" => Ok(Signature { inputs: Schema::any(), outputs: Schema::any() }),
            "map" => Ok(Signature { inputs: Schema::map(Schema::string()), outputs: Schema::map(Schema::string()) }),
            _ => Err(failure("no such provider")),
        }
    }

    fn rotator_signature(&mut self, _: &str) -> Result<RotatorSignature, Failure> {
        Err(failure("no such rotator"))
    }

    fn available(&mut self, _: &str) -> Result<(), Failure> {
        Ok(())
    }

    fn extensions(&mut self, _: &str, _: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        Vec::new()
    }

    fn open(&mut self, site: &CallSite, provider: &str, inputs: View<'_>, _: &CallContext) -> Answer<Value> {
        let opened = if provider == "fail" { Err(failure("it fails")) } else { Ok(Value::copy(inputs)) };
        self.answer(format!("open {site:?}"), opened)
    }

    fn open_rotator(
        &mut self,
        _: &CallSite,
        _: &str,
        _: View<'_>,
        _: Option<View<'_>>,
        _: &CallContext,
    ) -> Answer<Value> {
        Answer::Failed(failure("no such rotator"))
    }

    fn rotate(&mut self, _: &CallSite, _: &str, _: View<'_>, _: Option<View<'_>>, _: &CallContext) -> Answer<Value> {
        Answer::Failed(failure("no such rotator"))
    }

    fn unseal(&mut self, _: &Arc<Seal>) -> Answer<Value> {
        Answer::Failed(failure("nothing is sealed"))
    }

    fn decrypt(&mut self, environment: &Arc<str>, ciphertext: &[u8]) -> Answer<Text> {
        self.answer(format!("decrypt {environment} {ciphertext:?}"), Ok(ciphertext.to_vec().into()))
    }
}

fn evaluate(texts: &[&str], dialect: Dialect, mode: Mode, slow: bool) -> Evaluation {
    let mut graph = Graph::new();
    let context = graph.object([]);
    let options = Options { dialect, mode, roots: Roots::All, show_secrets: false, gate: false };
    let mut machine = Machine::new("env", Value::new(graph, context), options);
    let mut world = Documents { texts: texts.to_vec(), slow, asked: HashSet::new() };
    let mut rounds = 0;
    while machine.run(&mut world) == Progress::Pending {
        rounds += 1;
        assert!(rounds < 10_000, "an evaluation ends");
    }
    machine.finish()
}

/// Counts the plaintext secrets of a document that are the canary and nothing else.
fn secrets(text: &str) -> usize {
    let mut sources = SourceMap::default();
    let source = sources.add(Source::new("", "", text));
    let environment = ast::Environment::parse(&sources, source, Dialect::Local, &mut Sink::default());
    let is_canary = |form: &Form| matches!(form, Form::Builtin(Builtin::Secret(Secret::Plaintext(text))) if text.as_ref() == CANARY);
    environment.map_or(0, |environment| environment.exprs.iter().filter(|expr| is_canary(&expr.form)).count())
}

/// Everything that may be shown to anybody.
fn shown(evaluation: &Evaluation) -> String {
    let values = evaluation.root().and_then(|root| json::indented(root, Secrets::Masked).ok()).unwrap_or_default();
    let diagnostics: Vec<_> = evaluation.all_diagnostics().cloned().collect();
    values + &render::render(&diagnostics, &evaluation.sources, render::Options::default())
}

fuzz_target!(|text: &str| {
    if text.len() > 4096 {
        return;
    }
    let texts: Vec<&str> = text.splitn(3, "\n...\n").collect();
    for dialect in [Dialect::Local, Dialect::Hosted] {
        let check = evaluate(&texts, dialect, Mode::Check, false);
        let _ = shown(&check);
        let opened = shown(&evaluate(&texts, dialect, Mode::Open, false));
        assert_eq!(opened, shown(&evaluate(&texts, dialect, Mode::Open, true)), "late answers change nothing");
    }
    // A canary that stands only behind `fn::secret` is never shown by the local rules.
    let marked = text.matches(CANARY).count();
    if marked > 0 && marked == texts.iter().map(|text| secrets(text)).sum::<usize>() {
        for mode in [Mode::Check, Mode::Open] {
            let out = shown(&evaluate(&texts, Dialect::Local, mode, false));
            assert!(!out.contains(CANARY), "a secret is shown: {out}");
        }
    }
});

//! The world of a run: answers are remembered, questions without one are queued.

use std::{collections::HashMap, future::Future, pin::Pin, rc::Rc, sync::Arc, time::SystemTime};

use super::{Definitions, Providers, Reply};
use crate::{
    diagnostic::{Extension, Failure},
    eval::{Answer, CallSite, Loaded, Resolved, World},
    provider::{CallContext, RotatorSignature, Signature},
    syntax::path::Step,
    value::{Seal, Text, Value, View},
};

/// A question whose answer takes time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Question {
    Load(Arc<str>),
    Open(CallSite),
    Rotate(CallSite),
    Unseal(Arc<Seal>),
    Decrypt(Arc<str>, Vec<u8>),
}

/// The answer to a question.
#[derive(Clone, Debug)]
pub(super) enum Reached {
    Loaded(Loaded),
    Value(Value),
    Text(Text),
}

type Outcome = Result<Reached, Failure>;

/// Answers to come, several at once where one call serves several questions.
pub(super) type Work = Pin<Box<dyn Future<Output = Vec<(Question, Outcome)>>>>;

/// A call that waits to be made.
pub(super) struct Call {
    /// What is waited for, as people are told.
    pub(super) name: String,
    /// The questions that it answers.
    pub(super) questions: Vec<Question>,
    /// The bound on one provider call does not hold: it keeps one of its own.
    pub(super) keeps_time: bool,
    /// The call.
    pub(super) work: Work,
}

pub(super) struct LiveWorld<'s> {
    definitions: &'s mut dyn Definitions,
    pub(super) providers: &'s dyn Providers,
    answers: HashMap<Question, Option<Outcome>>,
    pub(super) calls: Vec<Call>,
    pub(super) sealed: Vec<Arc<Seal>>,
    news: bool,
    /// When the first of the values that were opened expires.
    pub(super) expires: Option<SystemTime>,
}

impl<'s> LiveWorld<'s> {
    pub(super) fn new(definitions: &'s mut dyn Definitions, providers: &'s dyn Providers) -> Self {
        Self {
            definitions,
            providers,
            answers: HashMap::new(),
            calls: Vec::new(),
            sealed: Vec::new(),
            news: false,
            expires: None,
        }
    }

    /// Takes answers in.
    pub(super) fn learn(&mut self, answers: Vec<(Question, Outcome)>) {
        self.news = true;
        let values = answers.iter().filter_map(|(_, outcome)| match outcome {
            Ok(Reached::Value(value)) => value.expires(),
            _ => None,
        });
        self.expires = values.chain(self.expires).min();
        self.answers.extend(answers.into_iter().map(|(question, outcome)| (question, Some(outcome))));
    }

    /// Tells whether answers came in since this was last asked.
    pub(super) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.news)
    }

    /// Returns the answer to a question, or notes that it was asked; `None` when it has to be asked now.
    fn known(&mut self, question: &Question) -> Option<Answer<Reached>> {
        match self.answers.get(question) {
            Some(Some(Ok(reached))) => Some(Answer::Ready(reached.clone())),
            Some(Some(Err(failure))) => Some(Answer::Failed(failure.clone())),
            Some(None) => Some(Answer::Pending),
            None => {
                self.answers.insert(question.clone(), None);
                None
            }
        }
    }

    fn reply<T: 'static>(
        &mut self,
        name: String,
        question: Question,
        reply: Reply<T>,
        wrap: fn(T) -> Reached,
    ) -> Answer<Reached> {
        match reply {
            Reply::Now(outcome) => {
                let outcome = outcome.map(wrap);
                self.learn(vec![(question.clone(), outcome)]);
                self.known(&question).unwrap_or(Answer::Pending)
            }
            Reply::Later(future) => {
                let asked = question.clone();
                let work = Box::pin(async move { vec![(asked, future.await.map(wrap))] });
                self.calls.push(Call { name, questions: vec![question], keeps_time: false, work });
                Answer::Pending
            }
        }
    }

    fn fail(&mut self, question: Question, failure: Failure) -> Answer<Value> {
        self.learn(vec![(question, Err(failure.clone()))]);
        Answer::Failed(failure)
    }

    /// Queues the call of a rotator, for its opening or its rotation.
    fn call_rotator(
        &mut self,
        rotator: &str,
        question: Question,
        inputs: View<'_>,
        state: Option<View<'_>>,
        context: &CallContext,
    ) -> Answer<Value> {
        if let Some(answer) = self.known(&question) {
            return value(answer);
        }
        let found = match self.providers.rotator(rotator) {
            Ok(found) => found,
            Err(failure) => return self.fail(question, failure),
        };
        let (inputs, state, context) = (Value::copy(inputs), state.map(Value::copy), context.clone());
        let asked = question.clone();
        let work = Box::pin(async move {
            let outcome = match &asked {
                Question::Rotate(_) => found.rotate(inputs, state, context).await,
                _ => found.open(inputs, state, context).await,
            };
            vec![(asked, outcome.map(Reached::Value))]
        });
        self.calls.push(Call { name: rotator.to_owned(), questions: vec![question], keeps_time: false, work });
        Answer::Pending
    }
}

impl World for LiveWorld<'_> {
    fn resolve(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        self.definitions.resolve(importer, name)
    }

    fn load(&mut self, key: &Arc<str>) -> Answer<Loaded> {
        let question = Question::Load(Arc::clone(key));
        let answer = match self.known(&question) {
            Some(answer) => answer,
            None => {
                let reply = self.definitions.load(key);
                self.reply(format!("the definition of `{key}`"), question, reply, Reached::Loaded)
            }
        };
        match answer {
            Answer::Ready(Reached::Loaded(loaded)) => Answer::Ready(loaded),
            Answer::Failed(failure) => Answer::Failed(failure),
            Answer::Ready(_) | Answer::Pending => Answer::Pending,
        }
    }

    fn signature(&mut self, provider: &str) -> Result<Signature, Failure> {
        self.providers.signature(provider)
    }

    fn rotator_signature(&mut self, rotator: &str) -> Result<RotatorSignature, Failure> {
        self.providers.rotator_signature(rotator)
    }

    fn available(&mut self, provider: &str) -> Result<(), Failure> {
        self.providers.provider(provider).map(drop)
    }

    fn extensions(&mut self, provider: &str, inputs: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        self.providers.extensions(provider, inputs)
    }

    fn open(&mut self, site: &CallSite, provider: &str, inputs: View<'_>, context: &CallContext) -> Answer<Value> {
        let question = Question::Open(site.clone());
        if let Some(answer) = self.known(&question) {
            return value(answer);
        }
        let allowed = self.definitions.may_open(&site.environment, provider);
        let found = match allowed.and_then(|()| self.providers.provider(provider)) {
            Ok(found) => found,
            Err(failure) => return self.fail(question, failure),
        };
        let keeps_time = found.keeps_time();
        let (inputs, context, asked) = (Value::copy(inputs), context.clone(), question.clone());
        let work = Box::pin(async move {
            let outcome = Rc::clone(&found).open(inputs, context).await;
            vec![(asked, outcome.map(Reached::Value))]
        });
        self.calls.push(Call { name: provider.to_owned(), questions: vec![question], keeps_time, work });
        Answer::Pending
    }

    fn open_rotator(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        context: &CallContext,
    ) -> Answer<Value> {
        self.call_rotator(rotator, Question::Open(site.clone()), inputs, state, context)
    }

    fn rotate(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        context: &CallContext,
    ) -> Answer<Value> {
        self.call_rotator(rotator, Question::Rotate(site.clone()), inputs, state, context)
    }

    fn unseal(&mut self, seal: &Arc<Seal>) -> Answer<Value> {
        if let Some(answer) = self.known(&Question::Unseal(Arc::clone(seal))) {
            return value(answer);
        }
        self.sealed.push(Arc::clone(seal));
        Answer::Pending
    }

    fn decrypt(&mut self, environment: &Arc<str>, ciphertext: &[u8]) -> Answer<Text> {
        let question = Question::Decrypt(Arc::clone(environment), ciphertext.to_vec());
        let answer = match self.known(&question) {
            Some(answer) => answer,
            None => {
                let reply = self.definitions.decrypt(environment, ciphertext);
                self.reply(format!("the secrets of `{environment}`"), question, reply, Reached::Text)
            }
        };
        match answer {
            Answer::Ready(Reached::Text(text)) => Answer::Ready(text),
            Answer::Failed(failure) => Answer::Failed(failure),
            Answer::Ready(_) | Answer::Pending => Answer::Pending,
        }
    }
}

/// Narrows an answer to a question about a value.
fn value(answer: Answer<Reached>) -> Answer<Value> {
    match answer {
        Answer::Ready(Reached::Value(value)) => Answer::Ready(value),
        Answer::Failed(failure) => Answer::Failed(failure),
        Answer::Ready(_) | Answer::Pending => Answer::Pending,
    }
}

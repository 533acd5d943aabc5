//! Drives evaluations: asks, waits for everything that is pending at once, and goes on.
//!
//! ```text
//! Machine::run --questions--> LiveWorld --calls--> drive (tokio, made when the first call is pending)
//!      ^                          | memo                     |
//!      +------- answers ----------+--------------------------+
//! ```
//!
//! An answer is given to the machine as soon as it is there, so calls wait only for those that they depend on. A run
//! that asks nothing outside of files never makes a runtime.

mod batch;
mod catalogue;
mod cloud;
mod context;
mod decrypt;
mod drive;
mod local;
mod read;
mod runtime;
mod world;

use std::{future::Future, pin::Pin, rc::Rc, sync::Arc, time::Duration};

use crate::{
    diagnostic::{Extension, Failure, FailureKind},
    eval::{Evaluation, Loaded, Machine, Options, Progress, Resolved},
    provider::{Provider, Rotator, RotatorSignature, Signature},
    syntax::path::Step,
    value::{Text, Value, View},
};

use world::LiveWorld;

pub use catalogue::Catalogue;
pub use cloud::{Cloud, RunDefinitions, checked, opened};
pub use context::local_context;
pub use local::LocalDefinitions;
pub use read::{Read, fingerprint, revision};
pub use runtime::{Interrupted, Runtime};

/// An answer that is there, or comes later.
pub enum Reply<T> {
    /// It is there.
    Now(Result<T, Failure>),
    /// It has to be waited for.
    Later(Pin<Box<dyn Future<Output = Result<T, Failure>>>>),
}

/// Where definitions come from.
pub trait Definitions {
    /// Finds the environment that a name means in the environment that imports it.
    ///
    /// # Errors
    /// When there is none.
    fn resolve(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, Failure>;

    /// Reads a definition by its key.
    fn load(&mut self, key: &Arc<str>) -> Reply<Loaded>;

    /// Decrypts the ciphertext of an envelope that a definition holds.
    fn decrypt(&mut self, key: &Arc<str>, ciphertext: &[u8]) -> Reply<Text>;

    /// Tells whether a definition may open a provider at all.
    ///
    /// # Errors
    /// When it may not: somebody else wrote it.
    fn may_open(&self, key: &Arc<str>, provider: &str) -> Result<(), Failure> {
        let _ = (key, provider);
        Ok(())
    }
}

/// The providers of a run.
pub trait Providers {
    /// Returns the schemas of a provider.
    ///
    /// # Errors
    /// When there is no such provider.
    fn signature(&self, provider: &str) -> Result<Signature, Failure>;

    /// Returns the schemas of a rotator.
    ///
    /// # Errors
    /// When there is no such rotator.
    fn rotator_signature(&self, rotator: &str) -> Result<RotatorSignature, Failure>;

    /// Returns a known provider.
    ///
    /// # Errors
    /// When this build cannot open it.
    fn provider(&self, provider: &str) -> Result<Rc<dyn Provider>, Failure>;

    /// Returns a known rotator.
    ///
    /// # Errors
    /// When this build cannot open it.
    fn rotator(&self, rotator: &str) -> Result<Rc<dyn Rotator>, Failure>;

    /// Tells which local extensions the inputs of a provider use.
    fn extensions(&self, provider: &str, inputs: View<'_>) -> Vec<(Vec<Step>, Extension)>;
}

/// How long a run may wait.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// For one provider call.
    pub call: Duration,
    /// For the whole run.
    pub run: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { call: Duration::from_secs(10), run: Duration::from_secs(30) }
    }
}

/// Returns what stands for an answer that did not come in time.
fn late(limit: Duration) -> Failure {
    let seconds = limit.as_secs_f64().max(0.001);
    Failure::new(FailureKind::Provider, format!("no answer within {seconds:.3}s"))
        .hint("try again, or allow more time with `--timeout`")
}

/// Is told once, after two seconds, what is being waited for.
pub type Waiting<'s> = &'s dyn Fn(&[String]);

/// What a run has at hand.
pub struct Session<'s> {
    /// Where definitions come from.
    pub definitions: &'s mut dyn Definitions,
    /// The providers.
    pub providers: &'s dyn Providers,
    /// What waits.
    pub runtime: &'s Runtime,
    /// How long it may wait.
    pub deadlines: Deadlines,
    /// Somebody who watches.
    pub waiting: Option<Waiting<'s>>,
}

impl Session<'_> {
    /// Evaluates the environment with a key; `context` is the host's part of `${context}`.
    ///
    /// # Errors
    /// When a signal stops the wait: calls that are under way are dropped, and what they started is ended.
    ///
    /// # Panics
    /// When the system gives no event queue.
    pub fn evaluate(&mut self, root: &Arc<str>, context: Value, options: Options) -> Result<Evaluation, Interrupted> {
        let mut machine = Machine::new(Arc::clone(root), context, options);
        let mut world = LiveWorld::new(self.definitions, self.providers);
        if machine.run(&mut world) == Progress::Pending {
            drive::drive(&mut machine, &mut world, self.runtime, self.deadlines, self.waiting)?;
        }
        let mut evaluation = machine.finish();
        evaluation.expires = world.expires;
        Ok(evaluation)
    }
}

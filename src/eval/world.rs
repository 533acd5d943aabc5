//! What an evaluation asks of everything outside.

use std::{path::Path, sync::Arc};

use crate::{
    ast::ExprId,
    diagnostic::{Extension, Failure},
    provider::{CallContext, RotatorSignature, Signature},
    syntax::path::Step,
    value::{Seal, Text, Value, View},
};

/// An answer of the world. Each question is asked again until it is answered; answers must not change within a run.
#[derive(Clone, Debug)]
pub enum Answer<T> {
    /// Here it is.
    Ready(T),
    /// It was asked for, and will be there later.
    Pending,
    /// It can't be had.
    Failed(Failure),
}

/// An environment that an import means.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Identity: each key is loaded and evaluated once in a run.
    pub key: Arc<str>,
    /// Whether only the local rule found it, that an import is looked for in the importing environment's project first.
    pub by_extension: bool,
}

/// A definition as it was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The name that ranges and `context.currentEnvironment` show.
    pub name: Arc<str>,
    /// The file as people know it.
    pub file: Arc<str>,
    /// Its folder, where it is a local file.
    pub folder: Option<Arc<Path>>,
    /// The git revision it was read from, where it was one.
    pub revision: Option<Arc<str>>,
}

/// The call of a provider or rotator in a document: each is made at most once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CallSite {
    /// Key of the environment.
    pub environment: Arc<str>,
    /// The call's expression.
    pub expr: ExprId,
}

/// Everything outside of the evaluator. No method waits.
pub trait World {
    /// Finds the environment that a name means in the environment that imports it.
    ///
    /// # Errors
    /// When there is none; the failure names every place that was tried.
    fn resolve(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, Failure>;

    /// Reads a definition.
    fn load(&mut self, key: &Arc<str>) -> Answer<Loaded>;

    /// Returns the schemas of a provider.
    ///
    /// # Errors
    /// When there is no such provider.
    fn signature(&mut self, provider: &str) -> Result<Signature, Failure>;

    /// Returns the schemas of a rotator.
    ///
    /// # Errors
    /// When there is no such rotator.
    fn rotator_signature(&mut self, rotator: &str) -> Result<RotatorSignature, Failure>;

    /// Tells whether a known provider can be opened at all, before its inputs are looked at.
    ///
    /// # Errors
    /// When it is not in this build.
    fn available(&mut self, provider: &str) -> Result<(), Failure>;

    /// Tells which local extensions the inputs of a provider use, each with the path that leads to its place.
    fn extensions(&mut self, provider: &str, inputs: View<'_>) -> Vec<(Vec<Step>, Extension)>;

    /// Opens inputs.
    fn open(&mut self, site: &CallSite, provider: &str, inputs: View<'_>, context: &CallContext) -> Answer<Value>;

    /// Opens the state of a rotator.
    fn open_rotator(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        context: &CallContext,
    ) -> Answer<Value>;

    /// Makes new state.
    fn rotate(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        context: &CallContext,
    ) -> Answer<Value>;

    /// Opens a sealed leaf.
    fn unseal(&mut self, seal: &Arc<Seal>) -> Answer<Value>;

    /// Decrypts the ciphertext of an envelope that the environment holds.
    fn decrypt(&mut self, environment: &Arc<str>, ciphertext: &[u8]) -> Answer<Text>;
}

//! The providers of a run that this build knows, in one dialect.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use super::Providers;
use crate::{
    diagnostic::{Extension, Failure},
    dialect::Dialect,
    provider::{Provider, Registry, Rotator, RotatorSignature, Signature, extensions},
    syntax::path::Step,
    value::View,
};

/// The registry as a dialect sees it; schemas are built once, when they are first asked for.
pub struct Catalogue<'r> {
    registry: &'r Registry,
    dialect: Dialect,
    signatures: RefCell<HashMap<String, Signature>>,
}

impl<'r> Catalogue<'r> {
    /// Serves a registry.
    #[must_use]
    pub fn new(registry: &'r Registry, dialect: Dialect) -> Self {
        Self { registry, dialect, signatures: RefCell::default() }
    }
}

impl Providers for Catalogue<'_> {
    fn signature(&self, provider: &str) -> Result<Signature, Failure> {
        if let Some(known) = self.signatures.borrow().get(provider) {
            return Ok(known.clone());
        }
        let signature = self
            .registry
            .signature(provider, self.dialect)
            .ok_or_else(|| self.registry.unknown(provider, self.dialect))?;
        self.signatures.borrow_mut().insert(provider.to_owned(), signature.clone());
        Ok(signature)
    }

    fn rotator_signature(&self, rotator: &str) -> Result<RotatorSignature, Failure> {
        self.registry.rotator_signature(rotator).ok_or_else(|| self.registry.unknown_rotator(rotator))
    }

    fn provider(&self, provider: &str) -> Result<Rc<dyn Provider>, Failure> {
        self.registry.openable(provider).ok_or_else(|| self.registry.not_openable())
    }

    fn rotator(&self, _: &str) -> Result<Rc<dyn Rotator>, Failure> {
        Err(self.registry.not_openable())
    }

    fn extensions(&self, provider: &str, inputs: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        let used = extensions(provider, inputs).into_iter();
        used.map(|(path, extension)| (path.into_iter().map(Step::Key).collect(), extension)).collect()
    }
}

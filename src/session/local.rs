//! The definitions of a run that come from the local store.

use std::{collections::HashMap, sync::Arc};

use super::{Definitions, Read, Reply};
use crate::{
    diagnostic::{Failure, FailureKind},
    dialect::Dialect,
    eval::{Loaded, Resolved},
    store::{Definition, ImportRule, LocalStore, ResolveError, reference::DEFAULT_PROJECT},
    value::Text,
};

/// Local definitions by the keys that the evaluator knows them by.
pub struct LocalDefinitions<'s> {
    store: &'s LocalStore,
    rule: ImportRule,
    known: HashMap<Arc<str>, Definition>,
    reads: Vec<Read>,
}

impl<'s> LocalDefinitions<'s> {
    /// Serves a store; imports are found by the rule of the dialect.
    #[must_use]
    pub fn new(store: &'s LocalStore, dialect: Dialect) -> Self {
        let rule = match dialect {
            Dialect::Local => ImportRule::OwnProjectFirst,
            Dialect::Hosted => ImportRule::DefaultProjectOnly,
        };
        Self { store, rule, known: HashMap::new(), reads: Vec::new() }
    }

    /// Returns the definitions that were read, imports too.
    #[must_use]
    pub fn into_reads(self) -> Vec<Read> {
        self.reads
    }

    /// Adds a definition and returns its key.
    pub fn add(&mut self, definition: Definition) -> Arc<str> {
        let id = &definition.key;
        let commit = id.commit.as_deref().unwrap_or_default();
        let organization = id.organization.as_deref().unwrap_or_default();
        let key: Arc<str> = format!("{organization}/{}@{commit} {}", id.name, id.path.display()).into();
        self.known.entry(Arc::clone(&key)).or_insert(definition);
        key
    }

    /// Finds the definition that a name means in the one that imports it.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn find(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, ResolveError> {
        let importer = self.known.get(importer).expect("only what was loaded imports something");
        let import = self.store.import(importer, name, self.rule)?;
        let by_extension = import.from_own_project;
        Ok(Resolved { key: self.add(import.definition), by_extension })
    }

    /// Returns the organization of a definition, and the projects that an import may be in: of one that names a project itself, none of
    /// them matters.
    pub(super) fn owner(&self, importer: &Arc<str>, without_project: bool) -> (Option<Arc<str>>, Vec<Arc<str>>) {
        let importer = self.known.get(importer).expect("only what was loaded imports something");
        let own =
            (without_project && self.rule == ImportRule::OwnProjectFirst && &*importer.project != DEFAULT_PROJECT)
                .then(|| Arc::clone(&importer.project));
        (importer.organization.clone(), own.into_iter().chain([DEFAULT_PROJECT.into()]).collect())
    }
}

impl Definitions for LocalDefinitions<'_> {
    fn resolve(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        Ok(self.find(importer, name)?)
    }

    fn load(&mut self, key: &Arc<str>) -> Reply<Loaded> {
        let definition = self.known.get(key).expect("only what was resolved is loaded");
        Reply::Now(self.store.read(definition).map(|bytes| {
            let (bytes, name): (Arc<[u8]>, _) = (bytes.into(), Arc::clone(definition.name()));
            let path = definition.commit.is_none().then(|| definition.path.clone());
            self.reads.push(Read { name: Arc::clone(&name), path, bytes: Arc::clone(&bytes) });
            Loaded {
                bytes,
                name,
                file: definition.shown.as_str().into(),
                folder: Some(definition.folder().into()),
                revision: definition.key.commit.clone(),
            }
        }))
    }

    fn decrypt(&mut self, _: &Arc<str>, _: &[u8]) -> Reply<Text> {
        let failure = Failure::new(FailureKind::Identity, "this secret is encrypted for Pulumi Cloud").hint(
            "only Pulumi Cloud has its key: put the secret into a provider, or write its plaintext in a local override",
        );
        Reply::Now(Err(failure))
    }
}

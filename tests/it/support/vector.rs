//! The world of a vector: a folder of documents, the test providers, and a cipher that adds 128 to each byte.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use esc_shell::{
    diagnostic::{Extension, Failure},
    eval::{Answer, CallSite, Loaded, Resolved, World},
    provider::{CallContext, RotatorSignature, Signature},
    syntax::path::Step,
    value::{Seal, Text, Value, View},
};

use super::providers;

/// Answers from a folder; with `slow`, each question is pending the first time it is asked.
pub struct FolderWorld {
    folder: PathBuf,
    root: Arc<str>,
    slow: bool,
    asked: HashSet<String>,
}

impl FolderWorld {
    /// Serves a vector's folder; `root` names `env.yaml`.
    pub fn new(folder: &Path, root: &str, slow: bool) -> Self {
        Self { folder: folder.to_owned(), root: root.into(), slow, asked: HashSet::new() }
    }

    /// Tells that a question has to wait.
    fn waits(&mut self, question: String) -> bool {
        self.slow && self.asked.insert(question)
    }

    fn answer<T>(&mut self, question: String, answer: impl FnOnce() -> Result<T, Failure>) -> Answer<T> {
        if self.waits(question) {
            return Answer::Pending;
        }
        match answer() {
            Ok(value) => Answer::Ready(value),
            Err(failure) => Answer::Failed(failure),
        }
    }
}

impl World for FolderWorld {
    fn resolve(&mut self, _: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        Ok(Resolved { key: name.into(), by_extension: false })
    }

    fn load(&mut self, key: &Arc<str>) -> Answer<Loaded> {
        let file = if *key == self.root { "env".to_owned() } else { key.to_string() };
        let path = self.folder.join(format!("{file}.yaml"));
        let key = Arc::clone(key);
        self.answer(format!("load {key}"), || {
            let bytes = std::fs::read(&path).map_err(|error| providers::failure(&error.to_string()))?;
            Ok(Loaded { bytes: bytes.into(), name: key.clone(), file: key, folder: None, revision: None })
        })
    }

    fn signature(&mut self, provider: &str) -> Result<Signature, Failure> {
        providers::signature(provider).ok_or_else(|| providers::failure(&format!("unknown provider {provider:?}")))
    }

    fn rotator_signature(&mut self, rotator: &str) -> Result<RotatorSignature, Failure> {
        providers::rotator_signature(rotator).ok_or_else(|| providers::failure(&format!("unknown rotator {rotator:?}")))
    }

    fn available(&mut self, _: &str) -> Result<(), Failure> {
        Ok(())
    }

    fn extensions(&mut self, _: &str, _: View<'_>) -> Vec<(Vec<Step>, Extension)> {
        Vec::new()
    }

    fn open(&mut self, site: &CallSite, provider: &str, inputs: View<'_>, _: &CallContext) -> Answer<Value> {
        self.answer(format!("open {site:?}"), || providers::open(provider, inputs))
    }

    fn open_rotator(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        _: &CallContext,
    ) -> Answer<Value> {
        self.answer(format!("open {site:?}"), || providers::open_rotator(rotator, inputs, state))
    }

    fn rotate(
        &mut self,
        site: &CallSite,
        rotator: &str,
        inputs: View<'_>,
        state: Option<View<'_>>,
        _: &CallContext,
    ) -> Answer<Value> {
        self.answer(format!("rotate {site:?}"), || providers::rotate(rotator, inputs, state))
    }

    fn unseal(&mut self, _: &Arc<Seal>) -> Answer<Value> {
        Answer::Failed(providers::failure("nothing is sealed here"))
    }

    fn decrypt(&mut self, environment: &Arc<str>, ciphertext: &[u8]) -> Answer<Text> {
        let plain: Vec<u8> = ciphertext.iter().map(|byte| byte.wrapping_add(128)).collect();
        self.answer(format!("decrypt {environment} {ciphertext:?}"), || Ok(plain.into()))
    }
}

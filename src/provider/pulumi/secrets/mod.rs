//! Secrets of stacks: who encrypts them, and how their ciphertexts are opened.
//!
//! A key is had once for all ciphertexts that it opens, and only when one of them is asked for.

mod cipher;
mod kms;
mod manager;
mod passphrase;
mod source;
mod texts;

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::{clouds::Clouds, name::StackName};
use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{Host, aws::Aws, read::on_thread},
};

use cipher::Key;
pub(super) use manager::{Manager, ServiceStack};
pub(super) use texts::{Lost, Texts};

/// Who can be asked for keys.
pub(super) struct Means<'a> {
    /// Variables and files.
    pub(super) host: &'a Host,
    /// AWS.
    pub(super) aws: &'a Aws,
    /// Pulumi Cloud.
    pub(super) clouds: &'a Clouds,
}

/// What one key opens, in one run.
pub(super) struct Group {
    manager: Manager,
    /// A stack whose secrets it opens: its settings say where the passphrase is.
    stack: StackName,
    key: OnceCell<Result<Arc<Key>, Failure>>,
}

impl Group {
    /// Makes a group; nothing is asked for before a ciphertext is.
    pub(super) fn new(manager: Manager, stack: StackName) -> Self {
        Self { manager, stack, key: OnceCell::new() }
    }

    /// Opens ciphertexts, and the secrets within them.
    ///
    /// # Errors
    /// When there is no key to be had.
    pub(super) async fn open(&self, ciphertexts: Vec<String>, means: &Means<'_>) -> Result<Texts, Failure> {
        let mut texts = Texts::default();
        let mut wanted = ciphertexts;
        while !wanted.is_empty() {
            if let Manager::Service(stack) = &self.manager {
                let mut plaintexts = means.clouds.decrypt(stack, &wanted).await?;
                for ciphertext in wanted {
                    let text = plaintexts.remove(&ciphertext);
                    texts.learn(ciphertext, text);
                }
            } else {
                let key = self.key(means).await?;
                for ciphertext in wanted {
                    let text = key.open(&ciphertext).ok();
                    texts.learn(ciphertext, text);
                }
            }
            wanted = texts.missing();
        }
        Ok(texts)
    }

    async fn key(&self, means: &Means<'_>) -> Result<Arc<Key>, Failure> {
        self.key.get_or_init(|| self.find_key(means)).await.clone()
    }

    async fn find_key(&self, means: &Means<'_>) -> Result<Arc<Key>, Failure> {
        let stack = self.stack.short();
        let cannot = |message: String| {
            Err(Failure::new(FailureKind::Provider, message)
                .hint("outputs that are no secrets can be read all the same"))
        };
        match &self.manager {
            Manager::Passphrase(salt) => {
                let (passphrase, from) = source::passphrase(&self.stack, means.host).await?;
                let salt = salt.clone();
                let key = on_thread(move || Ok(salt.key(&passphrase))).await?;
                key.map(Arc::new).ok_or_else(|| {
                    Failure::new(FailureKind::Identity, format!("the passphrase of stack `{stack}` is wrong"))
                        .hint(format!("it is from {from}"))
                })
            }
            Manager::AwsKms { url, encrypted_key } => {
                kms::key(means.aws, url, encrypted_key, &self.stack).await.map(Arc::new)
            }
            Manager::Service(_) => cannot(format!("secrets of stack `{stack}` have a key that nobody hands out")),
            Manager::Other(who) => {
                cannot(format!("secrets of stack `{stack}` are encrypted by `{who}`, which this build can't ask yet"))
            }
            Manager::Nobody => cannot(format!("stack `{stack}` has encrypted outputs, and does not say who encrypts")),
            Manager::Damaged => cannot(format!("what the state of stack `{stack}` says of its encryption is damaged")),
        }
    }
}

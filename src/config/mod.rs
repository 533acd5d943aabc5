//! `esc-shell.yaml`: found, read, checked against one table of keys, and handed out as typed data.
//!
//! Invariant: a [`Config`] exists only when the whole file is right, and it holds no secret. What is wrong is data with a place,
//! all of it at once; which exit code it means is decided elsewhere.

mod check;
pub mod contract;
mod contract_file;
mod error;
#[cfg(test)]
mod json_schema;
mod keys;
mod load;
pub mod services;
mod shape;
#[cfg(test)]
mod tests;
mod tree;
mod written;

use std::{
    collections::BTreeMap,
    fmt,
    marker::PhantomData,
    path::{Path, PathBuf},
};

use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};

use crate::store::Layout;

use contract::{Rule, Undeclared, Variable};
use services::{Aws, Cloud, Pulumi, Vault};

pub use contract_file::{ContractFile, load_contract};
pub use error::{ConfigError, ConfigErrors, Place};
pub use load::{FILE_NAME, discover, find, load};
pub use written::{Part, Written};

/// What `esc-shell.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    /// The file itself.
    #[serde(skip)]
    pub file: PathBuf,
    /// Its text.
    #[serde(skip)]
    pub written: Written,
    /// Organization of references that name none.
    pub organization: Option<String>,
    /// Project of references that name none.
    pub project: Option<String>,
    /// Environment of commands that are given none; a path in it is relative to the file.
    pub environment: Option<String>,
    /// Folders with definitions, as they were written; empty when none are.
    #[serde(deserialize_with = "one_or_more")]
    pub environments: Vec<PathBuf>,
    /// Variables that must exist, and what they must look like.
    #[serde(deserialize_with = "mapping")]
    pub variables: BTreeMap<String, Variable>,
    /// What must hold between variables.
    #[serde(deserialize_with = "or_default")]
    pub rules: Vec<Rule>,
    /// What happens to variables that are not declared.
    pub undeclared: Undeclared,
    /// How AWS is reached.
    #[serde(deserialize_with = "or_default")]
    pub aws: Aws,
    /// Where the outputs of stacks are read.
    #[serde(deserialize_with = "or_default")]
    pub pulumi: Pulumi,
    /// Web identity for Vault.
    #[serde(deserialize_with = "or_default")]
    pub vault: Vault,
    /// Pulumi Cloud.
    #[serde(deserialize_with = "or_default")]
    pub cloud: Cloud,
}

impl Config {
    /// Returns the folder of the file, which its relative paths start from.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }

    /// Returns what the local store wants to know; folders are absolute when the file's path is.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let folders: Vec<PathBuf> = self.environments.iter().map(|folder| self.folder().join(folder)).collect();
        Layout {
            organization: self.organization.clone(),
            project: self.project.clone(),
            folders: (!folders.is_empty()).then_some(folders),
            root: Some(self.folder().to_owned()),
        }
    }
}

/// Reads a value; nothing behind the key is the default.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a mapping with keys of the user's own; nothing behind the key, or behind one of its keys, is the default.
fn mapping<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    let entries: Option<BTreeMap<String, Option<T>>> = Option::deserialize(deserializer)?;
    Ok(entries.unwrap_or_default().into_iter().map(|(key, value)| (key, value.unwrap_or_default())).collect())
}

/// Reads one value or a list of them.
fn one_or_more<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct OneOrMore<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMore<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or a list")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            T::deserialize(de::value::StrDeserializer::new(text)).map(|item| vec![item])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<T>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = access.next_element()? {
                items.push(item);
            }
            Ok(items)
        }
    }
    deserializer.deserialize_any(OneOrMore(PhantomData))
}

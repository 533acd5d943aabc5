//! The providers that exist only here: `local-env`, `local-file`, `local-command`.
//!
//! What they may touch of this machine is handed to them in a [`Host`]. Results are secret unless `secret: false`; no message
//! holds anything that was read.

mod command;
mod env;
mod file;
mod format;
mod place;
mod process;

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{diagnostic::Failure, value::Value};

pub(super) use command::Command;
pub(super) use env::Env;
pub(super) use file::File;

pub use super::read::MAX_BYTES;

/// Reads a file of a git commit: the folder of the definition, the path relative to it, the revision.
///
/// It may block: it is called on a thread of its own.
pub type ReadRevision = Arc<dyn Fn(&Path, &str, &str) -> Result<Vec<u8>, Failure> + Send + Sync>;

/// What the local providers see of this machine.
pub struct Host {
    /// The caller's environment: read by `local-env`, handed on by `local-command`.
    pub variables: BTreeMap<OsString, OsString>,
    /// What `~/` stands for.
    pub home: Option<PathBuf>,
    /// Reads files for definitions that come from a git commit.
    pub read_revision: ReadRevision,
    /// Reads one YAML document; its failures say where and why, and hold nothing of the text.
    pub parse_yaml: fn(&str) -> Result<Value, Failure>,
}

//! What providers see of this machine and of the run: handed in, never asked for.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use super::{Notes, Settings};
use crate::{diagnostic::Failure, http, pulumi, value::Value};

/// Reads a file of a git commit: the folder of the definition, the path relative to it, the revision.
///
/// It may block: it is called on a thread of its own.
pub type ReadRevision = Arc<dyn Fn(&Path, &str, &str) -> Result<Vec<u8>, Failure> + Send + Sync>;

/// What providers see of this machine and of the run.
pub struct Host {
    /// The caller's environment: `local-env` reads it, `local-command` hands it on, logins find identities in it.
    pub variables: Arc<BTreeMap<OsString, OsString>>,
    /// What `~/` stands for.
    pub home: Option<PathBuf>,
    /// The working directory, absolute.
    pub cwd: PathBuf,
    /// Reads files for definitions that come from a git commit.
    pub read_revision: ReadRevision,
    /// Reads one YAML document; its failures say where and why, and hold nothing of the text.
    pub parse_yaml: fn(&str) -> Result<Value, Failure>,
    /// What `esc-shell.yaml` says of the services behind providers.
    pub settings: Settings,
    /// What decides which Pulumi Cloud is meant, and with which token.
    pub pulumi: pulumi::Settings,
    /// When the command has to be done.
    pub end: Instant,
    /// Sends requests; no connection is made before the first one.
    pub http: http::Client,
    /// Takes what a provider has to say beside its result.
    pub notes: Notes,
}

impl Host {
    /// Returns a variable that is set, not empty, and text.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(OsStr::new(name))?.to_str().filter(|value| !value.is_empty())
    }
}

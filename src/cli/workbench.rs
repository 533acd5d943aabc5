//! What a command works with: the configuration, the store, and a session for each evaluation.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    args::{Global, Source},
    env, exit,
    failure::Failure,
};
use crate::{
    config::{self, Config},
    dialect::Dialect,
    eval::{Evaluation, Mode, Options, Roots},
    provider::{Registry, local::Host},
    session::{Catalogue, Deadlines, Interrupted, LocalDefinitions, Session, local_context},
    store::{Definition, Layout, LocalStore, Surroundings, reference::Target},
    syntax,
};

/// The configuration and the store of a run.
pub(super) struct Workbench {
    global: Global,
    config: Option<Config>,
    surroundings: Surroundings,
    pub(super) store: LocalStore,
}

impl Workbench {
    /// Finds the working directory and reads the configuration.
    pub(super) fn new(global: &Global) -> Result<Self, Failure> {
        let cwd = env::working_directory()
            .map_err(|error| Failure::new(exit::FILE, format!("the working directory can't be read: {error}")))?;
        let cwd = match &global.directory {
            None => cwd,
            Some(directory) => {
                let directory = cwd.join(directory);
                if !directory.is_dir() {
                    let shown = directory.display();
                    return Err(Failure::new(exit::USAGE, format!("`-C`: {shown} is no folder")));
                }
                directory
            }
        };
        let named = global.config.as_ref().map(|file| cwd.join(file));
        let config = config::discover(&cwd, named.as_deref())?;
        let layout = config.as_ref().map_or_else(Layout::default, Config::layout);
        let surroundings =
            Surroundings { cwd, home: env::var(env::HOME).map(PathBuf::from), path: env::var(env::PATH) };
        let store = LocalStore::new(surroundings.clone(), layout);
        Ok(Self { global: global.clone(), config, surroundings, store })
    }

    /// Writes a path for people.
    pub(super) fn shown(&self, path: &Path) -> String {
        self.surroundings.shown(path)
    }

    /// Finds the definition of an environment: the one that is named, or the default one.
    pub(super) fn definition(&self, named: Option<&str>) -> Result<Definition, Failure> {
        let target = match named {
            Some(text) => self.store.target(text, &self.surroundings.cwd)?,
            None => self.default_target()?,
        };
        if self.global.source == Source::Cloud {
            return Err(Failure::new(exit::PROVIDER, "this build does not read from Pulumi Cloud")
                .hint("leave `--source` out to open a local definition"));
        }
        Ok(self.store.resolve(&target)?)
    }

    fn default_target(&self) -> Result<Target, Failure> {
        if let Some(text) = env::text(env::ESC_ENV) {
            return Ok(self.store.target(&text, &self.surroundings.cwd)?);
        }
        let configured =
            self.config.as_ref().and_then(|config| Some((config.environment.as_deref()?, config.folder())));
        let Some((text, folder)) = configured else {
            return Err(Failure::new(exit::USAGE, "no environment is named")
                .hint("name one: `esc-shell open ENV`; `esc-shell ls` lists them")
                .hint("or set `environment` in esc-shell.yaml, or ESC_ENV"));
        };
        Ok(self.store.target(text, folder)?)
    }

    /// Evaluates a definition.
    pub(super) fn evaluate(
        &self,
        definition: Definition,
        dialect: Dialect,
        mode: Mode,
        roots: Roots,
    ) -> Result<Evaluation, Failure> {
        // A command may evaluate more than once, and each time all is read anew.
        self.store.begin();
        let context = local_context(definition.organization.as_deref());
        let mut definitions = LocalDefinitions::new(&self.store, dialect);
        let key = definitions.add(definition);
        let registry = Registry::new(self.host());
        let providers = Catalogue::new(&registry, dialect);
        let watched = io::stderr().is_terminal() && !self.global.quiet;
        let mut session = Session {
            definitions: &mut definitions,
            providers: &providers,
            deadlines: Deadlines { run: self.global.timeout, ..Deadlines::default() },
            waiting: watched.then_some(&tell_waiting),
        };
        let options = Options { dialect, mode, roots, show_secrets: false, gate: true };
        session.evaluate(&key, context, options).map_err(|Interrupted(signal)| {
            let code = u8::try_from(signal).map_or(exit::INTERRUPTED, |signal| 128 + signal);
            Failure::new(code, "interrupted")
        })
    }

    fn host(&self) -> Host {
        let surroundings = self.surroundings.clone();
        Host {
            variables: env::all(),
            home: self.surroundings.home.clone(),
            read_revision: Arc::new(move |folder, path, revision| {
                // A store of its own: this one reads on another thread.
                LocalStore::new(surroundings.clone(), Layout::default()).read_file(revision, &folder.join(path))
            }),
            parse_yaml: syntax::data,
        }
    }
}

/// Tells somebody who watches what takes so long.
fn tell_waiting(names: &[String]) {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let _ = writeln!(io::stderr().lock(), "waiting for {}", names.join(", "));
}

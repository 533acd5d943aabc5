//! What a command works with: the configuration, the store, and a session for each evaluation.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use super::{
    args::{Global, Source, Style},
    complaint::Complaint,
    env, exit,
    failure::Failure,
    output::Output,
    settings::settings,
};
use crate::{
    config::{self, Config},
    diagnostic::printable,
    dialect::Dialect,
    eval::{Evaluation, Mode, Options, Roots},
    guard, http,
    provider::{Host, Notes, Registry, Weight},
    session::{Catalogue, Deadlines, Interrupted, LocalDefinitions, Read, Session, local_context},
    store::{
        Definition, Layout, Listed, LocalStore, Surroundings,
        reference::{FileReference, Target},
    },
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
        let cwd = working_directory(global)?;
        let named = global.config.as_ref().map(|file| real_folder(cwd.join(file)));
        let surroundings =
            Surroundings { cwd, home: env::var(env::HOME).map(PathBuf::from), path: env::var(env::PATH) };
        let config = config::discover(&surroundings.cwd, named.as_deref())
            .map_err(|errors| Failure::config(errors, |file| surroundings.shown(file)))?;
        let layout = config.as_ref().map_or_else(Layout::default, Config::layout);
        let store = LocalStore::new(surroundings.clone(), layout);
        Ok(Self { global: global.clone(), config, surroundings, store })
    }

    /// Returns the file that the configuration was read from.
    pub(super) fn config_file(&self) -> Option<&Path> {
        self.config.as_ref().map(|config| config.file.as_path())
    }

    /// Returns the folder that the command works in.
    pub(super) fn directory(&self) -> &Path {
        &self.surroundings.cwd
    }

    /// Checks that a text can name an environment, whether there is such a one or not.
    pub(super) fn check_reference(&self, text: &str) -> Result<(), Failure> {
        self.store.target(text, &self.surroundings.cwd)?;
        Ok(())
    }

    /// Returns the configuration.
    pub(super) fn config(&self) -> Option<&Config> {
        self.config.as_ref()
    }

    /// Returns a path that somebody typed, as an absolute one.
    pub(super) fn absolute(&self, path: &Path) -> PathBuf {
        self.surroundings.cwd.join(path)
    }

    /// Returns what a judgement of values needs to know.
    pub(super) fn guard_surroundings(&self) -> guard::Surroundings {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        guard::Surroundings {
            now: i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            ci: env::in_ci(),
            folder: Some(self.surroundings.cwd.clone()),
        }
    }

    /// Writes a path for people.
    pub(super) fn shown(&self, path: &Path) -> String {
        self.surroundings.shown(path)
    }

    /// Finds the definition of an environment: the one that is named, or the default one.
    pub(super) fn definition(&self, named: Option<&str>) -> Result<Definition, Failure> {
        let Some(text) = named else { return self.default_definition() };
        self.resolve(&self.store.target(text, &self.surroundings.cwd)?)
    }

    fn resolve(&self, target: &Target) -> Result<Definition, Failure> {
        if self.global.source == Source::Cloud {
            return Err(Failure::new(exit::PROVIDER, "this build does not read from Pulumi Cloud")
                .hint("leave `--source` out to open a local definition"));
        }
        Ok(self.store.resolve(target)?)
    }

    fn default_definition(&self) -> Result<Definition, Failure> {
        let (text, folder, origin) = if let Some(text) = env::text(env::ESC_ENV) {
            (text, self.surroundings.cwd.as_path(), "ESC_ENV")
        } else if let Some((config, text)) = self.config.as_ref().and_then(|c| Some((c, c.environment.clone()?))) {
            (text, config.folder(), "`environment` in esc-shell.yaml")
        } else {
            return Err(Failure::new(exit::USAGE, "no environment is named")
                .hint("name one: `esc-shell open ENV`; `esc-shell ls` lists them")
                .hint("or set `environment` in esc-shell.yaml, or ESC_ENV"));
        };
        let target = self.store.target(&text, folder).map_err(Failure::from);
        target
            .and_then(|target| self.resolve(&target))
            .map_err(|failure| failure.hint(format!("the name is from {origin}")))
    }

    /// Finds the definitions of all local environments; one whose name means another file is taken by its path.
    pub(super) fn local_definitions(&self) -> Result<Vec<Definition>, Failure> {
        let listed = self.store.list()?.into_iter();
        let definition = |Listed { name, path }: Listed| match self.definition(Some(&name)) {
            Ok(definition) if definition.path == path => Ok(definition),
            _ => self.resolve(&Target::File(FileReference { path, version: None })),
        };
        listed.map(definition).collect()
    }

    /// Evaluates a definition.
    pub(super) fn evaluate(
        &self,
        definition: Definition,
        dialect: Dialect,
        mode: Mode,
        roots: Roots,
    ) -> Result<Evaluation, Failure> {
        self.evaluate_reading(definition, dialect, mode, roots).map(|(evaluation, _)| evaluation)
    }

    /// Evaluates a definition; returns what was read, too.
    pub(super) fn evaluate_reading(
        &self,
        definition: Definition,
        dialect: Dialect,
        mode: Mode,
        roots: Roots,
    ) -> Result<(Evaluation, Vec<Read>), Failure> {
        // A command may evaluate more than once, and each time all is read anew.
        self.store.begin();
        let context = local_context(definition.organization.as_deref());
        let mut definitions = LocalDefinitions::new(&self.store, dialect);
        let key = definitions.add(definition);
        let notes = Notes::default();
        let registry = Registry::new(self.host(notes.clone()));
        let providers = Catalogue::new(&registry, dialect);
        let people = matches!(self.global.diagnostics, Style::Human | Style::Short);
        let watched = io::stderr().is_terminal() && people && !self.global.quiet;
        let mut session = Session {
            definitions: &mut definitions,
            providers: &providers,
            deadlines: Deadlines { run: self.global.timeout, ..Deadlines::default() },
            waiting: watched.then_some(&tell_waiting),
        };
        let options = Options { dialect, mode, roots, show_secrets: false, gate: true };
        let evaluation = session.evaluate(&key, context, options).map_err(|Interrupted(signal)| {
            let code = u8::try_from(signal).map_or(exit::INTERRUPTED, |signal| 128 + signal);
            Failure::new(code, "interrupted")
        });
        self.tell(&notes);
        Ok((evaluation?, definitions.into_reads()))
    }

    /// Says what providers had to say.
    fn tell(&self, notes: &Notes) {
        let output = Output::new(&self.global);
        for note in notes.take() {
            match note.weight {
                Weight::Warning => output.warn(&Complaint::warning("provider", note.text)),
                Weight::Note if output.verbose => output.say(&format!("note: {}", printable(&note.text))),
                Weight::Note => {}
            }
        }
    }

    fn host(&self, notes: Notes) -> Host {
        let surroundings = self.surroundings.clone();
        let variables = Arc::new(env::all());
        let network = http::Settings { variables: Arc::clone(&variables), offline: self.global.offline };
        Host {
            variables,
            home: self.surroundings.home.clone(),
            cwd: self.surroundings.cwd.clone(),
            settings: self.config.as_ref().map(|config| settings(config, &self.surroundings)).unwrap_or_default(),
            http: http::Client::new(network),
            notes,
            read_revision: Arc::new(move |folder, path, revision| {
                // A store of its own: this one reads on another thread.
                LocalStore::new(surroundings.clone(), Layout::default()).read_file(revision, &folder.join(path))
            }),
            parse_yaml: syntax::data,
        }
    }
}

/// Returns the folder that a command runs in: the working directory, or what `-C` names.
pub(super) fn working_directory(global: &Global) -> Result<PathBuf, Failure> {
    let cwd = env::working_directory()
        .map_err(|error| Failure::new(exit::FILE, format!("the working directory can't be read: {error}")))?;
    match &global.directory {
        None => Ok(cwd),
        Some(directory) => {
            let named = cwd.join(directory);
            // As a process that was started there sees it: without `..`, which would be taken for folders above.
            let real = fs::canonicalize(&named).ok().filter(|directory| directory.is_dir());
            real.ok_or_else(|| Failure::new(exit::USAGE, format!("`-C`: `{}` is no folder", named.display())))
        }
    }
}

/// Follows the links of the folder that a file lies in, but not those of the file: paths in it are relative to where it lies.
fn real_folder(file: PathBuf) -> PathBuf {
    let real =
        file.parent().zip(file.file_name()).and_then(|(folder, name)| Some(fs::canonicalize(folder).ok()?.join(name)));
    real.unwrap_or(file)
}

/// Tells somebody who watches what takes so long.
fn tell_waiting(names: &[String]) {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let _ = writeln!(io::stderr().lock(), "waiting for {}", names.join(", "));
}

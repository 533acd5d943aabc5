//! What a command works with: the configuration, the store, and a session for each evaluation.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, HashMap},
    ffi::OsString,
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use super::{
    args::{Global, Source, Style},
    complaint::Complaint,
    env, exit,
    failure::Failure,
    located::Located,
    output::Output,
    settings::settings,
};
use crate::{
    config::{self, Config},
    diagnostic::{self, printable},
    dialect::Dialect,
    eval::{Evaluation, Mode, Options, Roots},
    guard, http,
    provider::{Host, Notes, Registry, Weight},
    session::{
        Catalogue, Deadlines, Interrupted, LocalDefinitions, Read, RunDefinitions, Runtime, Session, Waiting,
        local_context,
    },
    store::{
        CloudStore, Definition, Layout, Listed, LocalStore, ResolveError, Surroundings,
        reference::{FileReference, Reference, Target},
    },
    syntax,
};

/// How long an environment that Pulumi Cloud opens stays open, where nothing else is said.
pub(super) const LIFETIME: Duration = Duration::from_hours(2);

/// Credentials that live shorter are warned of.
const SHORT: Duration = Duration::from_mins(5);

/// The configuration and the stores of a run.
pub(super) struct Workbench {
    pub(super) global: Global,
    pub(super) config: Option<Config>,
    surroundings: Surroundings,
    pub(super) store: LocalStore,
    pub(super) cloud: OnceCell<Result<Rc<CloudStore>, diagnostic::Failure>>,
    /// What references were found to mean there.
    pub(super) in_cloud: RefCell<HashMap<Reference, Located>>,
    /// How long an environment that Pulumi Cloud opens stays open.
    pub(super) lifetime: Duration,
    variables: OnceCell<Arc<BTreeMap<OsString, OsString>>>,
    http: OnceCell<http::Client>,
    runtime: Runtime,
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
        Ok(Self {
            global: global.clone(),
            config,
            surroundings,
            store,
            cloud: OnceCell::new(),
            in_cloud: RefCell::default(),
            lifetime: LIFETIME,
            variables: OnceCell::new(),
            http: OnceCell::new(),
            runtime: Runtime::default(),
        })
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

    /// Finds an environment: the one that is named, or the default one.
    pub(super) fn locate(&self, named: Option<&str>) -> Result<Located, Failure> {
        let Some(text) = named else { return self.locate_default() };
        self.resolve(&self.store.target(text, &self.surroundings.cwd)?)
    }

    /// A local definition goes first, unless Pulumi Cloud is wanted.
    fn resolve(&self, target: &Target) -> Result<Located, Failure> {
        if self.global.source == Source::Cloud {
            return match target {
                Target::Environment(reference) => self.locate_in_cloud(reference, None),
                Target::File(file) => {
                    let message = format!(
                        "`{}` is a file, and `--source cloud` opens what is in Pulumi Cloud",
                        file.path.display()
                    );
                    Err(Failure::new(exit::USAGE, message).hint("leave `--source` out, or name an environment"))
                }
            };
        }
        match (self.store.resolve(target), target) {
            (Ok(definition), _) => Ok(Located::Local(Box::new(definition))),
            (Err(ResolveError::NotFound(missing)), Target::Environment(reference)) => {
                self.locate_in_cloud(reference, Some(missing))
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    fn locate_default(&self) -> Result<Located, Failure> {
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
        let definition = |Listed { name, path }: Listed| {
            let target = self.store.target(&name, &self.surroundings.cwd)?;
            match self.store.resolve(&target) {
                Ok(definition) if definition.path == path => Ok(definition),
                _ => Ok(self.store.resolve(&Target::File(FileReference { path, version: None }))?),
            }
        };
        listed.map(definition).collect()
    }

    /// Evaluates an environment.
    pub(super) fn evaluate(
        &self,
        environment: &Located,
        dialect: Dialect,
        mode: Mode,
        roots: Roots,
    ) -> Result<Evaluation, Failure> {
        self.evaluate_reading(environment, dialect, mode, roots).map(|(evaluation, ..)| evaluation)
    }

    /// Evaluates an environment, or lets Pulumi Cloud do it, which gives everything; returns the definitions and the files of providers
    /// that were read, too.
    pub(super) fn evaluate_reading(
        &self,
        environment: &Located,
        dialect: Dialect,
        mode: Mode,
        roots: Roots,
    ) -> Result<(Evaluation, Vec<Read>, Vec<PathBuf>), Failure> {
        match environment {
            Located::Local(definition) => self.evaluate_local(definition, dialect, mode, roots),
            Located::Cloud(target) => {
                self.evaluate_in_cloud(target, &mode).map(|(evaluation, reads)| (evaluation, reads, Vec::new()))
            }
        }
    }

    fn evaluate_local(
        &self,
        definition: &Definition,
        dialect: Dialect,
        mode: Mode,
        roots: Roots,
    ) -> Result<(Evaluation, Vec<Read>, Vec<PathBuf>), Failure> {
        // A command may evaluate more than once, and each time all is read anew.
        self.store.begin();
        let context = local_context(definition.organization.as_deref());
        let mut local = LocalDefinitions::new(&self.store, dialect);
        let key = local.add(definition.clone());
        let notes = Notes::default();
        let cloud = || self.cloud();
        let mut definitions = RunDefinitions::new(local, &cloud, notes.clone());
        let registry = Registry::new(self.host(notes.clone()));
        let providers = Catalogue::new(&registry, dialect);
        let mut session = Session {
            definitions: &mut definitions,
            providers: &providers,
            runtime: &self.runtime,
            deadlines: self.deadlines(),
            waiting: self.waiting(),
        };
        let options = Options { dialect, mode, roots, show_secrets: false, gate: true };
        let evaluation = session.evaluate(&key, context, options).map_err(interrupted);
        if let Ok(evaluation) = &evaluation {
            warn_of_end(evaluation, &notes);
        }
        self.tell(&notes);
        Ok((evaluation?, definitions.into_reads(), notes.take_files()))
    }

    /// Waits for something that has a name for whoever watches.
    pub(super) fn wait<T>(
        &self,
        name: &str,
        future: impl Future<Output = Result<T, diagnostic::Failure>>,
    ) -> Result<T, Failure> {
        let outcome = self.runtime.wait(name, self.deadlines(), self.waiting(), future);
        Ok(outcome.map_err(interrupted)??)
    }

    /// Returns when the command has to be done.
    pub(super) fn end(&self) -> Instant {
        self.runtime.start() + self.global.timeout
    }

    fn deadlines(&self) -> Deadlines {
        Deadlines { run: self.global.timeout, ..Deadlines::default() }
    }

    fn waiting(&self) -> Option<Waiting<'_>> {
        let people = matches!(self.global.diagnostics, Style::Human | Style::Short);
        let watched = io::stderr().is_terminal() && people && !self.global.quiet;
        watched.then_some(&tell_waiting)
    }

    /// Returns what talk goes to.
    pub(super) fn output(&self) -> Output {
        Output::new(&self.global)
    }

    /// Says what only matters to whoever asks for more.
    pub(super) fn note(&self, text: &str) {
        let output = self.output();
        if output.verbose {
            output.say(&format!("note: {}", printable(text)));
        }
    }

    /// Says what providers had to say.
    fn tell(&self, notes: &Notes) {
        for note in notes.take() {
            match note.weight {
                Weight::Warning => self.output().warn(&Complaint::warning("provider", note.text)),
                Weight::Note => self.note(&note.text),
            }
        }
    }

    /// Returns the caller's environment.
    pub(super) fn variables(&self) -> Arc<BTreeMap<OsString, OsString>> {
        Arc::clone(self.variables.get_or_init(|| Arc::new(env::all())))
    }

    /// Returns what sends requests; no connection is made before the first one, and all share it.
    pub(super) fn http(&self) -> &http::Client {
        self.http.get_or_init(|| {
            http::Client::new(http::Settings { variables: self.variables(), offline: self.global.offline })
        })
    }

    fn host(&self, notes: Notes) -> Host {
        let surroundings = self.surroundings.clone();
        Host {
            variables: self.variables(),
            home: self.surroundings.home.clone(),
            cwd: self.surroundings.cwd.clone(),
            settings: self.config.as_ref().map(|config| settings(config, &self.surroundings)).unwrap_or_default(),
            pulumi: self.pulumi_settings(),
            end: self.end(),
            http: self.http().clone(),
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

/// Makes the failure of a command that a signal stops.
fn interrupted(Interrupted(signal): Interrupted) -> Failure {
    let code = u8::try_from(signal).map_or(exit::INTERRUPTED, |signal| 128 + signal);
    Failure::new(code, "interrupted")
}

/// Warns when what was opened is about to expire: whoever gets it should know before it fails there.
fn warn_of_end(evaluation: &Evaluation, notes: &Notes) {
    let Some(expires) = evaluation.expires else { return };
    let left = expires.duration_since(SystemTime::now()).unwrap_or_default();
    if left < SHORT {
        notes.warn(format!("credentials that were opened expire in {} seconds", left.as_secs()));
    }
}

/// Tells somebody who watches what takes so long.
fn tell_waiting(names: &[String]) {
    let mut names = names.to_vec();
    names.sort();
    names.dedup();
    let _ = writeln!(io::stderr().lock(), "waiting for {}", names.join(", "));
}

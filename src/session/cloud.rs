//! The definitions of a run, local ones and those of Pulumi Cloud that they import; and environments that Pulumi Cloud evaluated.
//!
//! A definition of Pulumi Cloud is evaluated here as it is there: its imports mean environments of Pulumi Cloud, and what only exists on
//! this machine is not opened for it.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
    sync::Arc,
};

use tokio::sync;

use super::{Definitions, LocalDefinitions, Read, Reply, decrypt::plaintexts};
use crate::{
    diagnostic::{Diagnostic, Failure, FailureKind, Problem, Severity},
    eval::{Evaluation, Loaded, Resolved},
    provider::Notes,
    pulumi::{CloudDefinition, CloudEnvironment, Judged, Message, Received},
    source::{Source, SourceMap, Span},
    store::{
        CloudStore, ResolveError,
        reference::{DEFAULT_PROJECT, Reference, Version},
    },
    value::Text,
};

/// Gives Pulumi Cloud when it is first needed: nothing when it is not to be asked, or why it can't be.
pub type Cloud<'s> = &'s dyn Fn() -> Option<Result<Rc<CloudStore>, Failure>>;

/// The definitions of a run.
pub struct RunDefinitions<'s> {
    local: LocalDefinitions<'s>,
    cloud: Cloud<'s>,
    known: HashMap<Arc<str>, Imported>,
    reads: Rc<RefCell<Vec<Read>>>,
    notes: Notes,
}

/// A definition of Pulumi Cloud that is imported.
struct Imported {
    store: Rc<CloudStore>,
    /// What the name may mean; the first that is there.
    meanings: Vec<Meaning>,
    state: Rc<State>,
}

/// An environment whose organization may still have to be asked for.
#[derive(Clone)]
struct Meaning {
    organization: Option<Arc<str>>,
    project: Arc<str>,
    environment: Arc<str>,
    version: Option<Arc<str>>,
}

/// What became of it.
#[derive(Default)]
struct State {
    fetched: OnceCell<(CloudEnvironment, Arc<[u8]>)>,
    plaintexts: sync::OnceCell<Result<HashMap<Vec<u8>, Text>, Failure>>,
}

impl<'s> RunDefinitions<'s> {
    /// Puts Pulumi Cloud behind local definitions; `notes` takes which definitions came from there.
    #[must_use]
    pub fn new(local: LocalDefinitions<'s>, cloud: Cloud<'s>, notes: Notes) -> Self {
        Self { local, cloud, known: HashMap::new(), reads: Rc::default(), notes }
    }

    /// Returns the definitions that were read, imports too.
    #[must_use]
    pub fn into_reads(self) -> Vec<Read> {
        let mut reads = self.local.into_reads();
        reads.extend(self.reads.take());
        reads
    }

    fn import(&mut self, store: Rc<CloudStore>, meanings: Vec<Meaning>) -> Resolved {
        let key: Arc<str> = meanings.iter().map(Meaning::to_string).collect::<Vec<_>>().join(" or ").into();
        self.known.entry(Arc::clone(&key)).or_insert_with(|| Imported { store, meanings, state: Rc::default() });
        Resolved { key, by_extension: false }
    }

    /// Finds what an import of a definition of Pulumi Cloud means: an environment there.
    fn import_of_cloud(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        let reference = Reference::parse(name).map_err(ResolveError::ImportName)?;
        let importer = &self.known[importer];
        let organization = importer.state.fetched.get().map(|(environment, _)| Arc::clone(&environment.organization));
        let meaning = Meaning::of(&reference, organization, DEFAULT_PROJECT);
        let store = Rc::clone(&importer.store);
        Ok(self.import(store, vec![meaning]))
    }

    /// Finds what an import means that is no local file.
    fn import_of_local(&mut self, importer: &Arc<str>, name: &str, error: ResolveError) -> Result<Resolved, Failure> {
        let ResolveError::NotFound(_) = &error else { return Err(error.into()) };
        let Ok(reference) = Reference::parse(name) else { return Err(error.into()) };
        let store = match (self.cloud)() {
            None => return Err(error.into()),
            Some(Err(reason)) => {
                return Err(Failure::from(error).hint(format!("Pulumi Cloud was not asked: {}", reason.message)));
            }
            Some(Ok(store)) => store,
        };
        let (organization, projects) = self.local.owner(importer, reference.project.is_none());
        let meanings = projects.iter().map(|project| Meaning::of(&reference, organization.clone(), project)).collect();
        Ok(self.import(store, meanings))
    }
}

impl Meaning {
    fn of(reference: &Reference, organization: Option<Arc<str>>, project: &str) -> Self {
        let version = match &reference.version {
            Some(Version::Named(version)) => Some(version.as_str().into()),
            Some(Version::Latest) | None => None,
        };
        Self {
            organization: reference.organization.as_deref().map(Arc::from).or(organization),
            project: reference.project.as_deref().unwrap_or(project).into(),
            environment: reference.environment.as_str().into(),
            version,
        }
    }

    async fn find(&self, store: &CloudStore) -> Result<(CloudEnvironment, Result<CloudDefinition, Failure>), Failure> {
        let organization = match &self.organization {
            Some(organization) => Arc::clone(organization),
            None => {
                let organization = store.client().default_organization().await?;
                organization.ok_or_else(|| ResolveError::NoOrganization(self.to_string()))?.into()
            }
        };
        let environment = CloudEnvironment {
            organization,
            project: Arc::clone(&self.project),
            environment: Arc::clone(&self.environment),
            version: self.version.clone(),
        };
        let definition = store.client().definition(&environment).await?;
        Ok((environment, definition))
    }
}

impl std::fmt::Display for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(organization) = &self.organization {
            write!(f, "{organization}/")?;
        }
        write!(f, "{}/{}", self.project, self.environment)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
    }
}

impl Definitions for RunDefinitions<'_> {
    fn resolve(&mut self, importer: &Arc<str>, name: &str) -> Result<Resolved, Failure> {
        if self.known.contains_key(importer) {
            return self.import_of_cloud(importer, name);
        }
        match self.local.find(importer, name) {
            Ok(resolved) => Ok(resolved),
            Err(error) => self.import_of_local(importer, name, error),
        }
    }

    fn load(&mut self, key: &Arc<str>) -> Reply<Loaded> {
        let Some(imported) = self.known.get(key) else { return self.local.load(key) };
        let (store, state) = (Rc::clone(&imported.store), Rc::clone(&imported.state));
        let (meanings, reads, notes) = (imported.meanings.clone(), Rc::clone(&self.reads), self.notes.clone());
        Reply::Later(Box::pin(async move {
            let (environment, definition) = first(&meanings, &store).await?;
            let environment = environment.at(Arc::clone(&definition.revision));
            notes.note(format!("`{environment}` is from Pulumi Cloud, and is evaluated here"));
            reads.borrow_mut().push(Read {
                name: environment.name().into(),
                path: store.client().account().credentials_file.clone(),
                bytes: Arc::clone(&definition.bytes),
            });
            let loaded = Loaded {
                bytes: Arc::clone(&definition.bytes),
                name: environment.name().into(),
                file: environment.to_string().into(),
                folder: None,
                revision: None,
            };
            let _ = state.fetched.set((environment, definition.bytes));
            Ok(loaded)
        }))
    }

    fn decrypt(&mut self, key: &Arc<str>, ciphertext: &[u8]) -> Reply<Text> {
        let Some(imported) = self.known.get(key) else { return self.local.decrypt(key, ciphertext) };
        let (store, state) = (Rc::clone(&imported.store), Rc::clone(&imported.state));
        let ciphertext = ciphertext.to_vec();
        Reply::Later(Box::pin(async move {
            let (environment, sealed) = state.fetched.get().expect("only what was loaded holds a secret");
            // All secrets of a definition come with one answer.
            let all = state.plaintexts.get_or_init(|| async {
                let clear = store.client().decrypted(environment).await?;
                Ok(plaintexts(sealed, &clear.bytes))
            });
            let all = all.await.as_ref().map_err(Clone::clone)?;
            let missing = || {
                let message = format!("Pulumi Cloud decrypts `{environment}` without this secret");
                Failure::new(FailureKind::Provider, message).hint("save the environment again in Pulumi Cloud")
            };
            all.get(&ciphertext).cloned().ok_or_else(missing)
        }))
    }

    fn may_open(&self, key: &Arc<str>, provider: &str) -> Result<(), Failure> {
        if !self.known.contains_key(key) || !provider.starts_with("local-") {
            return Ok(());
        }
        let message = format!("`{provider}` is for definitions of this machine, and this one is from Pulumi Cloud");
        Err(Failure::new(FailureKind::Definition, message).hint("move the call into a local definition"))
    }
}

/// Reads the first definition that is there; all are asked for at once.
async fn first(meanings: &[Meaning], store: &CloudStore) -> Result<(CloudEnvironment, CloudDefinition), Failure> {
    let found = match meanings {
        [one, other] => {
            let (one, other) = tokio::join!(one.find(store), other.find(store));
            let one = one?;
            if one.1.is_ok() { one } else { other? }
        }
        all => all.first().expect("a name means something").find(store).await?,
    };
    Ok((found.0, found.1?))
}

/// Makes the evaluation that Pulumi Cloud did of an environment; only it has the text.
#[must_use]
pub fn opened(environment: &CloudEnvironment, judged: Judged<Received>) -> Evaluation {
    let mut sources = SourceMap::default();
    sources.add(Source::new(environment.name(), environment.to_string(), ""));
    evaluation(judged, sources, |_| None)
}

/// Makes the evaluation of a definition that Pulumi Cloud checked: its messages point into the text.
#[must_use]
pub fn checked(name: &str, file: &str, text: &str, judged: Judged<Received>) -> Evaluation {
    let mut sources = SourceMap::default();
    let source = sources.add(Source::new(name, file, text));
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    evaluation(judged, sources, |message| {
        let range = message.range.as_ref()?;
        // The service knows no name of what it is asked to check.
        let own = matches!(&*range.environment, "" | "<yaml>") || *range.environment == *name;
        (own && range.begin.line > 0 && range.begin.byte <= length).then_some(Span {
            source,
            start: range.begin.byte,
            end: range.end.byte.clamp(range.begin.byte, length),
        })
    })
}

fn evaluation(judged: Judged<Received>, sources: SourceMap, span: impl Fn(&Message) -> Option<Span>) -> Evaluation {
    let received = match judged {
        Judged::Done(received) => received,
        Judged::Refused(messages) => Received { messages, ..Received::default() },
    };
    let Received { graph, root, ranges, messages } = received;
    let diagnostics = messages.into_iter().map(|message| Diagnostic {
        severity: if message.warning { Severity::Warning } else { Severity::Error },
        span: span(&message),
        range: message.range,
        path: message.path,
        problem: Problem::Cloud { summary: message.summary, detail: message.detail },
        extension: None,
    });
    let diagnostics: Vec<Diagnostic> = diagnostics.collect();
    Evaluation::received(graph, root, ranges, sources, diagnostics)
}

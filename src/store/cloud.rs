//! The store of Pulumi Cloud: names become environments of an organization, and opened ones are remembered while they live.

use std::{
    cell::RefCell,
    collections::HashMap,
    time::{Duration, Instant},
};

use super::{
    ResolveError,
    reference::{DEFAULT_PROJECT, Reference, Version},
};
use crate::{
    diagnostic::{Failure, FailureKind},
    pulumi::{Client, CloudEnvironment, Judged, Message, Received},
};

/// An environment that a reference means in Pulumi Cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudFound {
    /// The environment.
    pub environment: CloudEnvironment,
    /// It was taken for `org/env` in project `default`: there is no environment of the other meaning.
    pub by_organization: bool,
}

/// A session that was opened.
struct Opened {
    id: String,
    messages: Vec<Message>,
    end: Instant,
}

/// Finds, reads and opens environments of Pulumi Cloud; one for a run.
pub struct CloudStore {
    client: Client,
    /// The project of references that name none.
    project: Option<String>,
    sessions: RefCell<HashMap<(CloudEnvironment, Duration), Opened>>,
}

impl CloudStore {
    /// Makes a store; nothing is asked yet.
    #[must_use]
    pub fn new(client: Client, project: Option<String>) -> Self {
        Self { client, project, sessions: RefCell::default() }
    }

    /// Returns what asks Pulumi Cloud.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Finds the environment that a reference means, when nobody has to be asked for that.
    #[must_use]
    pub fn known(&self, reference: &Reference) -> Option<CloudFound> {
        let known = self.client.known_organization();
        match (&reference.organization, &reference.project) {
            (Some(organization), _) => Some(self.named(reference, organization)),
            (None, None) => known.map(|organization| self.named(reference, organization)),
            (None, Some(_)) => None,
        }
    }

    /// Finds the environment that a reference means. `a/env` may be `env` of project `a`, or of organization `a`: both are asked for at
    /// once, and the definition decides.
    ///
    /// # Errors
    /// When both are there, no organization is known, or Pulumi Cloud can't be asked.
    pub async fn find(&self, reference: &Reference) -> Result<CloudFound, ResolveError> {
        if let Some(known) = self.known(reference) {
            return Ok(known);
        }
        let nameless = || ResolveError::NoOrganization(reference.to_string());
        let Some(first) = &reference.project else {
            let organization = self.client.default_organization().await?.ok_or_else(nameless)?;
            return Ok(self.named(reference, &organization));
        };
        let legacy = Reference { project: Some(DEFAULT_PROJECT.to_owned()), ..reference.clone() };
        let legacy = self.named(&legacy, first).environment;
        let own = async {
            let Some(organization) = self.client.default_organization().await? else { return Ok((None, false)) };
            let environment = self.named(reference, &organization).environment;
            let exists = self.client.exists(&environment).await?;
            Ok::<_, Failure>((Some(environment), exists))
        };
        let (own, legacy_exists) = tokio::join!(own, self.client.exists(&legacy));
        let (own, own_exists) = own?;
        match (own, own_exists, legacy_exists?) {
            (Some(own), true, true) => Err(ResolveError::Ambiguous {
                reference: reference.to_string(),
                candidates: [own.to_string(), legacy.to_string()],
            }),
            (_, _, true) => Ok(CloudFound { environment: legacy, by_organization: true }),
            (Some(environment), _, false) => Ok(CloudFound { environment, by_organization: false }),
            (None, _, false) => Err(nameless()),
        }
    }

    fn named(&self, reference: &Reference, organization: &str) -> CloudFound {
        let project = reference.project.as_deref().or(self.project.as_deref()).unwrap_or(DEFAULT_PROJECT);
        let version = match &reference.version {
            Some(Version::Named(version)) => Some(version.as_str().into()),
            Some(Version::Latest) | None => None,
        };
        let environment = CloudEnvironment {
            organization: organization.into(),
            project: project.into(),
            environment: reference.environment.as_str().into(),
            version,
        };
        CloudFound { environment, by_organization: false }
    }

    /// Opens an environment and reads its values; one that was opened before in this run is read again.
    ///
    /// # Errors
    /// When it can't be opened or read at all.
    pub async fn open(&self, environment: &CloudEnvironment, lifetime: Duration) -> Result<Judged<Received>, Failure> {
        let key = (environment.clone(), lifetime);
        let known = self.sessions.borrow().get(&key).filter(|opened| Instant::now() < opened.end).map(Opened::parts);
        if let Some((id, messages)) = known
            && let Some(read) = self.client.read(environment, &id).await?
        {
            return Ok(with(read, messages));
        }
        let start = Instant::now();
        let (id, messages) = match self.client.open(environment, lifetime).await? {
            Judged::Done(opened) => opened,
            Judged::Refused(messages) => return Ok(Judged::Refused(messages)),
        };
        let opened = Opened { id: id.clone(), messages: messages.clone(), end: start + lifetime };
        self.sessions.borrow_mut().insert(key, opened);
        match self.client.read(environment, &id).await? {
            Some(read) => Ok(with(read, messages)),
            None => Err(Failure::new(
                FailureKind::Provider,
                format!("the session of `{environment}` ended before it was read"),
            )
            .hint("try again, with a longer `--lifetime`")),
        }
    }
}

impl Opened {
    fn parts(&self) -> (String, Vec<Message>) {
        (self.id.clone(), self.messages.clone())
    }
}

/// Puts the messages of the opening before those of the values.
fn with(read: Judged<Received>, mut messages: Vec<Message>) -> Judged<Received> {
    match read {
        Judged::Done(received) => {
            let own =
                received.messages.iter().filter(|message| !messages.contains(message)).cloned().collect::<Vec<_>>();
            messages.extend(own);
            Judged::Done(Received { messages, ..received })
        }
        refused @ Judged::Refused(_) => refused,
    }
}

//! The environments of Pulumi Cloud: listed, read, checked and opened. Nothing here writes.

use std::{fmt, sync::Arc, time::Duration};

use serde_json::Value;
use url::Url;

use super::{
    Client, Message, Operation, Received,
    client::JSON,
    environment::{opening, refusal},
    operation::malformed,
};
use crate::{
    diagnostic::Failure,
    duration,
    http::{Request, Response},
};

/// The most pages of a list; more is a server that goes round in a circle.
const PAGES: usize = 1_000;

/// An environment of Pulumi Cloud, and which state of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloudEnvironment {
    /// The organization.
    pub organization: Arc<str>,
    /// The project.
    pub project: Arc<str>,
    /// The environment.
    pub environment: Arc<str>,
    /// A revision number or a tag; the newest where it is absent.
    pub version: Option<Arc<str>>,
}

impl CloudEnvironment {
    /// Returns `project/env`, the name that it goes by within its organization.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.project, self.environment)
    }

    /// Returns the same environment in another state.
    #[must_use]
    pub fn at(&self, version: impl Into<Arc<str>>) -> Self {
        Self { version: Some(version.into()), ..self.clone() }
    }

    fn segments(&self) -> [&str; 6] {
        ["api", "esc", "environments", &self.organization, &self.project, &self.environment]
    }

    /// Returns the segments of the state that is meant, and what is wanted of it.
    fn segments_at<'s>(&'s self, last: Option<&'s str>) -> impl Iterator<Item = &'s str> {
        let version = self.version.as_deref().map(|version| ["versions", version]);
        self.segments().into_iter().chain(version.into_iter().flatten()).chain(last)
    }
}

impl fmt::Display for CloudEnvironment {
    /// Writes `org/project/env[@version]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.organization, self.project, self.environment)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
    }
}

/// A definition as it was read.
#[derive(Clone)]
pub struct CloudDefinition {
    /// Its text.
    pub bytes: Arc<[u8]>,
    /// Its revision number.
    pub revision: Arc<str>,
}

/// What came of opening or checking.
pub enum Judged<T> {
    /// It was done.
    Done(T),
    /// It was not, for these reasons.
    Refused(Vec<Message>),
}

impl Client {
    /// Reads a definition; the inner failure says that it is not there.
    ///
    /// # Errors
    /// When it may not or can't be read.
    pub async fn definition(
        &self,
        environment: &CloudEnvironment,
    ) -> Result<Result<CloudDefinition, Failure>, Failure> {
        let operation = Operation::Definition(environment.to_string());
        let response = self.ask(Request::get(self.url(environment.segments_at(None))), &operation).await?;
        match response.status {
            200..300 => text(response, &operation).map(Ok),
            404 => Ok(Err(self.refused(&response, &operation).await)),
            _ => Err(self.refused(&response, &operation).await),
        }
    }

    /// Tells whether an environment is there; what may not be read is not.
    ///
    /// # Errors
    /// When there is no answer that tells.
    pub async fn exists(&self, environment: &CloudEnvironment) -> Result<bool, Failure> {
        let operation = Operation::Definition(environment.to_string());
        let response = self.ask(Request::get(self.url(environment.segments())), &operation).await?;
        match response.status {
            200..300 => Ok(true),
            403 | 404 => Ok(false),
            _ => Err(self.refused(&response, &operation).await),
        }
    }

    /// Reads a definition with its secrets in clear.
    ///
    /// # Errors
    /// When it is not there, or may not be decrypted.
    pub async fn decrypted(&self, environment: &CloudEnvironment) -> Result<CloudDefinition, Failure> {
        let operation = Operation::Decrypt(environment.to_string());
        let response = self.get(Request::get(self.url(environment.segments_at(Some("decrypt")))), &operation).await?;
        text(response, &operation)
    }

    /// Checks a definition: the values that are known without opening a provider.
    ///
    /// # Errors
    /// When it can't be checked at all.
    pub async fn check(&self, organization: &str, definition: &[u8]) -> Result<Judged<Received>, Failure> {
        let operation = Operation::Check(organization.to_owned());
        let mut url = self.url(["api", "esc", "environments", organization, "yaml", "check"]);
        url.query_pairs_mut().append_pair("showSecrets", "false");
        let response = self.ask(Request::post(url, JSON, definition).repeatable(), &operation).await?;
        self.received(response, &operation).await
    }

    /// Opens an environment for a time. Returns the session's id and warnings.
    ///
    /// # Errors
    /// When it can't be opened at all.
    pub async fn open(
        &self,
        environment: &CloudEnvironment,
        lifetime: Duration,
    ) -> Result<Judged<(String, Vec<Message>)>, Failure> {
        let operation = Operation::Open(environment.to_string());
        let mut url = self.url(environment.segments_at(Some("open")));
        url.query_pairs_mut().append_pair("duration", &duration::go(lifetime));
        let response = self.ask(Request::post(url, JSON, []), &operation).await?;
        if let Some(messages) = self.judgement(&response, &operation).await? {
            return Ok(Judged::Refused(messages));
        }
        match opening(&response.body) {
            Ok((_, messages)) if messages.iter().any(|message| !message.warning) => Ok(Judged::Refused(messages)),
            Ok((Some(id), messages)) => Ok(Judged::Done((id, messages))),
            _ => Err(malformed(&response, &operation)),
        }
    }

    /// Reads the values of an environment that was opened. `None` when its session has ended.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn read(&self, environment: &CloudEnvironment, id: &str) -> Result<Option<Judged<Received>>, Failure> {
        let operation = Operation::Read(environment.to_string());
        let url = self.url(environment.segments().into_iter().chain(["open", id]));
        let response = self.ask(Request::get(url), &operation).await?;
        if response.status == 404 {
            return Ok(None);
        }
        self.received(response, &operation).await.map(Some)
    }

    /// Lists environments, of one organization or of all: `org/project/env`, sorted.
    ///
    /// # Errors
    /// When they can't be listed.
    pub async fn list(&self, organization: Option<&str>) -> Result<Vec<CloudEnvironment>, Failure> {
        let operation = Operation::List(organization.map(str::to_owned));
        let first = self.url(["api", "esc", "environments"].into_iter().chain(organization));
        let mut url: Url = first.clone();
        let mut listed = Vec::new();
        for _ in 0..PAGES {
            let response = self.get(Request::get(url), &operation).await?;
            let answer = self.json(&response, &operation).await?;
            let Some(object) = answer.as_object() else { return Err(malformed(&response, &operation)) };
            let entries = object.get("environments").and_then(Value::as_array).into_iter().flatten();
            listed.extend(entries.filter_map(|entry| self::listed(entry, organization)));
            match object.get("nextToken").and_then(Value::as_str).filter(|token| !token.is_empty()) {
                None => {
                    listed.sort();
                    listed.dedup();
                    return Ok(listed);
                }
                Some(token) => {
                    url = first.clone();
                    url.query_pairs_mut().append_pair("continuationToken", token);
                }
            }
        }
        let endless = format!("{} lists environments without end", first.host_str().unwrap_or_default());
        Err(Failure::new(crate::diagnostic::FailureKind::Provider, endless))
    }

    /// Returns the reasons of an answer that refuses because of the definition; a failure where it refuses otherwise.
    async fn judgement(&self, response: &Response, operation: &Operation) -> Result<Option<Vec<Message>>, Failure> {
        if response.is_success() {
            return Ok(None);
        }
        let reasons = if matches!(response.status, 400 | 422) { refusal(&response.body) } else { Vec::new() };
        if reasons.is_empty() { Err(self.refused(response, operation).await) } else { Ok(Some(reasons)) }
    }

    async fn received(&self, response: Response, operation: &Operation) -> Result<Judged<Received>, Failure> {
        if let Some(messages) = self.judgement(&response, operation).await? {
            return Ok(Judged::Refused(messages));
        }
        let received = Received::parse(&response.body).map_err(|_| malformed(&response, operation))?;
        Ok(Judged::Done(received))
    }
}

/// Reads a definition, and its revision beside it.
fn text(response: Response, operation: &Operation) -> Result<CloudDefinition, Failure> {
    let revision = response.header("pulumi-esc-revision").map(str::trim);
    let number = revision.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let revision: Arc<str> = number.ok_or_else(|| malformed(&response, operation))?.into();
    Ok(CloudDefinition { bytes: response.body.into(), revision })
}

/// Reads an entry of a list. Older ones have no project: they lie in `default`.
fn listed(entry: &Value, organization: Option<&str>) -> Option<CloudEnvironment> {
    let text = |key| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    Some(CloudEnvironment {
        organization: text("organization").or(organization)?.into(),
        project: text("project").unwrap_or("default").into(),
        environment: text("name")?.into(),
        version: None,
    })
}

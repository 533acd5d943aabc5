//! Reads many secrets with few requests: twenty at once where that is possible and allowed, else one by one.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::{
    Client,
    error::SdkError,
    operation::{batch_get_secret_value::BatchGetSecretValueOutput, get_secret_value::GetSecretValueOutput},
    primitives::Blob,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::task::JoinSet;

use super::{
    error::{Asked, Reason, Refusal, is_denied, is_missing, reason, refused},
    identity::{IdentityId, Origin},
    missing,
    secrets::Wanted,
    service::Aws,
};
use crate::{
    diagnostic::{Failure, FailureKind, list},
    provider::input::plain,
};

/// The most secrets that one request may ask for.
const BATCH: usize = 20;
/// Requests for single secrets that are under way at once.
const AT_ONCE: usize = 16;

const SERVICE: &str = "Secrets Manager";
const GET: &str = "secretsmanager:GetSecretValue";
const BATCH_GET: &str = "secretsmanager:BatchGetSecretValue";

/// The text of a secret: as it is, or the base64 text of one that is binary. It has no `Debug`.
pub(super) struct Secret(pub(super) String);

/// Why a secret could not be read.
enum Lost {
    Refused(&'static str, Refusal),
    Failed(Failure),
}

/// A secret that was read.
struct Got {
    text: Secret,
    binary: bool,
}

type Outcome = Result<Got, Lost>;

/// Reads secrets; the outcomes come in the order of what was wanted.
///
/// # Errors
/// When no request can be made at all.
pub(super) async fn read(
    aws: &Aws,
    id: IdentityId,
    region: &str,
    wanted: Vec<Wanted>,
) -> Result<Vec<Result<Secret, Failure>>, Failure> {
    let reader = Reader { aws, client: aws.secrets(id, region).await?, region, origin: aws.identities.origin(id) };
    let (current, named): (Vec<_>, Vec<_>) =
        wanted.into_iter().enumerate().partition(|(_, wanted)| wanted.is_current());
    let (current, named) = tokio::join!(reader.current(current), reader.single(named));
    let mut outcomes: Vec<(usize, Wanted, Outcome)> = current.into_iter().chain(named).collect();
    outcomes.sort_by_key(|(at, ..)| *at);
    Ok(reader.told(outcomes).await)
}

struct Reader<'a> {
    aws: &'a Aws,
    client: Client,
    region: &'a str,
    origin: Origin,
}

impl Reader<'_> {
    /// Reads current versions: what is left over alone needs no batch.
    async fn current(&self, mut wanted: Vec<(usize, Wanted)>) -> Vec<(usize, Wanted, Outcome)> {
        let alone = if wanted.len() % BATCH == 1 { wanted.pop() } else { None };
        let (batched, single) = tokio::join!(self.batched(wanted), self.single(alone.into_iter().collect()));
        batched.into_iter().chain(single).collect()
    }

    /// Reads current versions, twenty with one request.
    async fn batched(&self, wanted: Vec<(usize, Wanted)>) -> Vec<(usize, Wanted, Outcome)> {
        let mut calls = JoinSet::new();
        for (number, chunk) in wanted.chunks(BATCH).enumerate() {
            let (client, region) = (self.client.clone(), self.region.to_owned());
            let ids: Vec<String> = chunk.iter().map(|(_, wanted)| wanted.id.clone()).collect();
            calls.spawn(async move {
                let answer = client.batch_get_secret_value().set_secret_id_list(Some(ids.clone())).send().await;
                let asked = Asked { service: SERVICE, region: &region, action: BATCH_GET, resource: &several(&ids) };
                (number, answer.map_err(|error| (reason(&error, &asked), asked.resource.to_owned())))
            });
        }
        let mut answers = BTreeMap::new();
        while let Some(done) = calls.join_next().await {
            let (number, answer) = done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
            answers.insert(number, answer);
        }
        let mut outcomes = Vec::new();
        let mut one_by_one = Vec::new();
        let mut chunks = wanted.chunks(BATCH);
        for answer in answers.into_values() {
            let chunk = chunks.next().unwrap_or_default().to_vec();
            match answer {
                Ok(answer) => outcomes.extend(sorted(chunk, answer)),
                Err((Reason::Refused(refusal), _)) if is_denied(&refusal) => one_by_one.extend(chunk),
                Err((why, resource)) => {
                    let failure = self.failure(why, BATCH_GET, &resource);
                    outcomes
                        .extend(chunk.into_iter().map(|(at, wanted)| (at, wanted, Err(Lost::Failed(failure.clone())))));
                }
            }
        }
        if !one_by_one.is_empty() {
            self.aws.host.notes.note(format!(
                "aws-secrets: `{BATCH_GET}` is denied in {}, so secrets are read one by one",
                self.region
            ));
            outcomes.extend(self.single(one_by_one).await);
        }
        outcomes
    }

    /// Reads secrets one by one, some at once.
    async fn single(&self, wanted: Vec<(usize, Wanted)>) -> Vec<(usize, Wanted, Outcome)> {
        let mut waiting = wanted.into_iter();
        let mut calls = JoinSet::new();
        let mut outcomes = Vec::new();
        loop {
            while calls.len() < AT_ONCE
                && let Some((at, wanted)) = waiting.next()
            {
                let (client, region) = (self.client.clone(), self.region.to_owned());
                calls.spawn(async move {
                    let request = client
                        .get_secret_value()
                        .secret_id(&wanted.id)
                        .set_version_id(wanted.version.clone())
                        .set_version_stage(wanted.stage.clone());
                    let outcome = got(request.send().await, &wanted, &region);
                    (at, wanted, outcome)
                });
            }
            let Some(done) = calls.join_next().await else { return outcomes };
            outcomes.push(done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())));
        }
    }

    /// Turns outcomes into values and messages; names that are close to a missing one are looked for.
    async fn told(&self, outcomes: Vec<(usize, Wanted, Outcome)>) -> Vec<Result<Secret, Failure>> {
        let absent: Vec<&str> = outcomes
            .iter()
            .filter(|(.., outcome)| matches!(outcome, Err(Lost::Refused(_, refusal)) if is_missing(refusal)))
            .map(|(_, wanted, _)| wanted.id.as_str())
            .collect();
        let names = missing::names(&self.client, &absent).await;
        outcomes
            .into_iter()
            .map(|(_, wanted, outcome)| match outcome {
                Ok(got) => {
                    if got.binary {
                        let note = format!("aws-secrets: {} is binary, its base64 text is given", one(&wanted));
                        self.aws.host.notes.note(note);
                    }
                    Ok(got.text)
                }
                Err(Lost::Failed(failure)) => Err(failure),
                Err(Lost::Refused(action, refusal)) => {
                    let similar = is_missing(&refusal).then(|| missing::similar(&wanted.id, &names)).flatten();
                    let failure = self.failure(Reason::Refused(refusal), action, &one(&wanted));
                    Err(match similar {
                        Some(name) => Failure { hints: [vec![name], failure.hints].concat(), ..failure },
                        None => failure,
                    })
                }
            })
            .collect()
    }

    fn failure(&self, why: Reason, action: &str, resource: &str) -> Failure {
        match why {
            Reason::Failed(failure) => failure,
            Reason::Refused(refusal) => {
                let asked = Asked { service: SERVICE, region: self.region, action, resource };
                refused(&refusal, &asked, &self.origin, |text| self.aws.identities.redact(text))
            }
        }
    }
}

/// Judges the answer to a request for one secret.
fn got<E>(answer: Result<GetSecretValueOutput, SdkError<E, HttpResponse>>, wanted: &Wanted, region: &str) -> Outcome
where
    E: aws_sdk_secretsmanager::error::ProvideErrorMetadata + std::error::Error + 'static,
{
    match answer {
        Ok(answer) => content(answer.secret_string, answer.secret_binary, wanted),
        Err(error) => {
            let asked = Asked { service: SERVICE, region, action: GET, resource: &one(wanted) };
            Err(match reason(&error, &asked) {
                Reason::Refused(refusal) => Lost::Refused(GET, refusal),
                Reason::Failed(failure) => Lost::Failed(failure),
            })
        }
    }
}

/// Gives each wanted secret what a batch says of it: the answer has an order of its own, and names secrets in full.
fn sorted(wanted: Vec<(usize, Wanted)>, answer: BatchGetSecretValueOutput) -> Vec<(usize, Wanted, Outcome)> {
    let values = answer.secret_values.unwrap_or_default();
    let errors = answer.errors.unwrap_or_default();
    let outcome = |wanted: &Wanted| {
        let id = wanted.id.as_str();
        let exact = values.iter().find(|value| value.name() == Some(id) || value.arn() == Some(id));
        // An ARN may leave out the six characters that AWS puts behind the name.
        let partial = |arn: &str| {
            arn.strip_prefix(id).is_some_and(|rest| rest.len() == 7 && rest.starts_with('-') && id.starts_with("arn:"))
        };
        let found = exact.or_else(|| values.iter().find(|value| value.arn().is_some_and(partial)));
        if let Some(value) = found {
            return content(value.secret_string.clone(), value.secret_binary.clone(), wanted);
        }
        let refused = errors.iter().find(|error| error.secret_id() == Some(id));
        Err(match refused {
            Some(error) => Lost::Refused(
                GET,
                Refusal {
                    code: error.error_code().unwrap_or_default().to_owned(),
                    message: error.message().unwrap_or_default().to_owned(),
                    request: None,
                },
            ),
            None => {
                Lost::Failed(Failure::new(FailureKind::Provider, format!("{SERVICE} said nothing of {}", one(wanted))))
            }
        })
    };
    wanted
        .into_iter()
        .map(|(at, wanted)| {
            let outcome = outcome(&wanted);
            (at, wanted, outcome)
        })
        .collect()
}

fn content(text: Option<String>, binary: Option<Blob>, wanted: &Wanted) -> Outcome {
    match (text, binary) {
        (Some(text), _) => Ok(Got { text: Secret(text), binary: false }),
        (None, Some(bytes)) => Ok(Got { text: Secret(STANDARD.encode(bytes)), binary: true }),
        (None, None) => Err(Lost::Failed(Failure::new(FailureKind::Provider, format!("{} has no value", one(wanted))))),
    }
}

/// Names a secret for people.
fn one(wanted: &Wanted) -> String {
    let name = format!("secret `{}`", plain(&wanted.id, 200));
    match (&wanted.version, &wanted.stage) {
        (Some(version), _) => format!("{name} in version `{}`", plain(version, 64)),
        (None, Some(stage)) => format!("{name} at stage `{}`", plain(stage, 64)),
        (None, None) => name,
    }
}

/// Names the secrets of a batch for people.
fn several(ids: &[String]) -> String {
    let mut names: Vec<String> = ids.iter().take(3).map(|id| format!("`{}`", plain(id, 100))).collect();
    if ids.len() > names.len() {
        names.push(format!("{} more", ids.len() - names.len()));
    }
    format!("secrets {}", list(&names))
}

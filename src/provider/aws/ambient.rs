//! The caller's own AWS identity: the sources that AWS's tools know, in their order, each named when it has nothing.

use std::{error::Error as StdError, time::Duration};

use aws_config::{
    ecs::EcsCredentialsProvider, imds::credentials::ImdsCredentialsProvider, profile::ProfileFileCredentialsProvider,
};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, error::CredentialsError},
};

use super::{error, identity::Origin, service::Aws, web_identity::Role};
use crate::{
    diagnostic::{Failure, FailureKind},
    http,
    provider::input::plain,
};

/// How the identity is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::provider) struct Ambient {
    /// Only this profile is looked at.
    pub(in crate::provider) profile: Option<String>,
    /// The metadata service of a machine in Amazon's cloud is asked, too.
    pub(in crate::provider) imds: bool,
}

/// Credentials, and where they come from.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) credentials: Credentials,
    pub(super) origin: Origin,
}

/// Why a source has nothing.
enum Nothing {
    /// It is not set up: the next one may have something.
    Absent(String),
    /// It is set up, and fails.
    Failed(Failure),
}

impl Ambient {
    /// Asks each source until one has credentials.
    pub(super) async fn find(&self, aws: &Aws) -> Result<Found, Failure> {
        let mut tried = Vec::new();
        let mut take = |outcome| match outcome {
            Ok(found) => Some(Ok(found)),
            Err(Nothing::Failed(failure)) => Some(Err(failure)),
            Err(Nothing::Absent(reason)) => {
                tried.push(reason);
                None
            }
        };
        if self.profile.is_none()
            && let Some(outcome) = take(environment(aws))
        {
            return outcome;
        }
        if let Some(outcome) = take(profile(aws, self.profile.as_deref()).await) {
            return outcome;
        }
        if self.profile.is_none() {
            if let Some(outcome) = take(web_identity(aws).await) {
                return outcome;
            }
            if let Some(outcome) = take(container(aws).await) {
                return outcome;
            }
            if let Some(outcome) = take(machine(aws, self.imds || aws.host.settings.aws.imds).await) {
                return outcome;
            }
        }
        Err(absent(aws, &tried))
    }
}

/// Says that there are no credentials, and where they were looked for.
fn absent(aws: &Aws, tried: &[String]) -> Failure {
    let failure = Failure::new(FailureKind::Identity, format!("no AWS credentials: {}", tried.join("; ")));
    if aws.host.variable("GITHUB_ACTIONS") == Some("true") {
        return failure
            .hint("run `aws-actions/configure-aws-credentials` in an earlier step of the job")
            .hint("or set AWS_ROLE_ARN and give the job `permissions: id-token: write`");
    }
    failure.hint("log in: `aws sso login`, or set AWS_PROFILE to a profile that has credentials")
}

/// The variables that most tools set.
fn environment(aws: &Aws) -> Result<Found, Nothing> {
    let variable = |name| aws.host.variable(name).map(str::trim);
    let Some(key) = variable("AWS_ACCESS_KEY_ID") else {
        return Err(Nothing::Absent("AWS_ACCESS_KEY_ID is not set".to_owned()));
    };
    let Some(secret) = variable("AWS_SECRET_ACCESS_KEY").or_else(|| variable("SECRET_ACCESS_KEY")) else {
        return Err(Nothing::Absent("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY".to_owned()));
    };
    let token = variable("AWS_SESSION_TOKEN").map(str::to_owned);
    let renewal = match variable("GITHUB_ACTIONS") {
        Some("true") => "run `aws-actions/configure-aws-credentials` again, closer to this step",
        _ => "log in again, or unset AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to use a profile",
    };
    Ok(Found {
        credentials: Credentials::new(key, secret, token, None, "environment"),
        origin: Origin { name: "AWS_ACCESS_KEY_ID of the environment".to_owned(), renewal: Some(renewal.to_owned()) },
    })
}

/// A profile of `~/.aws`: keys, a role, SSO, or a program.
async fn profile(aws: &Aws, named: Option<&str>) -> Result<Found, Nothing> {
    let chosen = named.or_else(|| aws.host.variable("AWS_PROFILE"));
    let name = chosen.unwrap_or("default");
    let shown = format!("profile `{}`", plain(name, 100));
    let mut source = ProfileFileCredentialsProvider::builder().configure(&aws.provider_config(named).await);
    if let Some(named) = named {
        source = source.profile_name(named);
    }
    let renewal = match chosen {
        Some(name) => format!("run `aws sso login --profile {}`", plain(name, 100)),
        None => "run `aws sso login`".to_owned(),
    };
    let outcome = source.build().provide_credentials().await;
    found(outcome, &shown, &Origin { name: shown.clone(), renewal: Some(renewal) }, aws)
}

/// A role for a web identity token.
async fn web_identity(aws: &Aws) -> Result<Found, Nothing> {
    let Some(arn) = aws.host.variable("AWS_ROLE_ARN") else {
        return Err(Nothing::Absent("AWS_ROLE_ARN is not set for a web identity".to_owned()));
    };
    let session = aws.host.variable("AWS_ROLE_SESSION_NAME");
    let role = Role {
        arn: arn.to_owned(),
        session: super::login::session_name(&aws.host, session.unwrap_or("esc-shell")),
        duration: Duration::from_hours(1),
        policies: Vec::new(),
    };
    aws.assume(&role).await.map_err(Nothing::Failed)
}

/// The agent of a container in Amazon's cloud.
async fn container(aws: &Aws) -> Result<Found, Nothing> {
    let variables = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    if !variables.into_iter().any(|name| aws.host.variable(name).is_some()) {
        return Err(Nothing::Absent(format!("{} is not set", variables[0])));
    }
    let source = EcsCredentialsProvider::builder().configure(&aws.provider_config(None).await).build();
    let name = "the container's credentials".to_owned();
    found(source.provide_credentials().await, &name, &Origin { name: name.clone(), renewal: None }, aws)
}

/// The metadata service of a machine in Amazon's cloud; elsewhere its address answers late or never.
async fn machine(aws: &Aws, wanted: bool) -> Result<Found, Nothing> {
    if !wanted {
        return Err(Nothing::Absent("the metadata service is not asked (`aws.imds` is false)".to_owned()));
    }
    let source = ImdsCredentialsProvider::builder().configure(&aws.provider_config(None).await).build();
    let name = "the machine's metadata service".to_owned();
    found(source.provide_credentials().await, &name, &Origin { name: name.clone(), renewal: None }, aws)
}

/// Judges what a source of the SDK gave.
fn found(
    outcome: Result<Credentials, CredentialsError>,
    shown: &str,
    origin: &Origin,
    aws: &Aws,
) -> Result<Found, Nothing> {
    let error = match outcome {
        Ok(credentials) => return Ok(Found { credentials, origin: origin.clone() }),
        Err(error) => error,
    };
    let failed = |kind, message: String| Failure::new(kind, message);
    let said = reason(&error).map(|text| aws.identities.redact(&plain(&text, 300)));
    if matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
        return Err(Nothing::Absent(match said {
            Some(text) => format!("{shown}: {text}"),
            None => format!("{shown} has no credentials"),
        }));
    }
    if let Some(unanswered) = http::Error::find(&error) {
        let failure = Failure::from(unanswered.clone());
        return Err(Nothing::Failed(Failure { message: format!("{shown}: {}", failure.message), ..failure }));
    }
    let failure = match (&error, said) {
        (CredentialsError::InvalidConfiguration(_), Some(text)) if text.contains("cargo feature") => {
            failed(FailureKind::Identity, format!("{shown} logs in in a way that this build does not know"))
                .hint("let AWS's own tool do it: `eval \"$(aws configure export-credentials --format env)\"`")
        }
        (CredentialsError::InvalidConfiguration(_), Some(text)) => {
            failed(FailureKind::Identity, format!("{shown}: {text}"))
        }
        (CredentialsError::ProviderTimedOut(_), _) => {
            failed(FailureKind::Provider, format!("{shown} did not give credentials in time"))
        }
        _ => provider_failed(&error, shown, origin, aws),
    };
    Err(Nothing::Failed(failure))
}

/// Tells why a source that is set up fails. What it says itself is not shown: a program's complaint, or a body, may be in it.
fn provider_failed(error: &CredentialsError, shown: &str, origin: &Origin, aws: &Aws) -> Failure {
    if let Some((code, message)) = error::service_message(error) {
        let message = plain(&aws.identities.redact(&message), 300);
        return Failure::new(FailureKind::Identity, format!("{shown}: {code}")).hint(format!("AWS says: {message}"));
    }
    let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    let is = |part: &str| texts.iter().any(|text| text.contains(part));
    let renewed = |failure: Failure| match &origin.renewal {
        Some(renewal) => failure.hint(renewal.clone()),
        None => failure,
    };
    let identity = |message: String| Failure::new(FailureKind::Identity, message);
    if is("SSO") || is("sso") || is("UnauthorizedException") {
        return renewed(identity(format!("the SSO session of {shown} has expired, or there is none")));
    }
    if is("external process") {
        return identity(format!("the program that `credential_process` of {shown} names failed"))
            .hint("run it by hand: what it says is not shown here, as it may hold a secret");
    }
    renewed(identity(format!("{shown} gave no credentials")))
}

/// Returns what the SDK says of its own settings: names of profiles and keys, never a value.
fn reason(error: &CredentialsError) -> Option<String> {
    match error {
        CredentialsError::CredentialsNotLoaded(_) | CredentialsError::InvalidConfiguration(_) => {
            error.source().map(ToString::to_string).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

fn causes<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

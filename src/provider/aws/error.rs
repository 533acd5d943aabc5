//! What AWS says when it says no, for people: the action, the resource, whose fault it is, and what to do.

use std::error::Error as StdError;

use aws_sdk_sts::{
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId as _,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::identity::Origin;
use crate::{
    diagnostic::{Failure, FailureKind},
    http,
    provider::input::plain,
};

/// The most characters of AWS's own message that are shown.
const MESSAGE: usize = 300;

/// What was asked, as messages name it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The service: `Secrets Manager`.
    pub(super) service: &'a str,
    pub(super) region: &'a str,
    /// The action as policies name it.
    pub(super) action: &'a str,
    /// What it was asked for, with its name in backticks.
    pub(super) resource: &'a str,
}

/// A refusal: the fields of AWS's documented error shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) message: String,
    pub(super) request: Option<String>,
}

/// Why there is no result.
pub(super) enum Reason {
    /// The service refused, in its documented form.
    Refused(Refusal),
    /// There was no answer, or none that could be read.
    Failed(Failure),
}

/// Turns an error of the SDK into what people are told; `redact` blanks secrets in AWS's own message.
pub(super) fn failure<E: ProvideErrorMetadata + StdError + 'static>(
    error: &SdkError<E, HttpResponse>,
    asked: &Asked<'_>,
    origin: &Origin,
    redact: impl Fn(&str) -> String,
) -> Failure {
    match reason(error, asked) {
        Reason::Refused(refusal) => refused(&refusal, asked, origin, redact),
        Reason::Failed(failure) => failure,
    }
}

/// Tells a refusal from what is none.
pub(super) fn reason<E: ProvideErrorMetadata + StdError + 'static>(
    error: &SdkError<E, HttpResponse>,
    asked: &Asked<'_>,
) -> Reason {
    let place = format!("{} in {}", asked.service, asked.region);
    let failed = |message: String| Reason::Failed(Failure::new(FailureKind::Provider, message));
    match error {
        SdkError::ServiceError(service) => {
            let meta = service.err().meta();
            if meta.code().is_none() && service.raw().status().is_success() {
                return failed(format!("{place} gave an answer that can't be read"));
            }
            let code = meta.code().map_or_else(|| service.raw().status().to_string(), str::to_owned);
            let message = meta.message().unwrap_or_default().to_owned();
            Reason::Refused(Refusal { code, message, request: error.request_id().map(str::to_owned) })
        }
        SdkError::DispatchFailure(dispatch) => match dispatch.as_connector_error() {
            Some(error) => Reason::Failed(unanswered(http::Error::of(&place, error), asked)),
            None => failed(format!("{place} could not be asked")),
        },
        SdkError::TimeoutError(_) => Reason::Failed(
            Failure::new(FailureKind::Provider, format!("{place} did not answer in time")).hint("try again"),
        ),
        SdkError::ResponseError(_) if http::Error::is_cut_off(error) => {
            Reason::Failed(Failure::from(http::Error { host: place, kind: http::ErrorKind::Broken }))
        }
        SdkError::ResponseError(_) => failed(format!("{place} gave an answer that can't be read")),
        _ => Reason::Failed(
            Failure::new(FailureKind::Definition, format!("{place} can't be asked for {}", asked.resource))
                .hint("check `region` and the name"),
        ),
    }
}

/// Adds to a missing answer what AWS's users get wrong.
fn unanswered(error: http::Error, asked: &Asked<'_>) -> Failure {
    let resolve = error.kind == http::ErrorKind::Resolve;
    let failure = Failure::from(error);
    if resolve { failure.hint(format!("check the region `{}`", plain(asked.region, 40))) } else { failure }
}

/// Says what a refusal means.
pub(super) fn refused(
    refusal: &Refusal,
    asked: &Asked<'_>,
    origin: &Origin,
    redact: impl Fn(&str) -> String,
) -> Failure {
    let Asked { service, region, action, resource } = asked;
    let code = refusal.code.as_str();
    let said = plain(&redact(&refusal.message), MESSAGE);
    let says = |failure: Failure| {
        let failure = if said.is_empty() { failure } else { failure.hint(format!("AWS says: {said}")) };
        match &refusal.request {
            Some(id) => failure.hint(format!("request id {}", plain(id, 80))),
            None => failure,
        }
    };
    let identity = |message: String| Failure::new(FailureKind::Identity, message);
    let provider = |message: String| Failure::new(FailureKind::Provider, message);
    let by = if origin.name.is_empty() { String::new() } else { format!(" ({})", origin.name) };
    match meaning(code, &refusal.message) {
        Meaning::Missing => provider(format!("there is no {resource} in {region}"))
            .hint("check the name and the region; one of another account needs its whole ARN"),
        Meaning::KeyDenied => says(
            identity(format!("the KMS key of {resource} may not be used{by}"))
                .hint("allow `kms:Decrypt` for its key, in the key's policy or in one of the role"),
        ),
        Meaning::Denied => says(
            identity(format!("`{action}` for {resource} in {region} is denied{by}"))
                .hint(format!("allow `{action}` for it in a policy of the role")),
        ),
        Meaning::Expired => says(
            identity(format!("the AWS session has expired{by}"))
                .hint(origin.renewal.clone().unwrap_or_else(|| "log in again".to_owned())),
        ),
        Meaning::UnknownKey => says(
            identity(format!("AWS does not know this access key{by}"))
                .hint("keys that were deleted, or of which only some were replaced, have this effect"),
        ),
        Meaning::Clock => says(
            identity(format!("the clock of this machine and that of {service} differ too much"))
                .hint("set the clock of this machine"),
        ),
        Meaning::Signature => says(
            identity(format!("{service} refuses the signature{by}"))
                .hint("the secret access key does not belong to the access key, or the clock of this machine is wrong"),
        ),
        Meaning::Throttled => {
            says(provider(format!("{service} in {region} is asked too often just now")).hint("try again in a moment"))
        }
        Meaning::Broken => {
            says(provider(format!("{service} in {region} fails itself ({code})")).hint("try again in a moment"))
        }
        Meaning::Token => says(identity(format!("STS does not accept the token for {resource} ({code})"))),
        Meaning::Other => says(provider(format!("{service} in {region} refuses {resource} ({code})"))),
    }
}

/// What a code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Missing,
    KeyDenied,
    Denied,
    Expired,
    UnknownKey,
    Clock,
    Signature,
    Throttled,
    Broken,
    Token,
    Other,
}

fn meaning(code: &str, message: &str) -> Meaning {
    match code {
        "ResourceNotFoundException" | "ParameterNotFound" | "ParameterVersionNotFound" => Meaning::Missing,
        "AccessDeniedException" | "AccessDenied" | "403" if message.contains("KMS") || message.contains("kms:") => {
            Meaning::KeyDenied
        }
        "KMSAccessDeniedException" => Meaning::KeyDenied,
        "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation" | "403" | "401" => Meaning::Denied,
        "ExpiredTokenException" | "ExpiredToken" if message.contains("identity token") => Meaning::Token,
        "ExpiredTokenException" | "ExpiredToken" => Meaning::Expired,
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" => Meaning::UnknownKey,
        "RequestTimeTooSkewed" | "RequestExpired" | "RequestInTheFuture" => Meaning::Clock,
        "InvalidSignatureException" | "SignatureDoesNotMatch" | "AuthFailure"
            if message.contains("expired") || message.contains("yet current") =>
        {
            Meaning::Clock
        }
        "InvalidSignatureException" | "SignatureDoesNotMatch" | "AuthFailure" | "IncompleteSignature" => {
            Meaning::Signature
        }
        "ThrottlingException"
        | "Throttling"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "429" => Meaning::Throttled,
        "InternalServiceError"
        | "InternalServiceErrorException"
        | "InternalFailure"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "500"
        | "502"
        | "503"
        | "504" => Meaning::Broken,
        "InvalidIdentityToken"
        | "InvalidIdentityTokenException"
        | "IDPRejectedClaim"
        | "IDPRejectedClaimException"
        | "IDPCommunicationError"
        | "RegionDisabledException" => Meaning::Token,
        _ => Meaning::Other,
    }
}

/// Tells whether an action was denied, rather than anything else.
pub(super) fn is_denied(refusal: &Refusal) -> bool {
    meaning(&refusal.code, &refusal.message) == Meaning::Denied
}

/// Tells whether what was asked for is not there.
pub(super) fn is_missing(refusal: &Refusal) -> bool {
    meaning(&refusal.code, &refusal.message) == Meaning::Missing
}

/// Finds what STS said to the SDK when it went for credentials.
pub(super) fn service_message(error: &(dyn StdError + 'static)) -> Option<(String, String)> {
    use aws_sdk_sts::operation::{
        assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
    };
    let mut cause = Some(error);
    while let Some(error) = cause {
        let meta = error
            .downcast_ref::<AssumeRoleError>()
            .map(ProvideErrorMetadata::meta)
            .or_else(|| error.downcast_ref::<AssumeRoleWithWebIdentityError>().map(ProvideErrorMetadata::meta));
        if let Some(meta) = meta {
            return Some((meta.code()?.to_owned(), meta.message().unwrap_or_default().to_owned()));
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests;

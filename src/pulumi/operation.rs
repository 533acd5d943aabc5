//! What Pulumi Cloud is asked to do, and why it refuses.

use std::fmt;

use super::{Token, TokenOrigin};
use crate::{
    diagnostic::{Failure, FailureKind, printable},
    http::Response,
};

/// Characters of a server's own message that are shown.
const MESSAGE: usize = 300;

/// Something that Pulumi Cloud is asked to do, with the names that a message about it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// To tell the default organization.
    DefaultOrganization,
    /// To list environments; of an organization, where one is named.
    List(Option<String>),
    /// To hand out a definition, by its reference.
    Definition(String),
    /// To hand out a definition with its secrets in clear.
    Decrypt(String),
    /// To check a definition; the organization.
    Check(String),
    /// To open an environment.
    Open(String),
    /// To hand out the values of an open environment.
    Read(String),
    /// To give a token for a GitHub token; the organization.
    Exchange(String),
    /// To hand out the state of a stack.
    Stack(String),
    /// To decrypt secrets of a stack.
    StackSecrets(String),
}

impl Operation {
    /// Returns the permission that it takes, as Pulumi Cloud names it.
    fn permission(&self) -> Option<&'static str> {
        Some(match self {
            Self::DefaultOrganization | Self::Exchange(_) => return None,
            Self::List(_) | Self::Definition(_) | Self::Check(_) => "environment:read",
            Self::Decrypt(_) | Self::Open(_) | Self::Read(_) => "environment:open",
            Self::Stack(_) => "stack:read",
            Self::StackSecrets(_) => "stack:decrypt",
        })
    }

    /// Says what is not there.
    fn missing(&self) -> String {
        match self {
            Self::DefaultOrganization => "the user has no default organization".to_owned(),
            Self::List(None) => "there are no environments to be listed".to_owned(),
            Self::List(Some(name)) | Self::Check(name) | Self::Exchange(name) => {
                format!("there is no organization `{}`", printable(name))
            }
            Self::Definition(name) | Self::Decrypt(name) | Self::Open(name) => {
                let what = if name.contains('@') { "environment or no such version" } else { "environment" };
                format!("there is no {what} `{}` in Pulumi Cloud", printable(name))
            }
            Self::Read(name) => format!("the session of `{}` has ended", printable(name)),
            Self::Stack(name) | Self::StackSecrets(name) => {
                format!("there is no stack `{}` in Pulumi Cloud", printable(name))
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, name) = match self {
            Self::DefaultOrganization => return f.write_str("asking for the default organization"),
            Self::List(None) => return f.write_str("listing environments"),
            Self::List(Some(name)) => ("listing the environments of", name),
            Self::Definition(name) => ("reading the definition of", name),
            Self::Decrypt(name) => ("decrypting the secrets of", name),
            Self::Check(name) => ("checking a definition in", name),
            Self::Open(name) => ("opening", name),
            Self::Read(name) => ("reading the values of", name),
            Self::Exchange(name) => ("exchanging a GitHub token for one of", name),
            Self::Stack(name) => ("reading the state of", name),
            Self::StackSecrets(name) => ("decrypting the outputs of", name),
        };
        write!(f, "{what} `{}`", printable(name))
    }
}

/// Why Pulumi Cloud does not do what it is asked for, with the token that it was shown. Of the body nothing is shown, but for the message of an error that has none of the
/// usual statuses.
pub(super) fn refused(response: &Response, operation: &Operation, token: &Token, origin: &TokenOrigin) -> Failure {
    let host = &response.host;
    let (kind, message, hint) = match response.status {
        401 => (
            FailureKind::Identity,
            format!("{host} does not accept the token of {origin}"),
            Some("it may have ended or been revoked: get a new one, or log in again with `pulumi login`".to_owned()),
        ),
        403 => {
            let needed = operation.permission().map(|name| format!(", which needs the permission `{name}`"));
            (
                FailureKind::Identity,
                format!("access denied: {operation}{}", needed.unwrap_or_default()),
                Some(format!("the token is from {origin}; use another one, or ask an administrator")),
            )
        }
        404 => (
            FailureKind::Provider,
            operation.missing(),
            Some(format!("check the name; what the token of {origin} may not see is not found either")),
        ),
        409 => (
            FailureKind::Provider,
            format!("{operation} collides with a change that somebody else makes"),
            Some("try again".to_owned()),
        ),
        429 => (
            FailureKind::Provider,
            format!("{host} was asked too often: {operation} has to wait"),
            Some("try again later; `--timeout` allows more time to wait in".to_owned()),
        ),
        status @ 500.. => (
            FailureKind::Provider,
            format!("{host} failed with status {status}: {operation}"),
            Some("try again later".to_owned()),
        ),
        status @ 300..=399 => (
            FailureKind::Provider,
            format!("{host} sends the request elsewhere with status {status}, and no token goes there"),
            Some("check the address of Pulumi Cloud: PULUMI_BACKEND_URL".to_owned()),
        ),
        status => {
            let reason = message(&response.body, token).map(|text| format!(": {text}")).unwrap_or_default();
            (FailureKind::Provider, format!("{operation} was refused with status {status}{reason}"), None)
        }
    };
    let failure = Failure::new(kind, message + &request_id(response));
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Why an answer is of no use; nothing of it is shown.
pub(super) fn malformed(response: &Response, operation: &Operation) -> Failure {
    let (host, id) = (&response.host, request_id(response));
    Failure::new(FailureKind::Provider, format!("the answer of {host} can't be read: {operation}{id}"))
        .hint("check the address of Pulumi Cloud: PULUMI_BACKEND_URL")
}

/// Returns the id that the service's operators find the request by.
fn request_id(response: &Response) -> String {
    let id = response.header("x-pulumi-request-id").unwrap_or_default();
    let harmless = id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    if id.is_empty() || !harmless { String::new() } else { format!(" (request ID {id})") }
}

/// Returns the message of a documented error, cut, and without the token if somebody should have put it in.
fn message(body: &[u8], token: &Token) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = value.get("message")?.as_str()?.trim();
    let text: String =
        text.replace(token.reveal(), "[secret]").chars().filter(|char| !char.is_control()).take(MESSAGE).collect();
    (!text.is_empty()).then(|| printable(&text).into_owned())
}

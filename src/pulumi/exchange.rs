//! The exchange of a GitHub token for one of Pulumi Cloud (RFC 8693).

use std::time::Duration;

use serde_json::json;
use url::Url;

use super::{Exchange, Operation, Scope, Token, TokenOrigin, operation};
use crate::{
    diagnostic::{Failure, FailureKind, printable},
    http::{Client, Request},
    identity::Tokens,
};

/// Asks for a token.
///
/// # Errors
/// When GitHub gives no token, or Pulumi Cloud takes it for nobody's.
pub(super) async fn exchange(
    http: &Client,
    tokens: &Tokens,
    url: Url,
    wanted: &Exchange,
    within: Duration,
) -> Result<Token, Failure> {
    let organization = &wanted.organization;
    let audience = format!("urn:pulumi:org:{organization}");
    let subject = tokens.github(&audience).await?;
    let (kind, scope) = match &wanted.oidc.scope {
        Scope::Organization => ("organization", String::new()),
        Scope::Team(name) => ("team", format!("team:{name}")),
        Scope::User(login) => ("personal", format!("user:{login}")),
    };
    let body = json!({
        "audience": audience,
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": subject.reveal(),
        "requested_token_type": format!("urn:pulumi:token-type:access_token:{kind}"),
        "scope": scope,
        "expiration": wanted.oidc.expiration.as_secs(),
    });
    let operation = Operation::Exchange(organization.clone());
    let request = Request::post(url, "application/json", body.to_string())
        .header("accept", "application/json")
        .repeatable()
        .within(within);
    let response = http.send(request).await.map_err(|error| {
        let failure = Failure::from(error);
        Failure { message: format!("{operation}: {}", failure.message), ..failure }
    })?;
    if matches!(response.status, 400 | 401 | 403) {
        // `error` is one of the standard's own words; the description beside it is the server's.
        let answer: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let word = answer.get("error").and_then(serde_json::Value::as_str).unwrap_or_default();
        let known = [
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "invalid_scope",
            "access_denied",
        ];
        let reason = if known.contains(&word) { format!(" ({word})") } else { String::new() };
        let refused = format!("Pulumi Cloud gives no token for the GitHub token of this job{reason}: {operation}");
        return Err(Failure::new(FailureKind::Identity, refused)
            .hint(format!(
                "`{}` has to know the issuer of the token, with a policy that allows the repository and the scope of `cloud.oidc`",
                printable(organization)
            ))
            .hint(format!("the token is from {} for the audience `{}`", subject.source, printable(&audience))));
    }
    let origin = TokenOrigin::Exchange;
    let shown = Token::new(subject.reveal()).expect("a token that was found is not empty");
    if !response.is_success() {
        return Err(operation::refused(&response, &operation, &shown, &origin));
    }
    let answer: Option<serde_json::Value> = serde_json::from_slice(&response.body).ok();
    let token = answer.as_ref().and_then(|answer| answer.get("access_token")?.as_str()).and_then(Token::new);
    token.ok_or_else(|| operation::malformed(&response, &operation))
}

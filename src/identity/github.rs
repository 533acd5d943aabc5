//! Tokens of a GitHub Actions job.

use std::{collections::BTreeMap, ffi::OsString};

use serde::Deserialize;
use url::Url;

use super::tokens::variable;
use crate::{
    diagnostic::{Failure, FailureKind},
    http::{Client, Request},
};

/// Where the job's tokens are asked for; it has a query already.
pub(super) const URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
/// What proves that the job asks.
const TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/// What a job lacks that has no such variables.
const PERMISSION: &str =
    "in GitHub Actions the job needs `permissions: id-token: write`; a fork's pull request never has it";

/// Why GitHub gives no token.
pub(super) enum Refused {
    /// This is no job that may have one: another source may serve.
    Absent(String),
    /// It should have given one.
    Failed(Failure),
}

#[derive(Deserialize)]
struct Answer {
    value: String,
}

/// Asks for a token for an audience.
pub(super) async fn token(
    variables: &BTreeMap<OsString, OsString>,
    audience: &str,
    client: &Client,
) -> Result<String, Refused> {
    let Some(url) = variable(variables, URL) else {
        let job = variable(variables, "GITHUB_ACTIONS") == Some("true");
        let hint = if job { format!(" ({PERMISSION})") } else { String::new() };
        return Err(Refused::Absent(format!("{URL} is not set{hint}")));
    };
    let Some(bearer) = variable(variables, TOKEN) else {
        return Err(Refused::Absent(format!("{TOKEN} is not set ({PERMISSION})")));
    };
    let failed =
        |kind, message: &str| Refused::Failed(Failure::new(kind, format!("GitHub's token endpoint {message}")));
    let mut url = Url::parse(url).map_err(|_| failed(FailureKind::Identity, &format!("in {URL} is no URL")))?;
    url.query_pairs_mut().append_pair("audience", audience);
    let request = Request::get(url)
        .header("authorization", format!("Bearer {bearer}"))
        .header("accept", "application/json; api-version=2.0");
    let response = client.send(request).await.map_err(|error| {
        let failure = Failure::from(error);
        Refused::Failed(Failure { message: format!("GitHub's token endpoint: {}", failure.message), ..failure })
    })?;
    match response.status {
        200 => {}
        status @ (401 | 403) => {
            let Refused::Failed(failure) = failed(FailureKind::Identity, &format!("refused the request ({status})"))
            else {
                unreachable!("a failure was made")
            };
            return Err(Refused::Failed(failure.hint(PERMISSION)));
        }
        status => return Err(failed(FailureKind::Provider, &format!("answered with status {status}"))),
    }
    let answer: Answer = serde_json::from_slice(&response.body)
        .map_err(|_| failed(FailureKind::Provider, "gave an answer that is no token"))?;
    Ok(answer.value)
}

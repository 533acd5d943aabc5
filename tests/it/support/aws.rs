//! A strict stand-in for GitHub's token endpoint, STS and Secrets Manager: it knows what it takes, and refuses all else.

use std::{collections::BTreeMap, sync::Barrier};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::server::{Reply, Request, Server};

pub const BEARER: &str = "bearer-of-the-job";
pub const ROLE: &str = "arn:aws:iam::123456789012:role/ci";
const JSON: &str = "application/x-amz-json-1.1";

/// The token that GitHub gives the job.
pub fn token() -> String {
    let claims = json!({
        "iss": "https://token.actions.githubusercontent.com", "aud": "sts.amazonaws.com",
        "sub": "repo:acme/shop:environment:staging", "exp": 4_102_444_800_u64,
    });
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// AWS and GitHub as a test sees them.
pub struct Aws {
    pub server: Server,
}

impl Aws {
    /// Serves secrets.
    pub fn with(secrets: &[(&str, &str)]) -> Self {
        Self::start(secrets, false, 1, 1)
    }

    /// Serves secrets to somebody who may not ask for many at once.
    pub fn without_batch(secrets: &[(&str, &str)]) -> Self {
        Self::start(secrets, true, 1, 1)
    }

    /// Serves secrets to somebody who makes so many requests for sessions and for secrets at the same time: none is answered before
    /// all are there.
    pub fn at_once(secrets: &[(&str, &str)], sessions: usize, requests: usize) -> Self {
        Self::start(secrets, false, sessions, requests)
    }

    fn start(secrets: &[(&str, &str)], batch_denied: bool, sessions: usize, requests: usize) -> Self {
        let secrets = secrets.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let (sessions, requests) = (Barrier::new(sessions), Barrier::new(requests));
        let answer = move |request: &Request| {
            match kind(request) {
                Kind::Token => {}
                Kind::Session => drop(sessions.wait()),
                Kind::Secrets => drop(requests.wait()),
            }
            answer(request, &secrets, batch_denied)
        };
        Self { server: Server::start(answer) }
    }

    /// Returns the variables of a job that reaches it: nothing in them is a session.
    pub fn job(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.server.url()),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{}/token?api-version=2.0", self.server.url())),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER.to_owned()),
            ("AWS_ROLE_ARN", ROLE.to_owned()),
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_REPOSITORY", "acme/shop".to_owned()),
            ("GITHUB_RUN_ID", "4711".to_owned()),
        ]
    }

    /// Returns the variables of a session.
    pub fn session(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.server.url()),
            ("AWS_ACCESS_KEY_ID", "AKIASESSION".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret-of-the-session".to_owned()),
        ]
    }

    /// Returns what was asked: `token`, `sts`, or an action with its region, its access key and how many secrets it named.
    pub fn asked(&self) -> Vec<String> {
        self.server.seen().iter().map(name).collect()
    }
}

enum Kind {
    Token,
    Session,
    Secrets,
}

fn kind(request: &Request) -> Kind {
    match request.method.as_str() {
        "GET" => Kind::Token,
        _ if request.header("x-amz-target").is_empty() => Kind::Session,
        _ => Kind::Secrets,
    }
}

fn name(request: &Request) -> String {
    let action = match kind(request) {
        Kind::Token => return "token".to_owned(),
        Kind::Session => return "sts".to_owned(),
        Kind::Secrets => request.header("x-amz-target").trim_start_matches("secretsmanager."),
    };
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let count = body["SecretIdList"].as_array().map_or(1, Vec::len);
    let (key, region) = signed(request);
    format!("{action} {region} {key} {count}")
}

/// Returns the access key and the region that a request is signed for.
fn signed(request: &Request) -> (String, String) {
    let scope = request.header("authorization").split("Credential=").nth(1).unwrap_or_default();
    let mut parts = scope.split('/').map(str::to_owned);
    (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default())
}

fn refused(code: &str, message: &str) -> Reply {
    Reply::Answer(400, JSON, json!({"__type": code, "message": message}).to_string())
}

fn answer(request: &Request, secrets: &BTreeMap<String, String>, batch_denied: bool) -> Reply {
    if request.method == "GET" {
        return github(request);
    }
    let Some(action) = request.header("x-amz-target").strip_prefix("secretsmanager.") else { return sts(request) };
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let (key, region) = signed(request);
    assert!(!key.is_empty() && !region.is_empty(), "{request:?}");
    let arn = |name: &str| format!("arn:aws:secretsmanager:{region}:123456789012:secret:{name}-AbCdEf");
    let text = |name: &str| secrets.get(name).map(|text| text.replace("{key}", &key).replace("{region}", &region));
    match action {
        "GetSecretValue" => {
            let name = body["SecretId"].as_str().unwrap();
            match text(name) {
                Some(text) => {
                    Reply::Answer(200, JSON, json!({"ARN": arn(name), "Name": name, "SecretString": text}).to_string())
                }
                None => refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
            }
        }
        "BatchGetSecretValue" if batch_denied => refused(
            "AccessDeniedException",
            "User: arn:aws:sts::1:assumed-role/ci/x is not authorized to perform: secretsmanager:BatchGetSecretValue",
        ),
        "BatchGetSecretValue" => {
            let names: Vec<&str> = body["SecretIdList"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
            if names.len() > 20 || names.is_empty() {
                return refused("InvalidParameterException", "1 to 20 secrets can be asked for");
            }
            let mut distinct = names.clone();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), names.len(), "a secret is asked for twice");
            let (mut values, mut errors) = (Vec::new(), Vec::new());
            // In an order of its own.
            for name in names.iter().rev() {
                match text(name) {
                    Some(text) => values.push(json!({"ARN": arn(name), "Name": name, "SecretString": text})),
                    None => errors
                        .push(json!({"SecretId": name, "ErrorCode": "ResourceNotFoundException", "Message": "no"})),
                }
            }
            Reply::Answer(200, JSON, json!({"SecretValues": values, "Errors": errors}).to_string())
        }
        _ => refused("AccessDeniedException", "not authorized"),
    }
}

fn github(request: &Request) -> Reply {
    let right = request.path == "/token?api-version=2.0&audience=sts.amazonaws.com"
        && request.header("authorization") == format!("Bearer {BEARER}");
    if !right {
        return Reply::Answer(403, "text/plain", "no".to_owned());
    }
    Reply::Answer(200, "application/json", json!({"count": 1, "value": token()}).to_string())
}

fn sts(request: &Request) -> Reply {
    let fields: BTreeMap<String, String> = url::form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    assert_eq!(field("Action"), "AssumeRoleWithWebIdentity");
    let refused = |code: &str, message: &str| {
        let error = format!("<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        Reply::Answer(403, "text/xml", format!("<ErrorResponse>{error}<RequestId>rid-1</RequestId></ErrorResponse>"))
    };
    if field("WebIdentityToken") != token() {
        return refused("InvalidIdentityToken", "the token is not valid");
    }
    let name = field("RoleSessionName");
    if !(2..=64).contains(&name.len()) || !(900..=43_200).contains(&field("DurationSeconds").parse().unwrap_or(0)) {
        return refused("ValidationError", "name or duration");
    }
    let Some(role) = field("RoleArn").strip_prefix("arn:aws:iam::").filter(|role| !role.ends_with("/denied")) else {
        return refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    };
    let expires = if role.ends_with("/old") { "2020-01-01T00:00:00Z" } else { "2100-01-01T00:00:00Z" };
    let key = format!("ASIA{}", role.split(':').next().unwrap_or_default());
    let credentials = format!(
        "<AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret-of-{key}</SecretAccessKey>\
         <SessionToken>token-of-{name}</SessionToken><Expiration>{expires}</Expiration>"
    );
    let result = format!(
        "<AssumeRoleWithWebIdentityResult><Credentials>{credentials}</Credentials></AssumeRoleWithWebIdentityResult>"
    );
    let body = format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">{result}\
         </AssumeRoleWithWebIdentityResponse>"
    );
    Reply::Answer(200, "text/xml", body)
}

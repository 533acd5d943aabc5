//! `vault-login`: a token for this run, for another token or for a web identity.

use std::rc::Rc;

use super::client::Vault;
use crate::{
    diagnostic::{Failure, FailureKind},
    http::Request,
    identity::{TokenFile, Tokens, Wanted},
    provider::{
        CallContext, Host, Opening, Provider,
        input::{optional_text, required, shown, text},
    },
    value::{Graph, Key, NodeId, Origin, Value, View, json},
};

/// Opens `vault-login`.
pub(in crate::provider) struct Login {
    host: Rc<Host>,
    tokens: Rc<Tokens>,
}

impl Login {
    /// Makes the provider.
    pub(in crate::provider) fn new(host: Rc<Host>, tokens: Rc<Tokens>) -> Self {
        Self { host, tokens }
    }

    async fn log_in(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let vault = Vault::of(inputs, &self.host.http)?;
        let token = match (inputs.get("jwt"), inputs.get("token")) {
            (Some(jwt), None) => self.by_identity(vault, inputs, jwt).await?,
            (None, Some(token)) => by_token(vault, token).await?,
            _ => {
                return Err(Failure::new(FailureKind::Definition, "`vault-login` takes one of `jwt` and `token`"));
            }
        };
        let mut graph = Graph::new();
        let mut entries: Vec<(Key, NodeId)> = vec![("token".into(), graph.secret(token))];
        for name in ["address", "namespace"] {
            if let Some(value) = inputs.get(name) {
                entries.push((name.into(), graph.graft(value, Origin::NONE, crate::value::Flags::empty())));
            }
        }
        let root = graph.object(entries);
        Ok(Value::new(graph, root))
    }

    /// Logs in with a web identity token.
    async fn by_identity(&self, vault: Vault, inputs: View<'_>, jwt: View<'_>) -> Result<String, Failure> {
        if jwt.get("subjectAttributes").is_some() {
            self.host.notes.warn("`subjectAttributes` of `vault-login` is ignored: here no token comes from Pulumi");
        }
        let settings = &self.host.settings.vault;
        let address = text(required(inputs, "address"), "address")?;
        let wanted = Wanted {
            audience: settings.audience.clone().unwrap_or_else(|| address.to_owned()),
            file: TokenFile {
                setting: "`vault.token-file` of esc-shell.yaml",
                path: settings.token_file.clone(),
                meant: true,
            },
            for_aws: false,
        };
        let token = self.tokens.get(&wanted).await?;
        let vault = vault.hiding(token.reveal());
        let role = required(jwt, "role");
        let mount = optional_text(jwt, "mount")?.filter(|mount| !mount.is_empty()).unwrap_or("jwt");
        let url = vault.url(&format!("auth/{}/login", mount.trim_matches('/')))?;
        let body = object([("role", text(role, "role")?), ("jwt", token.reveal())]);
        let response = vault.send(Request::post(url, "application/json", body), None).await?;
        let asked = format!("the login with role {}", shown(role));
        issued(&vault, &response, &asked).map_err(|failure| match failure.kind {
            FailureKind::Identity => {
                let claims = &token.claims;
                let failure = failure.hint(format!("the token is from {}", token.source));
                match (&claims.subject, claims.audiences.is_empty()) {
                    (Some(subject), false) => failure.hint(format!(
                        "it says sub `{}`, aud `{}`",
                        crate::provider::input::plain(subject, 200),
                        crate::provider::input::plain(&claims.audiences.join(", "), 200)
                    )),
                    _ => failure,
                }
            }
            _ => failure,
        })
    }
}

/// Has a child token made of a token.
async fn by_token(vault: Vault, inputs: View<'_>) -> Result<String, Failure> {
    let token = text(required(inputs, "token"), "token")?;
    let vault = vault.hiding(token);
    let mut graph = Graph::new();
    let name = optional_text(inputs, "displayName")?.unwrap_or("pulumi");
    let life = optional_text(inputs, "maxTtl")?.filter(|life| !life.is_empty()).unwrap_or("2h");
    let mut entries: Vec<(Key, NodeId)> =
        vec![("display_name".into(), graph.string(name)), ("explicit_max_ttl".into(), graph.string(life))];
    for (input, name) in [("metadata", "meta"), ("policies", "policies")] {
        if let Some(value) = inputs.get(input) {
            entries.push((name.into(), graph.graft(value, Origin::NONE, crate::value::Flags::empty())));
        }
    }
    let root = graph.object(entries);
    let body = json::compact(graph.view(root))
        .map_err(|_| Failure::new(FailureKind::Definition, "`metadata` of `vault-login` is too large"))?;
    let request = Request::post(vault.url("auth/token/create")?, "application/json", body);
    let response = vault.send(request, Some(token)).await?;
    issued(&vault, &response, "a token for this token")
}

/// Takes the token out of an answer.
fn issued(vault: &Vault, response: &crate::http::Response, asked: &str) -> Result<String, Failure> {
    if !response.is_success() {
        return Err(vault.refused(response, asked, FailureKind::Identity));
    }
    let body = Vault::read(response)?;
    let token = body.view().get("auth").and_then(|auth| auth.get("client_token")).and_then(View::as_str);
    token.filter(|token| !token.is_empty()).map(str::to_owned).ok_or_else(|| {
        Failure::new(FailureKind::Provider, format!("Vault at {} gave an answer without a token", response.host))
    })
}

/// Writes an object of texts.
fn object<const N: usize>(texts: [(&str, &str); N]) -> String {
    let mut graph = Graph::new();
    let entries = texts.map(|(name, text)| (name.into(), graph.string(text)));
    let root = graph.object(entries);
    json::compact(graph.view(root)).expect("a handful of texts is no large value")
}

impl Provider for Login {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.log_in(inputs.view()).await })
    }
}

//! `vault-secrets`: what Vault has at paths, as it is.

use std::{collections::BTreeMap, rc::Rc};

use super::client::Vault;
use crate::{
    diagnostic::{Failure, FailureKind, suggest},
    http::Request,
    provider::{
        CallContext, Host, Opening, Provider, failures,
        input::{optional_text, plain, required, text},
        together,
    },
    value::{Flags, Graph, Key, Kind, NodeId, Origin, Value, View},
};

/// Opens `vault-secrets`.
pub(in crate::provider) struct Secrets {
    host: Rc<Host>,
}

impl Secrets {
    /// Makes the provider.
    pub(in crate::provider) fn new(host: Rc<Host>) -> Self {
        Self { host }
    }

    /// Reads each path once, all at the same time.
    async fn read(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let login = required(inputs, "login");
        let token = text(required(login, "token"), "token")?;
        let vault = Vault::of(login, &self.host.http)?.hiding(token);
        let mut paths: BTreeMap<&str, Result<Value, Failure>> = BTreeMap::new();
        for (_, entry) in required(inputs, "read").entries() {
            // The place of an answer that is not there yet.
            paths.insert(text(required(entry, "path"), "path")?, Err(Failure::new(FailureKind::Provider, "")));
        }
        let answers = together::all(paths.keys().map(|path| fetch(&vault, path, token))).await;
        paths.values_mut().zip(answers).for_each(|(place, answer)| *place = answer);
        let mut graph = Graph::new();
        let (mut entries, mut failed): (Vec<(Key, NodeId)>, Vec<Failure>) = (Vec::new(), Vec::new());
        for (key, entry) in required(inputs, "read").entries() {
            let path = text(required(entry, "path"), "path")?;
            let data = paths[path].as_ref().map_err(Failure::clone);
            match data.and_then(|data| field(data.view(), entry, path)) {
                Ok(value) => entries.push((Key::clone(key), graph.graft(value, Origin::NONE, Flags::SECRET))),
                Err(failure) => failed.push(failure),
            }
        }
        if let Some(failure) = failures::joined(failed) {
            return Err(failure);
        }
        let root = graph.object(entries);
        Ok(Value::new(graph, root))
    }
}

/// Reads what is at a path.
async fn fetch(vault: &Vault, path: &str, token: &str) -> Result<Value, Failure> {
    let response = vault.send(Request::get(vault.url(path)?), Some(token)).await?;
    let asked = format!("`{}`", plain(path, 200));
    if response.status == 404 {
        return Err(missing(vault, &response, path, &asked));
    }
    if !response.is_success() {
        let failure = vault.refused(&response, &asked, FailureKind::Provider);
        return Err(match failure.kind {
            FailureKind::Identity => {
                failure.hint("the token's policies need `read` on this path, and it may have expired")
            }
            _ => failure,
        });
    }
    let body = Vault::read(&response)?;
    match body.view().get("data") {
        Some(data) if matches!(data.kind(), Kind::Object(_)) => Ok(Value::copy(data)),
        _ => Err(Failure::new(FailureKind::Provider, format!("Vault at {} gave no data for {asked}", response.host))),
    }
}

/// Says that nothing is at a path, and why that may be.
fn missing(vault: &Vault, response: &crate::http::Response, path: &str, asked: &str) -> Failure {
    let failure = vault.refused(response, asked, FailureKind::Provider);
    let body = Vault::read(response).ok();
    let deleted = body.as_ref().and_then(|body| body.view().get("data")?.get("metadata")).is_some();
    if deleted {
        return failure.hint("the current version of the secret was deleted");
    }
    match path.trim_matches('/').split_once('/') {
        Some((mount, below)) if !below.starts_with("data/") => {
            let path = plain(&format!("{mount}/data/{below}"), 200);
            failure.hint(format!("in a KV engine of version 2 the path is `{path}`"))
        }
        _ => failure,
    }
}

/// Returns the field that an entry wants, or all data.
fn field<'v>(data: View<'v>, entry: View<'_>, path: &str) -> Result<View<'v>, Failure> {
    let Some(name) = optional_text(entry, "field")? else { return Ok(data) };
    data.get(name).ok_or_else(|| {
        let message = format!("`{}` has no field `{}`", plain(path, 200), plain(name, 120));
        let failure = Failure::new(FailureKind::Definition, message);
        match suggest::property(name, data.entries().map(|(key, _)| key.as_ref())) {
            Some(similar) => failure.hint(format!("did you mean `{}`?", plain(similar, 120))),
            None => failure,
        }
    })
}

impl Provider for Secrets {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.read(inputs.view()).await })
    }
}

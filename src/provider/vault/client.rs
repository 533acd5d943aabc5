//! Requests to Vault, and what it means when it refuses one.

use url::Url;

use crate::{
    diagnostic::{Failure, FailureKind},
    http::{Client, Request, Response},
    provider::input::{optional_text, plain, required, text},
    value::{Flags, Graph, Origin, Value, View, json},
};

/// The most characters of Vault's own message that are shown.
const SHOWN: usize = 300;

/// A Vault, as the inputs of a provider name it.
pub(super) struct Vault {
    http: Client,
    address: Url,
    namespace: Option<String>,
    /// What may stand in no message.
    secrets: Vec<String>,
}

impl Vault {
    /// Reads `address` and `namespace` of inputs.
    ///
    /// # Errors
    /// When the address is none.
    pub(super) fn of(inputs: View<'_>, http: &Client) -> Result<Self, Failure> {
        let address = text(required(inputs, "address"), "address")?;
        let address = Url::parse(address).ok().filter(|url| url.has_host() && !url.cannot_be_a_base());
        let address = address.ok_or_else(|| {
            Failure::new(FailureKind::Definition, "`address` is no address of a Vault")
                .hint("write it as `https://vault.example.com:8200`")
        })?;
        let namespace = optional_text(inputs, "namespace")?.filter(|namespace| !namespace.is_empty());
        Ok(Self { http: http.clone(), address, namespace: namespace.map(str::to_owned), secrets: Vec::new() })
    }

    /// Says what may stand in no message.
    pub(super) fn hiding(mut self, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self
    }

    /// Returns the address of a path below `/v1`.
    ///
    /// # Errors
    /// When the path leads elsewhere.
    pub(super) fn url(&self, path: &str) -> Result<Url, Failure> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return Err(Failure::new(FailureKind::Definition, format!("`{}` is no path of Vault", plain(path, 200))));
        }
        let mut url = self.address.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(parts);
        }
        Ok(url)
    }

    /// Sends a request; `token` says who asks.
    ///
    /// # Errors
    /// When there is no answer.
    pub(super) async fn send(&self, request: Request, token: Option<&str>) -> Result<Response, Failure> {
        let mut request = request.header("x-vault-request", "true");
        if let Some(token) = token {
            request = request.header("x-vault-token", token);
        }
        if let Some(namespace) = &self.namespace {
            request = request.header("x-vault-namespace", namespace.clone());
        }
        self.http.send(request).await.map_err(Failure::from)
    }

    /// Reads the JSON object of an answer; everything in it is secret.
    ///
    /// # Errors
    /// When it is none.
    pub(super) fn read(response: &Response) -> Result<Value, Failure> {
        let mut graph = Graph::new();
        let root = json::parse(&response.body, &mut graph, Origin::NONE, Flags::SECRET);
        let root = root.map_err(|error| {
            let message = format!("Vault at {} gave an answer that is not JSON: {}", response.host, error.kind);
            Failure::new(FailureKind::Provider, message).hint("check `address`")
        })?;
        Ok(Value::new(graph, root))
    }

    /// Says why Vault refused; `asked` is what it was asked for, as in "the login with role `x`".
    pub(super) fn refused(&self, response: &Response, asked: &str, kind: FailureKind) -> Failure {
        let (host, status) = (&response.host, response.status);
        let (kind, message) = match status {
            403 => (FailureKind::Identity, format!("Vault at {host} denies {asked}")),
            429 => (FailureKind::Provider, format!("Vault at {host} has too many requests for {asked}")),
            503 => (FailureKind::Provider, format!("Vault at {host} is sealed, or not ready")),
            404 => (FailureKind::Provider, format!("Vault at {host} has nothing for {asked}")),
            400..500 => (kind, format!("Vault at {host} refuses {asked}")),
            _ => (FailureKind::Provider, format!("Vault at {host} failed at {asked} (status {status})")),
        };
        let failure = Failure::new(kind, message);
        match self.complaint(response) {
            Some(said) => failure.hint(format!("Vault says: {said}")),
            None => failure,
        }
    }

    /// Returns the first message of Vault's documented error shape.
    fn complaint(&self, response: &Response) -> Option<String> {
        let body = Self::read(response).ok()?;
        let said = body.view().get("errors")?.items().find_map(View::as_str)?.to_owned();
        let said = self
            .secrets
            .iter()
            .filter(|secret| !secret.is_empty())
            .fold(said, |said, secret| said.replace(secret, "[secret]"));
        // A message of several lines names what is wrong in the last one: `1 error occurred:\n\t* permission denied`.
        let said = said.lines().map(|line| line.trim().trim_start_matches("* ")).rfind(|line| !line.is_empty())?;
        Some(plain(said, SHOWN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{http, provider::testing::inputs};

    fn vault(text: &str) -> Result<Vault, Failure> {
        Vault::of(inputs(text).view(), &Client::new(http::Settings { offline: true, ..http::Settings::default() }))
    }

    #[test]
    fn paths_stay_below_their_root() {
        for (address, path, want) in [
            ("https://vault.example", "secret/data/app", "https://vault.example/v1/secret/data/app"),
            ("https://vault.example:8200/", "/secret/a b/", "https://vault.example:8200/v1/secret/a%20b"),
            ("https://example/vault?x#y", "a/b%2f", "https://example/vault/v1/a/b%252f"),
        ] {
            let vault = vault(&format!(r#"{{"address": "{address}"}}"#)).unwrap();
            assert_eq!(vault.url(path).unwrap().as_str(), want);
        }
        for path in ["", "/", "a//b", "a/../b", "../sys/seal", "."] {
            let vault = vault(r#"{"address": "https://vault.example"}"#).unwrap();
            assert_eq!(vault.url(path).unwrap_err().message, format!("`{path}` is no path of Vault"));
        }
    }

    #[test]
    fn an_address_is_needed() {
        for address in ["", "vault.example", "mailto:x", "/v1"] {
            let failure = vault(&format!(r#"{{"address": "{address}"}}"#)).err().unwrap();
            assert_eq!(failure.message, "`address` is no address of a Vault", "{address}");
        }
    }
}

//! `external`: an HTTPS service that answers a signed question.

use std::rc::Rc;

use url::Url;

use crate::{
    diagnostic::{Failure, FailureKind},
    http::Request,
    identity::Tokens,
    provider::{
        CallContext, Host, Opening, Provider,
        input::{required, result_flags, text},
        oidc,
    },
    value::{Graph, Kind, Origin, Value, View, json},
};

/// Opens `external`.
pub(super) struct External {
    host: Rc<Host>,
    tokens: Rc<Tokens>,
}

impl External {
    /// Makes the provider.
    pub(super) fn new(host: Rc<Host>, tokens: Rc<Tokens>) -> Self {
        Self { host, tokens }
    }

    async fn ask(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let audience = text(required(inputs, "url"), "url")?;
        let url = Url::parse(audience).map_err(|_| Failure::new(FailureKind::Definition, "`url` is no address"))?;
        let body = match inputs.get("request") {
            Some(request) => json::compact(request)
                .map_err(|_| Failure::new(FailureKind::Definition, "`request` of `external` is too large"))?,
            None => "{}".to_owned(),
        };
        let token = oidc::for_audience(audience, &self.host, &self.tokens).await?;
        let request = Request::post(url, "application/json", body)
            .header("accept", "application/json")
            .header("authorization", format!("Bearer {}", token.reveal()));
        let response = self.host.http.send(request).await?;
        let (host, status) = (&response.host, response.status);
        match status {
            200 => {}
            401 | 403 => {
                return Err(Failure::new(
                    FailureKind::Identity,
                    format!("{host} denies the request (status {status})"),
                )
                .hint(format!("it was asked with the token of {}", token.source)));
            }
            _ => {
                let message = format!("{host} did not answer the request (status {status})");
                return Err(Failure::new(FailureKind::Provider, message));
            }
        }
        let mut graph = Graph::new();
        let malformed = |what: String| Failure::new(FailureKind::Provider, format!("the answer of {host} is {what}"));
        let root = json::parse(&response.body, &mut graph, Origin::NONE, result_flags(inputs))
            .map_err(|error| malformed(format!("not JSON: {}", error.kind)))?;
        if !matches!(graph.node(root).kind, Kind::Object(_)) {
            return Err(malformed("no JSON object".to_owned()));
        }
        let root = graph.object([("response".into(), root)]);
        Ok(Value::new(graph, root))
    }
}

impl Provider for External {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.ask(inputs.view()).await })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        http::testing::{Server, answer, client},
        provider::testing::{assert_silent, call, canary, host, open, written},
    };

    /// Asks a server that answers with a status and a body; returns what comes of it, and what the server saw.
    fn asked(status: u16, body: &str, more: &str) -> (Result<String, Failure>, Vec<String>) {
        let body = body.to_owned();
        let server = Server::new(move |_, _| answer(status, &[], &body));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let url = server.url("/ask?x=1");
        let claims = base64::Engine::encode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            format!(r#"{{"aud":["other","{url}"]}}"#),
        );
        fs::write(&file, format!("e30.{claims}.c2ln")).unwrap();
        let mut host = host(&[("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap())]);
        host.http = client();
        let host = Rc::new(host);
        let tokens = Rc::new(Tokens::new(host.variables.clone(), host.http.clone()));
        let opened = open(&External::new(host, tokens), &format!(r#"{{"url": "{url}"{more}}}"#), call());
        let bearer = format!("authorization: Bearer e30.{claims}.c2ln");
        for request in server.requests() {
            assert!(request.starts_with("POST /ask?x=1 ") && request.contains(&bearer), "{request}");
        }
        (opened.map(|value| written(value.view())), server.requests())
    }

    #[test]
    fn the_answer_is_secret_unless_the_definition_says_otherwise() {
        let request = r#", "request": {"n": 1.50, "s": "x"}"#;
        let (value, seen) = asked(200, r#"{"a": {"b": 1.0}}"#, request);
        assert_eq!(value, Ok("{response: !{a: !{b: !1.0}}}".to_owned()));
        assert_eq!(seen.len(), 1);
        assert!(seen[0].ends_with("\r\n\r\n{\"n\":1.50,\"s\":\"x\"}"), "{}", seen[0]);
        let (value, seen) = asked(200, "{}", r#", "secret": false"#);
        assert_eq!(value, Ok("{response: {}}".to_owned()));
        assert!(seen[0].ends_with("\r\n\r\n{}"), "{}", seen[0]);
    }

    #[test]
    fn anything_else_is_told_without_the_answer() {
        let secret = canary();
        for (status, body, kind, message) in [
            (401, format!("\"{secret}\""), FailureKind::Identity, "denies the request (status 401)"),
            (500, secret.clone(), FailureKind::Provider, "did not answer the request (status 500)"),
            (201, "{}".to_owned(), FailureKind::Provider, "did not answer the request (status 201)"),
            (302, secret.clone(), FailureKind::Provider, "did not answer the request (status 302)"),
            (200, format!("{{\"{secret}"), FailureKind::Provider, "is not JSON: unexpected end"),
            (200, format!("[\"{secret}\"]"), FailureKind::Provider, "is no JSON object"),
        ] {
            let (value, seen) = asked(status, &body, "");
            let failure = value.unwrap_err();
            assert_eq!((failure.kind, seen.len()), (kind, 1), "{status}");
            assert!(failure.message.ends_with(message), "{failure}");
            assert_silent(&failure, &secret);
        }
    }
}

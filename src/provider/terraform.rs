//! `terraform-state`: outputs of Terraform or `OpenTofu`, from a state in S3 or in HCP Terraform.

use std::rc::Rc;

use url::{Host as UrlHost, Url};

use crate::{
    diagnostic::{Failure, FailureKind},
    http::{Request, Response},
    provider::{
        CallContext, Host, Opening, Provider,
        aws::{Aws, S3, Signed},
        input::{optional_text, plain, required, text},
    },
    value::{Flags, Graph, Key, Kind, NodeId, Origin, Value, View, json},
};

/// The most bytes of a state: 64 MiB.
const STATE: usize = 64 << 20;

/// Opens `terraform-state`.
pub(super) struct State {
    host: Rc<Host>,
    aws: Rc<Aws>,
}

impl State {
    /// Makes the provider.
    pub(super) fn new(host: Rc<Host>, aws: Rc<Aws>) -> Self {
        Self { host, aws }
    }

    async fn read(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let backend = required(inputs, "backend");
        match backend.get("s3") {
            Some(s3) => self.of_bucket(s3).await,
            None => self.of_workspace(required(backend, "remote")).await,
        }
    }

    async fn of_bucket(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let input = |name| text(required(inputs, name), name);
        let (bucket, key) = (input("bucket")?, input("key")?);
        let signed = Signed::of_input(&self.aws, "s3", required(inputs, "login"), input("region")?)?;
        let s3 = S3::new(signed, bucket, None, false).await?;
        let shown = format!("s3://{}/{}", plain(bucket, 100), plain(key, 300));
        let bytes = s3.get(key, STATE).await?.ok_or_else(|| {
            Failure::new(FailureKind::Provider, format!("there is no state `{shown}`")).hint("check `bucket` and `key`")
        })?;
        outputs(&bytes, &shown)
    }

    async fn of_workspace(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let input = |name| text(required(inputs, name), name);
        let remote = Remote {
            host: &self.host,
            base: base(optional_text(inputs, "hostname")?.unwrap_or("app.terraform.io"))?,
            token: input("token")?,
            workspace: format!("{}/{}", plain(input("organization")?, 100), plain(input("workspace")?, 100)),
        };
        let (organization, workspace) = (input("organization")?, input("workspace")?);
        let found = remote.ask(&["organizations", organization, "workspaces", workspace]).await?;
        let id = remote.field(&found, &["data", "id"])?;
        let version = remote.ask(&["workspaces", &id, "current-state-version"]).await?;
        let download = remote.field(&version, &["data", "attributes", "hosted-state-download-url"])?;
        let bytes = remote.download(&download).await?;
        outputs(&bytes, &remote.workspace)
    }
}

/// HCP Terraform, or a server that speaks as it does.
struct Remote<'a> {
    host: &'a Host,
    base: Url,
    token: &'a str,
    /// `organization/workspace`, for messages.
    workspace: String,
}

impl Remote<'_> {
    async fn ask(&self, path: &[&str]) -> Result<Value, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v2"]).extend(path);
        }
        let request = Request::get(url)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/vnd.api+json");
        let response = self.host.http.send(request).await?;
        self.judge(&response)?;
        let mut graph = Graph::new();
        let root = json::parse(&response.body, &mut graph, Origin::NONE, Flags::SECRET);
        let root = root.map_err(|error| {
            Failure::new(FailureKind::Provider, format!("the answer of {} is not JSON: {}", response.host, error.kind))
        })?;
        Ok(Value::new(graph, root))
    }

    /// Fetches the state itself; the token goes along on the same host only.
    async fn download(&self, url: &str) -> Result<Vec<u8>, Failure> {
        let url = Url::parse(url).map_err(|_| self.malformed())?;
        let mut request = Request::get(url.clone()).at_most(STATE).follow(3);
        if url.origin() == self.base.origin() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let response = self.host.http.send(request).await?;
        self.judge(&response)?;
        Ok(response.body)
    }

    fn judge(&self, response: &Response) -> Result<(), Failure> {
        let (host, status, workspace) = (&response.host, response.status, &self.workspace);
        let failure = |kind, message: String| Err(Failure::new(kind, message));
        match status {
            200 => Ok(()),
            401 | 403 => failure(FailureKind::Identity, format!("{host} denies the token (status {status})"))
                .map_err(|failure| failure.hint("get a fresh one; it needs to read the workspace's state")),
            404 => failure(FailureKind::Provider, format!("there is no state of workspace `{workspace}` at {host}"))
                .map_err(|failure| failure.hint("check both names; without the right to read it looks the same")),
            429 => failure(FailureKind::Provider, format!("{host} has too many requests"))
                .map_err(|failure| failure.hint("try again in a moment")),
            _ => failure(FailureKind::Provider, format!("{host} fails at workspace `{workspace}` (status {status})")),
        }
    }

    fn field(&self, value: &Value, path: &[&str]) -> Result<String, Failure> {
        let found = path.iter().try_fold(value.view(), |view, name| view.get(name));
        found.and_then(View::as_str).map(str::to_owned).ok_or_else(|| self.malformed())
    }

    fn malformed(&self) -> Failure {
        let message = format!("the answer about workspace `{}` lacks what it should have", self.workspace);
        Failure::new(FailureKind::Provider, message).hint("check `hostname`")
    }
}

/// Returns the address of a host; only this machine is asked without TLS.
fn base(host: &str) -> Result<Url, Failure> {
    let wrong = || Failure::new(FailureKind::Definition, format!("`{}` is no name of a host", plain(host, 120)));
    let url = Url::parse(&format!("https://{host}/")).map_err(|_| wrong())?;
    let local = match url.host() {
        Some(UrlHost::Domain(name)) => name == "localhost",
        Some(UrlHost::Ipv4(address)) => address.is_loopback(),
        Some(UrlHost::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.path() != "/" || !url.username().is_empty() || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong());
    }
    if local { Url::parse(&format!("http://{host}/")).map_err(|_| wrong()) } else { Ok(url) }
}

/// Takes the outputs out of a state of version 4; those that are sensitive are secret.
fn outputs(bytes: &[u8], shown: &str) -> Result<Value, Failure> {
    let unreadable =
        |why: String| Failure::new(FailureKind::Provider, format!("the state of `{shown}` can't be read: {why}"));
    let mut stored = Graph::new();
    let root = json::parse(bytes, &mut stored, Origin::NONE, Flags::empty());
    let root = stored.view(root.map_err(|error| unreadable(format!("not JSON: {error}")))?);
    match root.get("version").and_then(View::as_number) {
        Some("4") => {}
        Some(version) => {
            return Err(unreadable(format!("its version is {}, and esc-shell reads 4", plain(version, 20)))
                .hint("a later run of Terraform or OpenTofu writes it anew"));
        }
        None => return Err(unreadable("it has no version".to_owned())),
    }
    let mut graph = Graph::new();
    let mut entries: Vec<(Key, NodeId)> = Vec::new();
    let outputs = root.get("outputs").filter(|outputs| matches!(outputs.kind(), Kind::Object(_)));
    for (name, output) in outputs.into_iter().flat_map(View::entries) {
        let value = output.get("value");
        let value = value.ok_or_else(|| unreadable(format!("output `{}` has no value", plain(name, 120))))?;
        let sensitive = output.get("sensitive").and_then(View::as_bool) == Some(true);
        let flags = if sensitive { Flags::SECRET } else { Flags::empty() };
        entries.push((Key::clone(name), graph.graft(value, Origin::NONE, flags)));
    }
    let outputs = graph.object(entries);
    let root = graph.object([("outputs".into(), outputs)]);
    Ok(Value::new(graph, root))
}

impl Provider for State {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.read(inputs.view()).await })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        http::testing::{Server, answer, client},
        identity::Tokens,
        provider::testing::{assert_silent, call, canary, host, open, written},
    };

    const STATE: &str = r#"{"version": 4, "outputs": {"url": {"value": "https://x", "type": "string"},
        "db": {"value": {"pass": "p", "ports": [1.50]}, "sensitive": true}}}"#;

    #[test]
    fn sensitive_outputs_are_secret() {
        let read = |text: &str| outputs(text.as_bytes(), "x").map(|value| written(value.view()));
        let want = r#"{outputs: {db: !{pass: !"p", ports: ![!1.50]}, url: "https://x"}}"#;
        assert_eq!(read(STATE), Ok(want.to_owned()));
        assert_eq!(read(r#"{"version": 4}"#), Ok("{outputs: {}}".to_owned()));
        for (text, want) in [
            ("{", "not JSON: unexpected end at byte 1"),
            ("{}", "it has no version"),
            (r#"{"version": 3}"#, "its version is 3, and esc-shell reads 4"),
            (r#"{"version": 4, "outputs": {"a": {}}}"#, "output `a` has no value"),
        ] {
            let failure = read(text).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Provider);
            assert_eq!(failure.message, format!("the state of `x` can't be read: {want}"));
        }
    }

    #[test]
    fn hosts_are_asked_over_tls_but_for_this_machine() {
        for (host, want) in [
            ("app.terraform.io", "https://app.terraform.io/"),
            ("tfe.example:8443", "https://tfe.example:8443/"),
            ("localhost:1", "http://localhost:1/"),
            ("127.0.0.1:1", "http://127.0.0.1:1/"),
        ] {
            assert_eq!(base(host).unwrap().as_str(), want);
        }
        for host in ["", "a/b", "u@h", "h?q", "a b"] {
            assert!(base(host).is_err(), "{host}");
        }
    }

    /// Asks a server for a workspace; `status` is what it answers with at a step.
    fn asked(status: [u16; 3], elsewhere: bool) -> (Result<String, Failure>, Vec<String>) {
        let other = Server::new(|_, _| answer(200, &[], STATE));
        let download = elsewhere.then(|| other.url("/blob").to_string());
        let server = Server::new(move |request, number| {
            let own = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
            let download = download.clone().unwrap_or_else(|| format!("http://{own}/blob"));
            let bodies = [
                r#"{"data": {"id": "ws-1"}}"#.to_owned(),
                format!(r#"{{"data": {{"attributes": {{"hosted-state-download-url": "{download}"}}}}}}"#),
                STATE.to_owned(),
            ];
            answer(status[number], &[], if status[number] == 200 { &bodies[number] } else { "" })
        });
        let mut host = host(&[]);
        host.http = client();
        let host = Rc::new(host);
        let tokens = Rc::new(Tokens::new(Arc::clone(&host.variables), host.http.clone()));
        let aws = Rc::new(Aws::new(Rc::clone(&host), tokens));
        let name = server.url("").authority().to_owned();
        let inputs = format!(
            r#"{{"backend": {{"remote": {{"organization": "o", "workspace": "w", "token": "tok", "hostname": "{name}"}}}}}}"#
        );
        let opened = open(&State::new(host, aws), &inputs, call()).map(|value| written(value.view()));
        let seen = server.requests().into_iter().chain(other.requests());
        (opened, seen.collect())
    }

    #[test]
    fn a_workspace_is_read_in_three_steps() {
        for elsewhere in [false, true] {
            let (value, seen) = asked([200; 3], elsewhere);
            assert!(value.unwrap().contains(r#"url: "https://x""#));
            let lines: Vec<&str> = seen.iter().map(|request| request.lines().next().unwrap()).collect();
            let want = [
                "GET /api/v2/organizations/o/workspaces/w HTTP/1.1",
                "GET /api/v2/workspaces/ws-1/current-state-version HTTP/1.1",
                "GET /blob HTTP/1.1",
            ];
            assert_eq!(lines, want);
            let authorized = seen.iter().map(|request| request.contains("authorization: Bearer tok"));
            assert_eq!(authorized.collect::<Vec<_>>(), [true, true, !elsewhere]);
        }
    }

    #[test]
    fn refusals_are_told() {
        let secret = canary();
        for (status, kind, message) in [
            ([401, 200, 200], FailureKind::Identity, "denies the token (status 401)"),
            ([404, 200, 200], FailureKind::Provider, "there is no state of workspace `o/w`"),
            ([200, 404, 200], FailureKind::Provider, "there is no state of workspace `o/w`"),
            ([200, 200, 403], FailureKind::Identity, "denies the token (status 403)"),
        ] {
            let failure = asked(status, false).0.unwrap_err();
            assert_eq!(failure.kind, kind, "{failure}");
            assert!(failure.message.contains(message), "{failure}");
            assert_silent(&failure, &secret);
        }
    }
}

//! A Pulumi Cloud of this machine: strict about what it is asked, counted, and able to fail in every way.
//!
//! It follows the documented shapes of the service, not this program's client; what it is asked in any other way is a problem, which ends the
//! test.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
    time::Duration,
};

/// The token that it takes; it must be seen nowhere.
pub const TOKEN: &str = "pul-canary-5ec4e7";

/// How it fails.
#[derive(Clone, Debug)]
pub enum Fault {
    /// A status with headers and a body.
    Status(u16, &'static [(&'static str, &'static str)], &'static str),
    /// The connection ends without an answer.
    Hangup,
    /// The connection ends in the middle of the body.
    Half,
    /// An answer that is no HTTP.
    Noise,
    /// No answer at all.
    Silence,
}

#[derive(Default)]
struct Environment {
    /// Revisions after the implicit empty one, which is the first.
    revisions: Vec<String>,
    clear: String,
    tags: BTreeMap<String, usize>,
    session: String,
    refusal: Option<String>,
}

#[derive(Default)]
struct State {
    environments: BTreeMap<String, Environment>,
    organization: Option<String>,
    check: Option<(u16, String)>,
    faults: Vec<(String, usize, Fault)>,
    pages: Vec<String>,
    /// Requests that are answered only together.
    together: Vec<String>,
    waiting: usize,
    seen: Vec<(usize, String)>,
    problems: Vec<String>,
    connections: usize,
    bodies: Vec<String>,
}

/// The server; it ends with the test.
pub struct Cloud {
    address: String,
    state: Arc<(Mutex<State>, Condvar)>,
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: String,
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Cloud {
    /// Starts a server that knows nothing.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(&stream, &shared));
            }
        });
        Self { address, state }
    }

    /// Returns its address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.0.lock().unwrap())
    }

    fn environment<T>(&self, name: &str, change: impl FnOnce(&mut Environment) -> T) -> T {
        self.change(|state| change(state.environments.entry(name.to_owned()).or_default()))
    }

    /// Saves a definition, the next revision of `org/project/env`; the first one is revision 2.
    pub fn define(&self, name: &str, definition: &str) {
        self.environment(name, |environment| environment.revisions.push(definition.to_owned()));
    }

    /// Says what the newest definition is with its secrets in clear.
    pub fn define_clear(&self, name: &str, definition: &str) {
        self.environment(name, |environment| definition.clone_into(&mut environment.clear));
    }

    /// Tags a revision.
    pub fn tag(&self, name: &str, tag: &str, revision: usize) {
        self.environment(name, |environment| environment.tags.insert(tag.to_owned(), revision));
    }

    /// Says what an opened environment holds: the body of a session read.
    pub fn hold(&self, name: &str, session: impl Into<String>) {
        self.environment(name, |environment| {
            environment.session = session.into();
            if environment.revisions.is_empty() {
                environment.revisions.push("values: {}\n".to_owned());
            }
        });
    }

    /// Makes the opening of an environment fail with diagnostics.
    pub fn refuse(&self, name: &str, body: &str) {
        self.hold(name, "{}");
        self.environment(name, |environment| environment.refusal = Some(body.to_owned()));
    }

    /// Says what a check gives.
    pub fn judge(&self, status: u16, body: &str) {
        self.change(|state| state.check = Some((status, body.to_owned())));
    }

    /// Names the default organization.
    pub fn organization(&self, name: &str) {
        self.change(|state| state.organization = Some(name.to_owned()));
    }

    /// Says what is listed, a page each.
    pub fn list(&self, pages: &[&str]) {
        self.change(|state| state.pages = pages.iter().map(|&page| page.to_owned()).collect());
    }

    /// Fails so often when a request begins with this text, as in `GET /api/user`.
    pub fn fail(&self, request: &str, times: usize, fault: Fault) {
        self.change(|state| state.faults.push((request.to_owned(), times, fault)));
    }

    /// Answers requests that end so only when all of them are there.
    pub fn answer_together(&self, ends: &[&str]) {
        self.change(|state| state.together = ends.iter().map(|&end| end.to_owned()).collect());
    }

    /// Returns the requests since the last time, sorted when they came at once, and how many connections they took.
    pub fn seen(&self) -> (Vec<String>, usize) {
        self.change(|state| {
            assert_eq!(state.problems, Vec::<String>::new());
            let seen = std::mem::take(&mut state.seen);
            let connections: std::collections::BTreeSet<usize> =
                seen.iter().map(|(connection, _)| *connection).collect();
            (seen.into_iter().map(|(_, request)| request).collect(), connections.len())
        })
    }

    /// Returns the bodies of the requests so far.
    pub fn bodies(&self) -> Vec<String> {
        self.change(|state| std::mem::take(&mut state.bodies))
    }
}

fn serve(stream: &TcpStream, shared: &(Mutex<State>, Condvar)) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream.try_clone().unwrap();
    let connection = {
        let mut state = shared.0.lock().unwrap();
        state.connections += 1;
        state.connections
    };
    while let Some(request) = read(&mut reader) {
        let line = match request.query.as_str() {
            "" => format!("{} {}", request.method, request.path),
            query => format!("{} {}?{query}", request.method, request.path),
        };
        let mut state = shared.0.lock().unwrap();
        state.seen.push((connection, line.clone()));
        if !request.body.is_empty() {
            state.bodies.push(request.body.clone());
        }
        if let Some(problem) = problem(&request) {
            state.problems.push(format!("{line}: {problem}"));
        }
        let fault = state.faults.iter_mut().find(|(begin, times, _)| *times > 0 && line.starts_with(begin.as_str()));
        let fault = fault.map(|(_, times, fault)| {
            *times -= 1;
            fault.clone()
        });
        let answer = match fault {
            None => answer(&request, &mut state),
            Some(Fault::Status(status, headers, body)) => {
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                Answer { status, headers, body: body.to_owned() }
            }
            Some(Fault::Hangup) => return,
            Some(Fault::Half) => {
                let _ = writer.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"properties\": pul-canary");
                return;
            }
            Some(Fault::Noise) => {
                let _ = writer.write_all(b"pul-canary \x01\x02\r\n\r\n");
                return;
            }
            Some(Fault::Silence) => {
                drop(state);
                let _ = reader.read(&mut [0]);
                return;
            }
        };
        if state.together.iter().any(|end| request.path.ends_with(end.as_str())) {
            state.waiting += 1;
            shared.1.notify_all();
            let all = state.together.len();
            let (mut waited, timeout) =
                shared.1.wait_timeout_while(state, Duration::from_secs(5), |state| state.waiting < all).unwrap();
            if timeout.timed_out() {
                waited.problems.push(format!("{line} came alone"));
            }
            state = waited;
        }
        drop(state);
        let Answer { status, headers, body } = answer;
        let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len());
        if writer.write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut headers = BTreeMap::new();
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(": ") else { break };
        assert!(headers.insert(name.to_lowercase(), value.to_owned()).is_none(), "{name} came twice");
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut parts = first.split(' ');
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    Some(Request { method, path, query, headers, body: String::from_utf8(body).unwrap() })
}

/// Says what is wrong with a request, as the documentation has it.
fn problem(request: &Request) -> Option<String> {
    let header = |name: &str| request.headers.get(name).map(String::as_str).unwrap_or_default();
    let is = |name: &str, wanted: &str| (header(name) != wanted).then(|| format!("{name} is {:?}", header(name)));
    if request.path == "/github" {
        return is("authorization", "Bearer job");
    }
    if !header("user-agent").starts_with("esc-shell/") {
        return Some(format!("user-agent is {:?}", header("user-agent")));
    }
    if request.path == "/api/oauth/token" {
        return is("content-type", "application/json")
            .or_else(|| request.headers.get("authorization").map(|_| "a token is sent with the exchange".to_owned()));
    }
    let query_is = |wanted: &str| (request.query != wanted).then(|| format!("the query is not {wanted:?}"));
    let query = if request.path.ends_with("/open") {
        (!request.query.starts_with("duration=") || request.query.contains('&')).then(|| "no duration".to_owned())
    } else if request.path.ends_with("/yaml/check") {
        query_is("showSecrets=false")
    } else if request.path.matches('/').count() <= 4 && request.query.starts_with("continuationToken=") {
        None
    } else {
        query_is("")
    };
    let writes = !matches!(request.method.as_str(), "GET" | "POST")
        || (request.method == "POST" && !(request.path.ends_with("/open") || request.path.ends_with("/yaml/check")));
    let body = !request.body.is_empty() && !request.path.ends_with("/yaml/check");
    query
        .or_else(|| is("accept", "application/vnd.pulumi+8"))
        .or_else(|| is("content-type", "application/json"))
        .or_else(|| writes.then(|| "it would change something".to_owned()))
        .or_else(|| body.then(|| "it has a body".to_owned()))
}

fn answer(request: &Request, state: &mut State) -> Answer {
    let ok = |body: &str| Answer { status: 200, headers: Vec::new(), body: body.to_owned() };
    let error = |status: u16| Answer {
        status,
        headers: vec![("x-pulumi-request-id".to_owned(), "req-7".to_owned())],
        body: format!(r#"{{"code":{status},"message":"pul-canary-body"}}"#),
    };
    if request.path == "/github" {
        return ok(r#"{"value":"github-jwt-canary"}"#);
    }
    if request.path == "/api/oauth/token" {
        return ok(&format!(r#"{{"access_token":"{TOKEN}","token_type":"token","expires_in":7200}}"#));
    }
    if request.headers.get("authorization").map(String::as_str) != Some(&format!("token {TOKEN}")) {
        return error(401);
    }
    let path: Vec<&str> = request.path.split('/').skip(1).collect();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["api", "user", "organizations", "default"]) => match &state.organization {
            Some(name) => ok(&format!(r#"{{"gitHubLogin":"{name}"}}"#)),
            None => error(404),
        },
        ("GET", ["api", "esc", "environments"] | ["api", "esc", "environments", _]) => {
            let at =
                request.query.strip_prefix("continuationToken=").map_or(0, |token| token.parse::<usize>().unwrap());
            let Some(page) = state.pages.get(at) else { return error(404) };
            let next = if at + 1 < state.pages.len() { format!(r#","nextToken":"{}""#, at + 1) } else { String::new() };
            ok(&format!(r#"{{"environments":[{page}]{next}}}"#))
        }
        ("POST", ["api", "esc", "environments", _, "yaml", "check"]) => match &state.check {
            Some((status, body)) => Answer { status: *status, ..ok(body) },
            None => ok(r#"{"properties":{}}"#),
        },
        (method, ["api", "esc", "environments", organization, project, environment, rest @ ..]) => {
            let name = format!("{organization}/{project}/{environment}");
            let Some(environment) = state.environments.get(&name) else { return error(404) };
            let newest = environment.revisions.len() + 1;
            let (revision, rest) = match rest {
                ["versions", version, rest @ ..] => {
                    let revision = version.parse().ok().or_else(|| environment.tags.get(*version).copied());
                    let Some(revision) = revision.filter(|revision| (1..=newest).contains(revision)) else {
                        return error(404);
                    };
                    (revision, rest)
                }
                rest => (newest, rest),
            };
            let text = |text: &str| Answer {
                headers: vec![("etag".into(), "\"e\"".into()), ("pulumi-esc-revision".into(), revision.to_string())],
                ..ok(text)
            };
            match (method, rest) {
                ("GET", []) => text(revision.checked_sub(2).map_or("", |at| &environment.revisions[at])),
                ("GET", ["decrypt"]) => text(&environment.clear),
                ("POST", ["open"]) => match &environment.refusal {
                    Some(body) => Answer { status: 400, ..ok(body) },
                    None => ok(&format!(r#"{{"id":"session {revision}/é"}}"#)),
                },
                ("GET", ["open", id]) if id.starts_with("session%20") && id.ends_with("%2F%C3%A9") => {
                    ok(&environment.session)
                }
                _ => error(404),
            }
        }
        _ => error(404),
    }
}

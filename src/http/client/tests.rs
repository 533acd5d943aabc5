//! Requests to servers on this machine that behave, and that don't.

use std::collections::BTreeMap;

use super::*;
use crate::http::testing::{Reply, Server, answer, client, wait};

const CANARY: &str = "canary-4711";

/// Makes what a connection gets.
type Make = Box<dyn Fn() -> Reply + Send>;

fn send(request: Request) -> Result<Response, Error> {
    wait(client().send(request))
}

#[test]
fn an_answer_has_status_headers_and_body() {
    let server = Server::new(|_, _| answer(404, &[("X-Thing", "yes")], "body"));
    let response = send(Request::post(server.url("/a?b=c"), "text/plain", "sent").header("x-own", "1")).unwrap();
    assert_eq!(
        (response.status, response.body.as_slice(), response.header("x-thing")),
        (404, &b"body"[..], Some("yes"))
    );
    assert!(!response.is_success());
    let request = server.requests()[0].to_lowercase();
    assert!(request.starts_with("post /a?b=c http/1.1\r\n"), "{request}");
    for part in ["x-own: 1\r\n", "content-type: text/plain\r\n", "user-agent: esc-shell/", "\r\n\r\nsent"] {
        assert!(request.contains(part), "{part}: {request}");
    }
}

#[test]
fn without_tls_only_this_machine_is_asked() {
    let cases = [
        ("http://localhost/", Ok(())),
        ("http://127.0.0.1:1/", Ok(())),
        ("http://127.8.9.1/", Ok(())),
        ("http://[::1]/", Ok(())),
        ("https://example.com/", Ok(())),
        ("http://example.com/", Err(ErrorKind::Insecure)),
        ("http://localhost.example.com/", Err(ErrorKind::Insecure)),
        ("http://169.254.169.254/", Err(ErrorKind::Insecure)),
        ("ftp://localhost/", Err(ErrorKind::Address)),
        ("file:///etc/passwd", Err(ErrorKind::Address)),
    ];
    for (url, want) in cases {
        assert_eq!(secure(&Url::parse(url).unwrap()), want, "{url}");
    }
    let error = send(Request::get(Url::parse("http://example.com:81/secret").unwrap())).unwrap_err();
    assert_eq!(error, Error::new("example.com:81", ErrorKind::Insecure));
}

#[test]
fn offline_nothing_is_sent() {
    let server = Server::new(|_, _| answer(200, &[], ""));
    let client = Client::new(Settings { offline: true, ..Settings::default() });
    let error = wait(client.send(Request::get(server.url("/")))).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Offline);
    assert!(server.requests().is_empty());
}

#[test]
fn what_goes_wrong_is_told_apart() {
    let soon = Duration::from_millis(300);
    let truncated = || Reply::Bytes(format!("HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{CANARY}").into_bytes());
    let head = || format!("HTTP/1.1 200 X\r\ncontent-length: 99\r\n\r\n{CANARY}").into_bytes();
    let cases: Vec<(Make, ErrorKind)> = vec![
        (Box::new(|| Reply::Reset), ErrorKind::Broken),
        (Box::new(truncated), ErrorKind::Broken),
        (Box::new(|| Reply::Bytes(format!("{CANARY}\r\n\r\n").into_bytes())), ErrorKind::Broken),
        (Box::new(|| answer(200, &[], &"x".repeat(65))), ErrorKind::TooLarge(64)),
        (Box::new(|| Reply::Hang(Vec::new())), ErrorKind::Timeout(soon)),
        (Box::new(move || Reply::Hang(head())), ErrorKind::Timeout(soon)),
        (Box::new(move || Reply::Drip(head())), ErrorKind::Timeout(soon)),
    ];
    for (reply, want) in cases {
        let server = Server::new(move |_, _| reply());
        let error = send(Request::get(server.url("/path")).at_most(64).within(soon).once()).unwrap_err();
        let close = |kind: &ErrorKind| matches!((kind, &want), (ErrorKind::Timeout(got), ErrorKind::Timeout(want)) if got.abs_diff(*want) < soon);
        assert!(error.kind == want || close(&error.kind), "{error:?} {want:?}");
        assert!(!format!("{error} {error:?}").contains(CANARY));
        assert!(!error.to_string().contains("/path"));
    }
}

#[test]
fn a_port_without_server_is_unreachable() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{address}/")).unwrap();
    let error = send(Request::get(url).once()).unwrap_err();
    assert_eq!(error, Error::new(address.to_string(), ErrorKind::Unreachable(std::io::ErrorKind::ConnectionRefused)));
}

#[test]
fn what_may_be_repeated_is() {
    let flaky = || Server::new(|_, number| if number == 0 { Reply::Reset } else { answer(200, &[], "") });
    let server = flaky();
    assert_eq!(send(Request::get(server.url("/"))).unwrap().status, 200);
    assert_eq!(server.requests().len(), 2);
    let server = flaky();
    assert_eq!(send(Request::post(server.url("/"), "a/b", "")).unwrap_err().kind, ErrorKind::Broken);
    assert_eq!(server.requests().len(), 1);
    let server = flaky();
    assert_eq!(send(Request::post(server.url("/"), "a/b", "").repeatable()).unwrap().status, 200);
    let server = Server::new(|_, _| answer(503, &[("retry-after", "0")], ""));
    assert_eq!(send(Request::get(server.url("/"))).unwrap().status, 503);
    assert_eq!(server.requests().len(), 3);
    // A server that wants to be left alone for longer than there is time is left alone.
    let server = Server::new(|_, _| answer(429, &[("retry-after", "60")], ""));
    assert_eq!(send(Request::get(server.url("/"))).unwrap().status, 429);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_redirect_takes_no_header_to_another_host() {
    let other = Server::new(|_, _| answer(200, &[], "there"));
    let there = other.url("/x").to_string();
    let server = Server::new(move |request, _| {
        if request.starts_with("GET /same") {
            answer(200, &[], "same")
        } else {
            answer(302, &[("location", &there)], "")
        }
    });
    let request = |server: &Server, path: &str| Request::get(server.url(path)).header("authorization", CANARY);
    assert_eq!(send(request(&server, "/")).unwrap().status, 302);
    assert_eq!(send(request(&server, "/").follow(1)).unwrap().body, b"there");
    assert!(!other.requests()[0].contains(CANARY));
    let back = Server::new(|request, _| {
        if request.starts_with("GET /same") {
            answer(200, &[], "same")
        } else {
            answer(307, &[("location", "/same")], "")
        }
    });
    assert_eq!(send(request(&back, "/").follow(1)).unwrap().body, b"same");
    assert!(back.requests()[1].contains(CANARY));
    let nowhere = Server::new(|_, _| answer(302, &[], ""));
    assert_eq!(send(request(&nowhere, "/").follow(1)).unwrap_err().kind, ErrorKind::Redirect);
    let secure = Url::parse("https://example.com/").unwrap();
    let plain = Some(Url::parse("http://localhost/").unwrap());
    assert_eq!(redirected(Request::get(secure).follow(1), plain).unwrap_err().kind, ErrorKind::Redirect);
}

#[test]
fn certificates_that_a_variable_names_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, CANARY).unwrap();
    let missing = folder.path().join("missing.pem");
    for (variable, path, reason) in
        [("SSL_CERT_FILE", &missing, "can't be read: entity not found"), ("NIX_SSL_CERT_FILE", &empty, "has none")]
    {
        let variables = BTreeMap::from([(variable.into(), path.into())]).into();
        let client = Client::new(Settings { variables, offline: false });
        let error = wait(client.send(Request::get(Url::parse("https://127.0.0.1:1/").unwrap()))).unwrap_err();
        let kind = ErrorKind::Certificates { from: format!("{variable}={}", path.display()), reason: reason.into() };
        assert_eq!(error, Error::new("127.0.0.1:1", kind));
    }
}

#[test]
fn a_server_that_speaks_no_tls_is_told() {
    let server = Server::new(|_, _| answer(400, &[], CANARY));
    let mut url = server.url("/");
    url.set_scheme("https").unwrap();
    let error = send(Request::get(url).once()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Tls);
}

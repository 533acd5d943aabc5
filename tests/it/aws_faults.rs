//! AWS that fails in every way: each ends in time with a message of its own, and nothing of an answer comes out.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::support::{
    project::{Printed, Project, printed},
    server::{Reply, Server},
};

/// Stands in every field and body that nobody is to see.
const CANARY: &str = "canary-4711";

const DEFINITION: &str = "values:
  s:
    fn::open::aws-secrets:
      region: eu-west-1
      get: {db: {secretId: db}}
";

/// A refusal in the form that AWS documents, with a field that is no part of it.
fn refused(status: u16, code: &str, message: &str) -> Reply {
    let body = json!({"__type": code, "message": message, "other": CANARY, "SecretString": CANARY});
    Reply::Answer(status, "application/x-amz-json-1.1", body.to_string())
}

fn head(length: usize) -> String {
    format!("HTTP/1.1 200 X\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {length}\r\n\r\n")
}

/// A fault, how often it is asked, the exit code, and what is said of it.
type Case = (&'static str, fn() -> Reply, usize, i32, &'static str);

const CASES: [Case; 14] = [
    (
        "throttle",
        || refused(400, "ThrottlingException", "Rate exceeded"),
        3,
        4,
        "Secrets Manager in eu-west-1 is asked too often just now",
    ),
    (
        "expired",
        || refused(400, "ExpiredTokenException", "The security token included in the request is expired"),
        1,
        3,
        "the AWS session has expired (AWS_ACCESS_KEY_ID of the environment)",
    ),
    (
        "denied",
        || refused(400, "AccessDeniedException", "User: x is not authorized to perform: secretsmanager:GetSecretValue"),
        1,
        3,
        "`secretsmanager:GetSecretValue` for secret `db` in eu-west-1 is denied",
    ),
    (
        "kms",
        || refused(400, "AccessDeniedException", "Access to KMS is not allowed"),
        1,
        3,
        "the KMS key of secret `db` may not be used",
    ),
    (
        "unknown key",
        || refused(400, "UnrecognizedClientException", "The security token included in the request is invalid."),
        1,
        3,
        "AWS does not know this access key",
    ),
    (
        "clock",
        || {
            refused(
                400,
                "InvalidSignatureException",
                "Signature expired: 20200101T000000Z is now earlier than 20200101T010000Z",
            )
        },
        1,
        3,
        "the clock of this machine and that of Secrets Manager differ too much",
    ),
    (
        "500",
        || refused(500, "InternalServiceError", "x"),
        3,
        4,
        "Secrets Manager in eu-west-1 fails itself (InternalServiceError)",
    ),
    (
        "page",
        || Reply::Answer(503, "text/html", format!("<html>{CANARY}</html>")),
        3,
        4,
        "Secrets Manager in eu-west-1 fails itself (503)",
    ),
    (
        "garbage",
        || Reply::Answer(200, "application/x-amz-json-1.1", format!("{{\"SecretString\": \"{CANARY}")),
        1,
        4,
        "Secrets Manager in eu-west-1 gave an answer that can't be read",
    ),
    (
        "truncated",
        || Reply::Bytes(format!("{}{{\"SecretString\": \"{CANARY}", head(500))),
        3,
        4,
        "Secrets Manager in eu-west-1 ended the connection before its answer was complete",
    ),
    (
        "reset",
        || Reply::Reset,
        3,
        4,
        "Secrets Manager in eu-west-1 ended the connection before its answer was complete",
    ),
    (
        "no http",
        || Reply::Bytes(format!("{CANARY}\r\n\r\n")),
        1,
        4,
        "Secrets Manager in eu-west-1 ended the connection before its answer was complete",
    ),
    (
        "drip",
        || Reply::Drip(format!("{}{{\"SecretString\": \"{}", head(9000), CANARY.repeat(800))),
        2,
        4,
        "Secrets Manager in eu-west-1 did not answer in time",
    ),
    ("hang", || Reply::Hang, 2, 4, "Secrets Manager in eu-west-1 did not answer in time"),
];

#[test]
fn every_fault_ends_in_time_with_a_message_of_its_own() {
    let checks = CASES.map(|(name, reply, attempts, code, message)| {
        thread::spawn(move || {
            let project = Project::with(&[("env", DEFINITION)]);
            let server = Server::start(move |_| reply());
            let start = Instant::now();
            let mut command = project.command(&["open", "env", "-v"]);
            let keys = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", CANARY)];
            command.envs(keys).env("AWS_ENDPOINT_URL", server.url());
            let Printed { code: ended, out, err } = printed(&mut command);
            assert!(start.elapsed() < Duration::from_secs(25), "{name} took {:?}", start.elapsed());
            assert!(err.contains(message), "{name}: {err}");
            assert_eq!((ended, out.as_str()), (Some(code), ""), "{name}: {err}");
            assert!(!err.contains(CANARY), "{name}: {err}");
            let asked = server.seen().len();
            // How many attempts fit into the time depends on the pauses between them.
            let wanted = if message.ends_with("in time") { 2..=3 } else { attempts..=attempts };
            assert!(wanted.contains(&asked), "{name}: {asked}");
        })
    });
    for check in checks {
        check.join().unwrap();
    }
}

/// Variables and arguments, and what is said.
type Absent<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);

#[test]
fn what_is_not_there_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let project = Project::with(&[("env", DEFINITION)]);
    let keys = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", CANARY)];
    let ask = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = project.command(&[&["open", "env", "--diagnostics", "short"], arguments].concat());
        printed(command.envs(keys).envs(variables.iter().copied()))
    };
    let url = format!("http://{free}");
    let cases: [Absent<'_>; 3] = [
        (&[("AWS_ENDPOINT_URL", &url)], &[], "Secrets Manager in eu-west-1 can't be reached: connection refused"),
        (
            &[],
            &["--offline"],
            "secretsmanager.eu-west-1.amazonaws.com can't be asked without network; leave `--offline` out",
        ),
        (
            &[("SSL_CERT_FILE", "/nonexistent")],
            &[],
            "no trusted certificates: SSL_CERT_FILE=/nonexistent can't be read: entity not found",
        ),
    ];
    for (variables, arguments, message) in cases {
        let Printed { code, out, err } = ask(variables, arguments);
        assert_eq!((code, out.as_str()), (Some(4), ""), "{err}");
        assert!(err.contains(message), "{message}: {err}");
        assert!(!err.contains(CANARY), "{err}");
    }
}

#[test]
fn the_time_that_is_given_is_kept() {
    let project = Project::with(&[("env", DEFINITION)]);
    let server = Server::start(|_| Reply::Hang);
    let mut command = project.command(&["open", "env", "--timeout", "1s", "--diagnostics", "short"]);
    let keys = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", CANARY)];
    let start = Instant::now();
    let Printed { code, err, .. } = printed(command.envs(keys).env("AWS_ENDPOINT_URL", server.url()));
    assert!(start.elapsed() < Duration::from_secs(8));
    assert_eq!(code, Some(4), "{err}");
    assert!(err.contains("can't open `aws-secrets`: no answer within "), "{err}");
}

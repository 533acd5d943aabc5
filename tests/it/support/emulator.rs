//! Emulators of AWS: one process of each for all tests, started when the first test needs it; it ends with the test program.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{ChildStdin, Command, Stdio},
    sync::{LazyLock, Mutex},
    thread,
};

use serde_json::{Value, json};

use super::{http::request, tools::missing};

/// Runs a server until the standard input ends: whoever holds its other end is gone then, however that happened.
const UNTIL_INPUT_ENDS: &str = "
import os, sys, threading
os.dup2(2, 1)
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
";

const MOTO: &str = "
from moto.server import main
main(['-H', '127.0.0.1', '-p', sys.argv[1]])
";

const MINISTACK: &str = "
os.environ.update(GATEWAY_PORT=sys.argv.pop(), BIND_HOST='127.0.0.1')
from ministack.app import main
main()
";

/// An emulator that runs.
pub struct Emulator {
    /// The account that it takes everybody for.
    pub account: &'static str,
    port: u16,
    /// Keeps it running.
    _input: Mutex<ChildStdin>,
}

static EMULATORS: LazyLock<[Option<Emulator>; 2]> = LazyLock::new(|| {
    let moto = thread::spawn(|| Emulator::start("moto", MOTO, "123456789012"));
    let ministack = Emulator::start("ministack", MINISTACK, "000000000000");
    [moto.join().unwrap(), ministack]
});

/// Returns the emulators; one that is not installed is named, and is a failure under CI.
pub fn all() -> Vec<(&'static str, &'static Emulator)> {
    let named = ["moto", "ministack"].into_iter().zip(&*EMULATORS);
    named
        .filter_map(|(name, emulator)| {
            if emulator.is_none() {
                missing(name);
            }
            Some((name, emulator.as_ref()?))
        })
        .collect()
}

impl Emulator {
    fn start(module: &str, script: &str, account: &'static str) -> Option<Self> {
        let python = which::which("python3").ok()?;
        let importable = Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
        if !importable.ok()?.success() {
            return None;
        }
        // Free a moment ago, and nobody else is given it so soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = Command::new(python)
            .args(["-c", &format!("{UNTIL_INPUT_ENDS}{script}"), &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let started = lines.by_ref().map_while(Result::ok).any(|line| line.contains("Running on http://127.0.0.1"));
        assert!(started, "{module} ended at once");
        // What it says later is read, so that it can go on.
        thread::spawn(move || {
            lines.for_each(drop);
            child.wait()
        });
        Some(Self { account, port, _input: Mutex::new(input) })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns host and port.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Makes a bucket in eu-west-1.
    pub fn bucket(&self, name: &str) {
        let place =
            "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
        self.put(&format!("/{name}"), place.as_bytes());
    }

    /// Puts a file into a bucket.
    pub fn put(&self, path: &str, content: &[u8]) {
        let scope = "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/eu-west-1/s3/aws4_request";
        let headers = [("authorization", &*format!("{scope}, SignedHeaders=host, Signature=00"))];
        let (status, answer) = request(&self.address(), "PUT", path, &headers, content);
        assert_eq!(status, 200, "{path}: {answer}");
    }

    /// Creates a secret in a region.
    pub fn create_secret(&self, region: &str, name: &str, content: &Value) -> Value {
        let mut body = json!({"Name": name});
        body.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        self.call("secretsmanager", "secretsmanager.CreateSecret", region, &body)
    }

    /// Makes a request of a service that speaks JSON, which must succeed.
    pub fn call(&self, service: &str, target: &str, region: &str, body: &Value) -> Value {
        // Nobody looks at the signature; the service and the region are read from its scope.
        let scope = format!("AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/{region}/{service}/aws4_request");
        let headers = [
            ("authorization", &*format!("{scope}, SignedHeaders=host, Signature=00")),
            ("x-amz-target", target),
            ("content-type", "application/x-amz-json-1.1"),
        ];
        let (status, answer) = request(&self.address(), "POST", "/", &headers, body.to_string());
        assert_eq!(status, 200, "{target}: {answer}");
        serde_json::from_str(&answer).unwrap()
    }
}

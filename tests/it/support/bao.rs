//! A real server of `OpenBao`, with its data in memory.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use super::{http, tools};

/// The token that may do everything.
pub const ROOT: &str = "root-token";

/// A running server; it ends with the test.
pub struct Bao {
    child: Child,
    /// Host and port.
    pub address: String,
}

impl Bao {
    /// Starts a server; nothing when the program is missing.
    pub fn start() -> Option<Self> {
        let program = tools::program("bao")?;
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let home = tempfile::tempdir().unwrap();
        let mut child = Command::new(program)
            .args([
                "server",
                "-dev",
                "-dev-no-store-token",
                "-dev-root-token-id",
                ROOT,
                "-dev-listen-address",
                &address,
            ])
            .env_clear()
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = lines.by_ref().map_while(Result::ok);
        // It says so when it answers.
        assert!(said.any(|line| line.contains("Development mode should NOT")), "the server starts");
        // What it says later must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, address })
    }

    /// Sends a request that must succeed.
    pub fn call(&self, method: &str, path: &str, body: &str) -> String {
        let (status, answer) = http::request(&self.address, method, path, &[("x-vault-token", ROOT)], body);
        assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
        answer
    }
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

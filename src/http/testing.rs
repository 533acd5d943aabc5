//! A server on this machine for unit tests: each connection gets what a function makes of its request.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use url::Url;

use super::{Client, Settings};

/// What a connection gets.
pub(crate) enum Reply {
    /// These bytes, and the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes, and nothing more, but no end.
    Hang(Vec<u8>),
    /// These bytes, one by one, ten milliseconds apart.
    Drip(Vec<u8>),
    /// The end at once.
    Reset,
}

/// Answers with a status, headers and a body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n", body.len());
    Reply::Bytes((head + body).into_bytes())
}

/// A server; its thread ends with the test's process.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server; the function gets the text of a request and its number, from 0.
    pub(crate) fn new(reply: impl Fn(&str, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            // What hangs is kept open.
            let mut open = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read(&mut stream);
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(request.clone());
                    seen.len() - 1
                };
                match reply(&request, number) {
                    Reply::Bytes(bytes) => drop(stream.write_all(&bytes)),
                    Reply::Hang(bytes) => {
                        drop(stream.write_all(&bytes));
                        open.push(stream);
                    }
                    Reply::Drip(bytes) => {
                        thread::spawn(move || {
                            for byte in bytes {
                                if stream.write_all(&[byte]).is_err() {
                                    return;
                                }
                                thread::sleep(Duration::from_millis(10));
                            }
                        });
                    }
                    Reply::Reset => {}
                }
            }
        });
        Self { address, requests }
    }

    /// Returns an address of the server.
    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// Returns the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        // The greeting of TLS has no end that is known here.
        if bytes.first() == Some(&0x16) {
            return text.into_owned();
        }
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text.into_owned();
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&bytes).into_owned(),
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
        }
    }
}

/// A client for these servers.
pub(crate) fn client() -> Client {
    Client::new(Settings::default())
}

/// Waits for a future on a runtime of its own.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

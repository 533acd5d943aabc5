//! A request, and its answer.

use std::{fmt, time::Duration};

use url::Url;

/// How long a request may take when it does not say.
pub const DEADLINE: Duration = Duration::from_secs(9);

/// The most bytes of an answer that are read when the request does not say: 4 MiB.
pub const MAX_BYTES: usize = 4 << 20;

/// A request; `GET` may be repeated, everything else only where it says so.
#[derive(Clone)]
pub struct Request {
    pub(super) method: &'static str,
    pub(super) url: Url,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) max_bytes: usize,
    pub(super) deadline: Duration,
    pub(super) repeatable: bool,
    pub(super) when_refused: bool,
    pub(super) redirects: usize,
}

impl Request {
    /// Starts a `GET` request.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new("GET", url, Vec::new())
    }

    /// Starts a `HEAD` request.
    #[must_use]
    pub fn head(url: Url) -> Self {
        Self::new("HEAD", url, Vec::new())
    }

    /// Starts a `POST` request; it is sent once.
    #[must_use]
    pub fn post(url: Url, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", url, body.into()).header("content-type", content_type)
    }

    /// Starts a request of any other method; it is sent once.
    #[must_use]
    pub fn with_method(method: &'static str, url: Url, body: impl Into<Vec<u8>>) -> Self {
        Self::new(method, url, body.into())
    }

    fn new(method: &'static str, url: Url, body: Vec<u8>) -> Self {
        Self {
            repeatable: matches!(method, "GET" | "HEAD"),
            when_refused: false,
            method,
            url,
            headers: Vec::new(),
            body,
            max_bytes: MAX_BYTES,
            deadline: DEADLINE,
            redirects: 0,
        }
    }

    /// Adds a header; the name is in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a header unless there is one of its name, which is in lower case.
    #[must_use]
    pub fn or_header(self, name: &'static str, value: impl Into<String>) -> Self {
        if self.headers.iter().any(|(known, _)| *known == name) { self } else { self.header(name, value) }
    }

    /// Bounds the answer's body, in bytes.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Bounds the time until the answer is complete, repetitions included.
    #[must_use]
    pub fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Says that sending it twice does no harm: it is sent again after a failure that may pass.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Says that it is sent again when the server says that it did nothing with it, because it has too much to do.
    #[must_use]
    pub fn again_when_refused(mut self) -> Self {
        self.when_refused = true;
        self
    }

    /// Says that it is sent once, whatever happens.
    #[must_use]
    pub fn once(mut self) -> Self {
        (self.repeatable, self.when_refused) = (false, false);
        self
    }

    /// Follows so many redirects. To another host nothing goes but the address: no header of this request.
    #[must_use]
    pub fn follow(mut self, redirects: usize) -> Self {
        self.redirects = redirects;
        self
    }

    /// Returns host and port, as messages name them.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.url[url::Position::BeforeHost..url::Position::AfterPort]
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {})", self.method, self.host())
    }
}

/// An answer, whatever its status.
#[derive(Clone)]
pub struct Response {
    /// The status, as 200.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// Host and port that answered.
    pub host: String,
    pub(super) headers: Vec<(String, String)>,
}

impl Response {
    /// Returns the first header of a name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Tells whether the status is one of 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({} from {}, {} bytes)", self.status, self.host, self.body.len())
    }
}

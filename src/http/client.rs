//! Sends requests.

use std::time::Duration;

use aws_smithy_runtime_api::client::{
    http::{HttpConnector as _, SharedHttpClient},
    orchestrator::{HttpRequest, HttpResponse},
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use super::{
    Error, ErrorKind, Request, Response, Settings,
    connector::Connectors,
    retry::{ATTEMPTS, INVITED, is_refusal, pause},
};

/// How long one attempt may take where there may be another.
const ATTEMPT: Duration = Duration::from_secs(4);

/// Sends requests; making one, or a copy, costs nothing.
#[derive(Clone)]
pub struct Client {
    connectors: Connectors,
}

impl Client {
    /// Makes a client. Certificates are read when the first request needs them.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { connectors: Connectors::new(settings) }
    }

    /// Returns the same connector in the form that the AWS SDK takes.
    #[must_use]
    pub fn sdk(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.connectors.clone())
    }

    /// Tells whether no request may be sent.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.connectors.offline()
    }

    /// Sends a request and returns the answer, whatever its status.
    ///
    /// # Errors
    /// When there is no answer, or it is too large; a redirect is an answer unless the request follows it.
    pub async fn send(&self, request: Request) -> Result<Response, Error> {
        let end = Instant::now() + request.deadline;
        let mut request = request;
        loop {
            let response = self.persist(&request, end).await?;
            if !is_redirect(&request, &response) {
                return Ok(response);
            }
            let location = response.header("location").and_then(|location| request.url.join(location).ok());
            request = redirected(request, location)?;
        }
    }

    /// Sends a request until the outcome will not change any more.
    async fn persist(&self, request: &Request, end: Instant) -> Result<Response, Error> {
        secure(&request.url).map_err(|kind| Error::new(request.host(), kind))?;
        let mut attempt = 0;
        loop {
            // The last attempt may take all the time that is left.
            let last = !request.repeatable || attempt + 1 >= ATTEMPTS;
            let until = if last { end } else { end.min(Instant::now() + ATTEMPT) };
            let outcome = self.attempt(request, until).await;
            let again = request.repeatable || (request.when_refused && is_refusal(&outcome));
            if !again {
                return outcome;
            }
            let invited = if request.when_refused { INVITED } else { ATTEMPTS };
            match pause(attempt, invited, &outcome) {
                Some(pause) if Instant::now() + pause < end => tokio::time::sleep(pause).await,
                _ => return outcome,
            }
            attempt += 1;
        }
    }

    async fn attempt(&self, request: &Request, until: Instant) -> Result<Response, Error> {
        let start = Instant::now();
        match timeout_at(until, self.exchange(request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::new(request.host(), ErrorKind::Timeout(until - start))),
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Response, Error> {
        let error = |kind| Error::new(request.host(), kind);
        let outgoing = outgoing(request).map_err(error)?;
        let answer = self.connectors.call(outgoing).await.map_err(|failure| Error::of(request.host(), &failure))?;
        let headers = answer.headers().iter().map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let status = answer.status().as_u16();
        let body = body(answer, request.max_bytes).await.map_err(error)?;
        Ok(Response { status, body, host: request.host().to_owned(), headers })
    }
}

/// Refuses addresses whose requests others can read: without TLS only this machine is asked.
fn secure(url: &Url) -> Result<(), ErrorKind> {
    let local = match url.host() {
        None => return Err(ErrorKind::Address),
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if local => Ok(()),
        "http" => Err(ErrorKind::Insecure),
        _ => Err(ErrorKind::Address),
    }
}

fn outgoing(request: &Request) -> Result<HttpRequest, ErrorKind> {
    let mut outgoing = HttpRequest::new(SdkBody::from(request.body.clone()));
    outgoing.set_method(request.method).map_err(|_| ErrorKind::Address)?;
    outgoing.set_uri(request.url.as_str()).map_err(|_| ErrorKind::Address)?;
    let agent = ("user-agent", concat!("esc-shell/", env!("CARGO_PKG_VERSION")).to_owned());
    for (name, value) in request.headers.iter().chain([&agent]) {
        outgoing.headers_mut().try_append(*name, value.clone()).map_err(|_| ErrorKind::Address)?;
    }
    Ok(outgoing)
}

/// Reads a body of a bounded length.
async fn body(answer: HttpResponse, most: usize) -> Result<Vec<u8>, ErrorKind> {
    let mut stream = ByteStream::new(answer.into_body());
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ErrorKind::Broken)?;
        if bytes.len() + chunk.len() > most {
            return Err(ErrorKind::TooLarge(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Tells whether an answer sends a request elsewhere that follows.
fn is_redirect(request: &Request, response: &Response) -> bool {
    let follows = request.redirects > 0 && matches!(request.method, "GET" | "HEAD");
    follows && matches!(response.status, 301 | 302 | 303 | 307 | 308)
}

/// Makes the request that a redirect asks for: never from TLS to none, and without headers to another host.
fn redirected(mut request: Request, location: Option<Url>) -> Result<Request, Error> {
    let elsewhere = |request: &Request| Error::new(request.host(), ErrorKind::Redirect);
    let Some(location) = location else { return Err(elsewhere(&request)) };
    if request.url.scheme() == "https" && location.scheme() != "https" {
        return Err(elsewhere(&request));
    }
    if request.url.origin() != location.origin() {
        request.headers.clear();
    }
    request.url = location;
    request.redirects -= 1;
    Ok(request)
}

#[cfg(test)]
mod tests;

//! Why there is no answer.

use std::{error::Error as StdError, fmt, io, time::Duration};

use aws_smithy_runtime_api::client::result::ConnectorError;
use rustls::CertificateError;

use super::connector::CONNECT;
use crate::diagnostic::{Failure, FailureKind};

/// A request without an answer: the host, and what went wrong. Never a path, a header or a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Host and port of the request, as far as it has one.
    pub host: String,
    /// What went wrong.
    pub kind: ErrorKind,
}

/// What went wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The network is not to be used.
    Offline,
    /// The address is no `https://` address, and not on this machine.
    Insecure,
    /// The address is none.
    Address,
    /// The trusted certificates can't be read: where they were looked for, and why.
    Certificates {
        /// The variable or file.
        from: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The proxy that a variable names is no address.
    Proxy {
        /// The variable.
        variable: &'static str,
    },
    /// The host has no address.
    Resolve,
    /// No connection could be made.
    Unreachable(io::ErrorKind),
    /// The server's certificate is not trusted, or is for another name.
    Untrusted,
    /// The encryption could not be agreed on.
    Tls,
    /// The server's certificate is not valid at the time that this machine's clock shows.
    Clock,
    /// There was no answer in time.
    Timeout(Duration),
    /// The connection ended before the answer did.
    Broken,
    /// The answer is larger than what is read.
    TooLarge(usize),
    /// The server sends the request elsewhere, where it may not go.
    Redirect,
}

impl Error {
    /// Makes an error for a host.
    pub(super) fn new(host: impl Into<String>, kind: ErrorKind) -> Self {
        Self { host: host.into(), kind }
    }

    /// Finds one of these errors in the chain of another error: what the SDK wraps is found again.
    #[must_use]
    pub fn find<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e Self> {
        chain(error).find_map(|error| error.downcast_ref::<Self>())
    }

    /// Tells whether an error means that a body ended before it was complete.
    #[must_use]
    pub fn is_cut_off(error: &(dyn StdError + 'static)) -> bool {
        // This error of the HTTP library has no type that could be asked for.
        chain(error).any(|cause| cause.to_string() == "end of file before message length reached")
    }

    /// Classifies what the connector says.
    #[must_use]
    pub fn of(host: &str, error: &ConnectorError) -> Self {
        let outer: &(dyn StdError + 'static) = error;
        if let Some(known) = Self::find(outer) {
            return known.clone();
        }
        Self::new(host, kind(outer, error.is_timeout()))
    }

    /// Tells whether the same request may fare better a moment later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self.kind, ErrorKind::Unreachable(_) | ErrorKind::Broken | ErrorKind::Timeout(_))
    }

    fn hint(&self) -> Option<&'static str> {
        Some(match self.kind {
            ErrorKind::Offline => "leave `--offline` out",
            ErrorKind::Insecure => "use an `https://` address",
            ErrorKind::Certificates { .. } => {
                "name a file with the certificates that you trust, in PEM form, in SSL_CERT_FILE"
            }
            ErrorKind::Proxy { .. } => "write it as `http://host:port`",
            ErrorKind::Resolve => "check the name, the network and the DNS server",
            ErrorKind::Unreachable(_) => "check the address, the network, and HTTPS_PROXY and NO_PROXY",
            ErrorKind::Tls => "check that the address is one of a server with TLS",
            ErrorKind::Untrusted => {
                "behind a proxy that opens TLS, name a file with its certificate among the others in SSL_CERT_FILE"
            }
            ErrorKind::Clock => "check the clock of this machine",
            ErrorKind::Timeout(_) | ErrorKind::Broken => "try again",
            ErrorKind::Address | ErrorKind::TooLarge(_) | ErrorKind::Redirect => return None,
        })
    }
}

/// Finds the kind of an error by what its chain holds.
fn kind(error: &(dyn StdError + 'static), is_timeout: bool) -> ErrorKind {
    for cause in chain(error) {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return match tls {
                rustls::Error::InvalidCertificate(certificate) if is_about_time(certificate) => ErrorKind::Clock,
                rustls::Error::InvalidCertificate(_) => ErrorKind::Untrusted,
                _ => ErrorKind::Tls,
            };
        }
    }
    if is_timeout {
        // The connector bounds nothing else.
        return ErrorKind::Timeout(CONNECT);
    }
    // The resolver's error has no type that could be asked for.
    if chain(error).any(|cause| cause.to_string() == "dns error") {
        return ErrorKind::Resolve;
    }
    let system = chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last();
    match system.map(io::Error::kind) {
        Some(
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe,
        )
        | None => ErrorKind::Broken,
        Some(kind) => ErrorKind::Unreachable(kind),
    }
}

fn is_about_time(error: &CertificateError) -> bool {
    matches!(
        error,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    )
}

/// Walks an error and its causes; what an `io::Error` wraps is one of them.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(system) => system.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    })
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.host;
        match &self.kind {
            ErrorKind::Offline => write!(f, "{host} can't be asked without network"),
            ErrorKind::Insecure => write!(f, "{host} would be asked without encryption"),
            ErrorKind::Address => f.write_str("the address is no URL"),
            ErrorKind::Certificates { from, reason } => write!(f, "no trusted certificates: {from} {reason}"),
            ErrorKind::Proxy { variable } => write!(f, "{variable} is no address of a proxy"),
            ErrorKind::Resolve => write!(f, "{host} is not found"),
            ErrorKind::Unreachable(reason) => write!(f, "{host} can't be reached: {reason}"),
            ErrorKind::Untrusted => write!(f, "{host} has no certificate that is trusted here"),
            ErrorKind::Tls => write!(f, "no TLS connection to {host} can be made"),
            ErrorKind::Clock => write!(f, "the certificate of {host} is not valid at this time"),
            ErrorKind::Timeout(after) => write!(f, "{host} did not answer within {:.3}s", after.as_secs_f64()),
            ErrorKind::Broken => write!(f, "{host} ended the connection before its answer was complete"),
            ErrorKind::TooLarge(limit) => write!(f, "the answer of {host} is larger than {limit} bytes"),
            ErrorKind::Redirect => write!(f, "{host} sends the request elsewhere"),
        }
    }
}

impl StdError for Error {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(FailureKind::Provider, error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

//! HTTP: one connector for the AWS SDK and for requests of our own, built when the first request is sent.
//!
//! ```text
//! Client --sdk()--> AWS SDK --+
//!    |                        +--> Connector (rustls, one bundle of certificates, proxy, pool)
//!    +------send()------------+
//! ```
//!
//! A request of our own ends within its deadline, goes over TLS unless it stays on this machine, and follows a redirect only
//! when it says so. An [`Error`] names the host and what went wrong; it never holds a body, a path or a header.

mod client;
mod connector;
mod error;
mod request;
mod retry;
#[cfg(test)]
pub(crate) mod testing;
mod trust;

pub use client::Client;
pub use connector::Settings;
pub use error::{Error, ErrorKind};
pub use request::{DEADLINE, MAX_BYTES, Request, Response};

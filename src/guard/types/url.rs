//! Absolute URLs, as connection strings are written too: with several hosts, with no host, with a scheme of two parts.
//!
//! No library's parser is used: those that follow the web's rules mend what they read, and refuse `mongodb://a:1,b:2/db`.

use std::net::Ipv6Addr;

use super::{Surroundings, Wrong};

/// Returns the scheme of a URL, up to `://`: `https`, `jdbc:postgresql`.
#[must_use]
pub fn scheme(text: &str) -> Option<&str> {
    text.split_once("://").map(|(scheme, _)| scheme)
}

pub(super) fn url(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    match reason(text) {
        None => Ok(()),
        Some(reason) => Err(Wrong::Form(Some(reason))),
    }
}

/// Returns what is wrong with a text as a URL.
fn reason(text: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = text.split_once("://") else { return Some("it has no `scheme://`") };
    if !scheme.split(':').all(is_scheme) {
        return Some("its scheme is none");
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"{}|\\^`".contains(c)) {
        return Some("it has characters that must be percent-encoded");
    }
    if !is_percent_encoded(text) {
        return Some("a `%` in it is not followed by two hexadecimal digits");
    }
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    if hosts.is_empty() {
        let needed = matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp");
        return needed.then_some("it has no host");
    }
    hosts.split(',').find_map(host)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
}

fn is_percent_encoded(text: &str) -> bool {
    text.split('%').skip(1).all(|part| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// Returns what is wrong with a host and its port.
fn host(text: &str) -> Option<&'static str> {
    let port = if let Some(literal) = text.strip_prefix('[') {
        let Some((address, port)) = literal.split_once(']') else { return Some("a `[` in its host is not closed") };
        if address.parse::<Ipv6Addr>().is_err() {
            return Some("its host in `[…]` is no IPv6 address");
        }
        port
    } else {
        let end = text.find(':').unwrap_or(text.len());
        if end == 0 {
            return Some("it has no host");
        }
        &text[end..]
    };
    let fits = match port.strip_prefix(':') {
        None => port.is_empty(),
        // A colon alone is the default port.
        Some("") => true,
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok(),
    };
    (!fits).then_some("its port is no number up to 65535; is a character of the password not percent-encoded?")
}

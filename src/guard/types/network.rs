//! Hosts, addresses, networks and mail addresses.

use std::net::{IpAddr, Ipv4Addr};

use super::{OTHER, Surroundings, Wrong};

/// The most bytes that a host's name has.
const NAME: usize = 253;

/// The most bytes that a label of it has.
const LABEL: usize = 63;

pub(super) fn hostname(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    if is_hostname(text) {
        return Ok(());
    }
    Err(Wrong::Form(match text {
        _ if text.contains("://") => Some("it is a URL"),
        _ if text.parse::<Ipv4Addr>().is_ok() => Some("it is an address"),
        _ if text.rsplit_once(':').is_some_and(|(name, _)| is_hostname(name)) => Some("it has a port"),
        _ => None,
    }))
}

/// Tells whether a text is the name of a host, with or without a dot at its end; one that could be an address is none.
pub(super) fn is_hostname(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    name.len() <= NAME && name.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn ip(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    match text.parse::<IpAddr>() {
        Ok(_) => Ok(()),
        Err(_) if text.contains('/') => Err(Wrong::Form(Some("it is a network"))),
        Err(_) => Err(OTHER),
    }
}

pub(super) fn cidr(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let Some((address, length)) = text.split_once('/') else {
        return Err(Wrong::Form(Some("it has no `/` and length")));
    };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return Err(OTHER),
    };
    let plain = length == "0" || (!length.starts_with('0') && length.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = plain && length.parse::<u8>().is_ok_and(|length| length <= most);
    if fits { Ok(()) } else { Err(Wrong::Form(Some("the length behind `/` is out of range"))) }
}

/// Takes the addresses that mail programs and browsers take: atoms with dots, and the name of a host.
pub(super) fn email(text: &str, _: &Surroundings) -> Result<(), Wrong> {
    let Some((user, host)) = text.rsplit_once('@') else { return Err(Wrong::Form(Some("it has no `@`"))) };
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    if user.len() <= 64 && user.split('.').all(is_atom) && is_hostname(host) { Ok(()) } else { Err(OTHER) }
}

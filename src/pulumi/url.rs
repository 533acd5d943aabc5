//! Addresses of Pulumi Cloud, hosted or self-hosted.

use std::fmt;

use url::{Host, Url};

use crate::diagnostic::{Failure, FailureKind, printable};

/// Pulumi's own service.
pub(super) const HOSTED: &str = "https://api.pulumi.com";

/// Who named an address; it decides whether a token may go there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// A variable of the user's.
    Variable(&'static str),
    /// Pulumi's credentials file: it is logged in there.
    Login,
    /// A file of the repository, which may be somebody else's.
    Repository(&'static str),
    /// Nobody: it is Pulumi's own service.
    Nobody,
}

impl fmt::Display for NamedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) | Self::Repository(name) => f.write_str(name),
            Self::Login => f.write_str("Pulumi's credentials file"),
            Self::Nobody => f.write_str("Pulumi"),
        }
    }
}

/// The address of an API: http(s), without a slash at the end, without anything that could be a credential.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BackendUrl(Url);

impl BackendUrl {
    /// Returns the address of Pulumi's own service.
    ///
    /// # Panics
    /// Never: the address is a constant.
    #[must_use]
    pub fn hosted() -> Self {
        Self(Url::parse(HOSTED).expect("the address of the service is one"))
    }

    /// Reads an address. `None` for the backends that keep state in files and buckets: they know no environments, and don't stand in the way
    /// of Pulumi Cloud.
    ///
    /// # Errors
    /// When it is no address, that of Pulumi's console, or not encrypted and on another machine.
    pub fn parse(text: &str, by: NamedBy) -> Result<Option<Self>, Failure> {
        let wrong = |what: String| Failure::new(FailureKind::Identity, format!("{by} names {what}"));
        let text = text.trim();
        let host_only = !text.contains("://") && (text.starts_with("pulumi.com") || text.starts_with("app.pulumi.com"));
        let parsed = Url::parse(text);
        let url = match parsed {
            _ if host_only => return Err(console(by)),
            Ok(url) => url,
            // `file://~` and its kind are addresses to Pulumi, if not to the standard.
            Err(_) if text.contains("://") && !text.starts_with("http") => return Ok(None),
            Err(_) => {
                return Err(
                    wrong(format!("`{}`, which is no address", shown(text))).hint(format!("write it as {HOSTED}"))
                );
            }
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Ok(None);
        }
        if matches!(url.host_str(), Some("app.pulumi.com" | "pulumi.com" | "www.pulumi.com")) {
            return Err(console(by));
        }
        let mut plain = url;
        if !plain.username().is_empty() || plain.password().is_some() {
            return Err(wrong("an address with a user or a password in it".to_owned())
                .hint("leave them out: the token is the credential"));
        }
        plain.set_query(None);
        plain.set_fragment(None);
        let path = plain.path().trim_end_matches('/').to_owned();
        plain.set_path(&path);
        let backend = Self(plain);
        if backend.0.scheme() == "http" && !backend.is_loopback() {
            return Err(wrong(format!("`{backend}`, where a token would be sent in clear"))
                .hint("use https; plain http is for this machine only"));
        }
        Ok(Some(backend))
    }

    /// Tells whether it is on this machine.
    fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Returns the address of a resource; each segment is percent-encoded.
    ///
    /// # Panics
    /// Never: an http address has segments.
    #[must_use]
    pub fn join<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Url {
        let mut url = self.0.clone();
        url.path_segments_mut().expect("http addresses have segments").pop_if_empty().extend(segments);
        url
    }

    /// Tells whether two addresses are the same place.
    #[must_use]
    pub(super) fn is(&self, other: &str) -> bool {
        Self::parse(other, NamedBy::Login).is_ok_and(|other| other.as_ref() == Some(self))
    }
}

fn console(by: NamedBy) -> Failure {
    Failure::new(FailureKind::Identity, format!("{by} names the address of Pulumi's console, which is no API"))
        .hint(format!("use {HOSTED}"))
}

/// Writes an address that is none without what may be a credential in it.
fn shown(text: &str) -> String {
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    printable(&text.chars().take(100).collect::<String>()).into_owned()
}

impl fmt::Display for BackendUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BackendUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<String>, String> {
        BackendUrl::parse(text, NamedBy::Variable("PULUMI_API"))
            .map(|url| url.map(|url| url.to_string()))
            .map_err(|failure| failure.message)
    }

    #[test]
    fn addresses_are_read() {
        for (text, expected) in [
            ("https://api.pulumi.com", Some("https://api.pulumi.com")),
            (" https://api.pulumi.com/ ", Some("https://api.pulumi.com")),
            ("https://Pulumi.Example.com:8443/base//", Some("https://pulumi.example.com:8443/base")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("http://127.0.0.1:9", Some("http://127.0.0.1:9")),
            ("http://[::1]:9/", Some("http://[::1]:9")),
            ("https://h/p?x=1#y", Some("https://h/p")),
            ("file://~", None),
            ("file:///srv/state", None),
            ("s3://bucket?region=x", None),
            ("gs://bucket", None),
            ("azblob://container", None),
            ("postgres://u:p@h/db", None),
        ] {
            assert_eq!(parse(text), Ok(expected.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn what_is_no_api_is_refused() {
        let console = "PULUMI_API names the address of Pulumi's console, which is no API";
        for (text, expected) in [
            ("https://app.pulumi.com/acme", console),
            ("app.pulumi.com/acme", console),
            ("pulumi.com", console),
            ("https://pulumi.com", console),
            ("nonsense", "PULUMI_API names `nonsense`, which is no address"),
            ("https://", "PULUMI_API names `https://`, which is no address"),
            ("https://me:pul-123@h", "PULUMI_API names an address with a user or a password in it"),
            (
                "http://pulumi.example.com",
                "PULUMI_API names `http://pulumi.example.com`, where a token would be sent in clear",
            ),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn segments_are_encoded() {
        let url = BackendUrl::parse("https://h/base/", NamedBy::Nobody).unwrap().unwrap();
        let joined = url.join(["api", "esc", "a/b", "c d", "é?#%", "x..y"]);
        assert_eq!(joined.as_str(), "https://h/base/api/esc/a%2Fb/c%20d/%C3%A9%3F%23%25/x..y");
        assert_eq!(BackendUrl::hosted().join(["api", "user"]).as_str(), "https://api.pulumi.com/api/user");
    }
}

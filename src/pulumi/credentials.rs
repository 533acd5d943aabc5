//! Pulumi's own files, `credentials.json` and `config.json`: read leniently, never written.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::Value;

use super::{BackendUrl, Token};
use crate::diagnostic::{Failure, FailureKind, printable};

/// What `credentials.json` says.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    /// Where it was read; absent when there is none.
    pub(super) file: Option<PathBuf>,
    /// The backend that is logged in to.
    pub(super) current: Option<String>,
    logins: Vec<Login>,
}

/// A token for a backend.
#[derive(Debug)]
struct Login {
    url: String,
    token: Option<Token>,
    username: Option<String>,
    expires: Option<Timestamp>,
}

/// A token that was found, and whether it can still be used.
pub(super) enum Stored {
    /// It can.
    Valid(Token),
    /// It ended at that time.
    Expired(Timestamp),
    /// There is none.
    Nothing,
}

impl Credentials {
    /// Reads the file in a folder; no file, or an empty one, holds nothing.
    ///
    /// # Errors
    /// When it can't be read, is no JSON, or is encrypted by Pulumi's credential store.
    pub(super) fn read(folder: Option<&Path>) -> Result<Self, Failure> {
        let Some(file) = folder.map(|folder| folder.join("credentials.json")) else { return Ok(Self::default()) };
        let Some(bytes) = read(&file)? else { return Ok(Self::default()) };
        let shown = printable(&file.display().to_string()).into_owned();
        let encrypted = || {
            Failure::new(FailureKind::Identity, format!("{shown} is encrypted by Pulumi's credential store"))
                .hint("set PULUMI_ACCESS_TOKEN")
                .hint("or log in again with `PULUMI_CREDENTIAL_STORE=plaintext pulumi login`")
        };
        // The parser's own words may hold a part of the text.
        let value: Value = match serde_json::from_slice(&bytes) {
            Ok(value) => value,
            Err(_) if !bytes.trim_ascii_start().starts_with(b"{") => return Err(encrypted()),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                return Err(Failure::new(FailureKind::File, format!("{shown} is no JSON at {line}:{column}"))
                    .hint("log in again with `pulumi login`, or set PULUMI_ACCESS_TOKEN"));
            }
        };
        let known = ["current", "accessTokens", "accounts"];
        match value.as_object() {
            Some(object) if object.is_empty() || known.iter().any(|key| object.contains_key(*key)) => {}
            _ => return Err(encrypted()),
        }
        Ok(Self { file: Some(file), ..Self::parse(&value) })
    }

    /// Takes what is there; `accounts` goes before the older `accessTokens`.
    fn parse(value: &Value) -> Self {
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let entries = |key| value.get(key).and_then(Value::as_object).into_iter().flatten();
        let accounts = entries("accounts").map(|(url, account)| Login {
            url: url.clone(),
            token: account.get("accessToken").and_then(Value::as_str).and_then(Token::new),
            username: text(account.get("username")),
            expires: account.get("tokenInformation").and_then(|information| time(information.get("expiresAt")?)),
        });
        let older = entries("accessTokens").map(|(url, token)| Login {
            url: url.clone(),
            token: token.as_str().and_then(Token::new),
            username: None,
            expires: None,
        });
        Self { file: None, current: text(value.get("current")), logins: accounts.chain(older).collect() }
    }

    /// Tells whether a backend is known here.
    pub(super) fn knows(&self, url: &BackendUrl) -> bool {
        self.of(url).next().is_some()
    }

    /// Returns the token for a backend.
    pub(super) fn token(&self, url: &BackendUrl, now: Timestamp) -> Stored {
        let mut expired = None;
        for login in self.of(url) {
            match (&login.token, login.expires) {
                (Some(_), Some(end)) if end <= now => expired = Some(end),
                (Some(token), _) => return Stored::Valid(token.clone()),
                (None, _) => {}
            }
        }
        expired.map_or(Stored::Nothing, Stored::Expired)
    }

    /// Returns the name of the user who is logged in to a backend.
    pub(super) fn username(&self, url: &BackendUrl) -> Option<&str> {
        self.of(url).find_map(|login| login.username.as_deref())
    }

    fn of(&self, url: &BackendUrl) -> impl Iterator<Item = &Login> {
        self.logins.iter().filter(|login| url.is(&login.url))
    }
}

/// Returns the default organization that `config.json` in a folder has for a backend; a file that can't be used says nothing.
pub(super) fn default_organization(folder: &Path, url: &BackendUrl) -> Option<String> {
    let bytes = read(&folder.join("config.json")).ok()??;
    let config: Value = serde_json::from_slice(&bytes).ok()?;
    let mut backends = config.get("backends")?.as_object()?.iter().filter(|(key, _)| url.is(key));
    backends
        .find_map(|(_, backend)| Some(backend.get("defaultOrg")?.as_str()?.to_owned()))
        .filter(|name| !name.is_empty())
}

/// Reads a file; nothing when there is none, or nothing in it.
fn read(file: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(file) {
        Ok(bytes) if bytes.trim_ascii().is_empty() => Ok(None),
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => {
            let shown = printable(&file.display().to_string()).into_owned();
            Err(Failure::new(FailureKind::File, format!("{shown} can't be read: {}", error.kind()))
                .hint("set PULUMI_ACCESS_TOKEN, or make it readable"))
        }
    }
}

/// Reads a time: seconds since 1970, or as text. What is none, or zero, is no end.
fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(number) => {
            number.as_i64().filter(|seconds| *seconds > 0).and_then(|s| Timestamp::from_second(s).ok())
        }
        Value::String(text) => text.parse().ok().filter(|time: &Timestamp| time.as_second() > 0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulumi::NamedBy;

    fn url(text: &str) -> BackendUrl {
        BackendUrl::parse(text, NamedBy::Nobody).unwrap().unwrap()
    }

    fn file(text: &str) -> (tempfile::TempDir, Result<Credentials, Failure>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("credentials.json"), text).unwrap();
        let read = Credentials::read(Some(folder.path()));
        (folder, read)
    }

    fn token(text: &str, backend: &str) -> Option<String> {
        let (_folder, read) = file(text);
        match read.unwrap().token(&url(backend), "2026-06-01T00:00:00Z".parse().unwrap()) {
            Stored::Valid(token) => Some(token.reveal().to_owned()),
            Stored::Expired(end) => Some(format!("expired {end}")),
            Stored::Nothing => None,
        }
    }

    #[test]
    fn both_shapes_are_read() {
        let accounts = r#"{"current":"https://h","accounts":{"https://h":{"accessToken":"pul-1","username":"me","x":[]}},
            "accessTokens":{"https://h":"pul-old","https://other/":"pul-2"}}"#;
        assert_eq!(token(accounts, "https://h").as_deref(), Some("pul-1"));
        assert_eq!(token(accounts, "https://h/").as_deref(), Some("pul-1"));
        assert_eq!(token(accounts, "https://other").as_deref(), Some("pul-2"));
        assert_eq!(token(accounts, "https://third"), None);
        assert_eq!(
            token(r#"{"accounts":{"https://h":{"accessToken":""}},"accessTokens":{"https://h":"o"}}"#, "https://h")
                .as_deref(),
            Some("o")
        );
        let (folder, read) = file(accounts);
        let read = read.unwrap();
        assert_eq!(read.file, Some(folder.path().join("credentials.json")));
        assert_eq!(read.current.as_deref(), Some("https://h"));
        assert_eq!(read.username(&url("https://h")), Some("me"));
        assert!(!format!("{read:?}").contains("pul-"));
    }

    #[test]
    fn a_token_ends() {
        let account = |end: &str| {
            format!(
                r#"{{"accounts":{{"https://h":{{"accessToken":"t","tokenInformation":{{"name":"n","expiresAt":{end}}}}}}}}}"#
            )
        };
        for (end, expected) in [
            ("1000000000", "expired 2001-09-09T01:46:40Z"),
            ("4000000000", "t"),
            ("0", "t"),
            ("null", "t"),
            ("\"2026-05-31T23:59:59Z\"", "expired 2026-05-31T23:59:59Z"),
            ("\"2026-06-01T00:00:01Z\"", "t"),
            ("\"0001-01-01T00:00:00Z\"", "t"),
            ("\"soon\"", "t"),
        ] {
            assert_eq!(token(&account(end), "https://h").as_deref(), Some(expected), "{end}");
        }
    }

    #[test]
    fn an_encrypted_store_is_named() {
        for text in [
            r#"{"version":1,"store":"os","ciphertext":"AAAA"}"#,
            "age-encryption.org/v1\nsecretstuff",
            "\"AAAA\"",
            "\u{1}\u{2}\u{3}",
        ] {
            let (_folder, read) = file(text);
            let failure = read.unwrap_err();
            assert_eq!(failure.kind, FailureKind::Identity, "{text}");
            assert!(
                failure.message.ends_with("credentials.json is encrypted by Pulumi's credential store"),
                "{}",
                failure.message
            );
            assert_eq!(failure.hints[0], "set PULUMI_ACCESS_TOKEN");
        }
    }

    #[test]
    fn what_is_broken_is_told_without_its_text() {
        let (_folder, read) = file("{\"accounts\": {\"https://h\": {\"accessToken\": \"pul-canary\"");
        let failure = read.unwrap_err();
        assert_eq!(failure.kind, FailureKind::File);
        assert!(failure.message.ends_with("credentials.json is no JSON at 1:55"), "{}", failure.message);
        for text in ["", " \n", "{}"] {
            assert!(file(text).1.unwrap().logins.is_empty());
        }
        assert!(Credentials::read(Some(Path::new("/nonexistent"))).unwrap().file.is_none());
        assert!(Credentials::read(None).unwrap().file.is_none());
    }

    #[test]
    fn the_default_organization_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let organization = |text: &str, backend: &str| {
            fs::write(folder.path().join("config.json"), text).unwrap();
            default_organization(folder.path(), &url(backend))
        };
        let config =
            r#"{"backends":{"https://h/":{"defaultOrg":"acme"},"https://i":{"defaultOrg":""},"https://j":{}}}"#;
        assert_eq!(organization(config, "https://h").as_deref(), Some("acme"));
        assert_eq!(organization(config, "https://i"), None);
        assert_eq!(organization(config, "https://j"), None);
        assert_eq!(organization("no json", "https://h"), None);
    }
}

//! The Pulumi Cloud that is meant, and the credential for it.

use std::{fmt, path::PathBuf};

use jiff::Timestamp;

use super::{
    BackendUrl, NamedBy, Oidc, Settings, Token, TokenOrigin,
    credentials::{Credentials, Stored, default_organization},
};
use crate::diagnostic::{Failure, FailureKind};

/// A Pulumi Cloud, and how to be let in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its address.
    pub url: BackendUrl,
    /// The credential.
    pub grant: Grant,
    /// The name of the user who is logged in, where that is known.
    pub username: Option<String>,
    /// Pulumi's credentials file, where the token is from it: whoever watches files watches it.
    pub credentials_file: Option<PathBuf>,
}

/// What lets in.
#[derive(Clone, Debug)]
pub enum Grant {
    /// A token that is there.
    Token(Token, TokenOrigin),
    /// A token that is to be had for a GitHub token.
    Exchange(Exchange),
}

/// An exchange that is to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Organization that the token is for.
    pub organization: String,
    /// What is asked for.
    pub oidc: Oidc,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange({})", self.organization)
    }
}

/// Finds the Pulumi Cloud that is meant, and its credential: the token of the environment always goes first.
///
/// The address: `PULUMI_BACKEND_URL`, `PULUMI_API`, `cloud.url` of `esc-shell.yaml`, the current login, Pulumi's own service. Those that
/// keep state in files or buckets are passed over.
///
/// # Errors
/// Identity, when there is no token, it has ended, the store is encrypted, or only the repository names the address; file, when Pulumi's
/// file can't be read.
pub fn account(settings: &Settings) -> Result<Account, Failure> {
    find(settings, None)
}

/// Finds the credential for an address that somebody names.
///
/// # Errors
/// As [`account`], and when the address is malformed.
pub fn account_at(settings: &Settings, url: &str, by: NamedBy) -> Result<Account, Failure> {
    let url = BackendUrl::parse(url, by)?;
    find(settings, Some((url.unwrap_or_else(BackendUrl::hosted), by)))
}

fn find(settings: &Settings, named: Option<(BackendUrl, NamedBy)>) -> Result<Account, Failure> {
    let folder = settings.folder();
    let read = Credentials::read(folder.as_deref());
    // A broken or encrypted file does not stand in the way of the token of the environment.
    let credentials = match read {
        Err(_) if settings.access_token.is_some() => Credentials::default(),
        other => other?,
    };
    let (url, by) = match named {
        Some(named) => named,
        None => backend(settings, &credentials)?,
    };
    if let NamedBy::Repository(file) = by
        && url != BackendUrl::hosted()
        && !credentials.knows(&url)
    {
        return Err(Failure::new(FailureKind::Identity, format!("only {file} names {url}, so no token is sent there"))
            .hint(format!("if it is yours: set PULUMI_BACKEND_URL={url}, or `pulumi login {url}`")));
    }
    let username = credentials.username(&url).map(str::to_owned);
    if let Some(token) = &settings.access_token {
        let grant = Grant::Token(token.clone(), TokenOrigin::Variable);
        return Ok(Account { url, grant, username: None, credentials_file: None });
    }
    match (credentials.token(&url, Timestamp::now()), credentials.file) {
        (Stored::Valid(token), Some(file)) => {
            let grant = Grant::Token(token, TokenOrigin::File(file.clone()));
            Ok(Account { url, grant, username, credentials_file: Some(file) })
        }
        (stored, file) => match &settings.oidc {
            Some(oidc) => {
                let organization = oidc.organization.as_ref().or(settings.configured_organization.as_ref());
                let Some(organization) = organization else {
                    return Err(Failure::new(FailureKind::Identity, "the token exchange needs an organization")
                        .hint("set `cloud.oidc.organization` in esc-shell.yaml"));
                };
                let exchange = Exchange { organization: organization.clone(), oidc: oidc.clone() };
                Ok(Account { url, grant: Grant::Exchange(exchange), username: None, credentials_file: file })
            }
            None => Err(no_token(&url, &stored, file.as_ref())),
        },
    }
}

/// Returns the backend that is logged in to, whatever its kind.
///
/// # Errors
/// When Pulumi's file can't be read, or is encrypted.
pub fn current_backend(settings: &Settings) -> Result<Option<String>, Failure> {
    Ok(Credentials::read(settings.folder().as_deref())?.current)
}

/// Returns the organization of references that name none, as far as it is known without asking: `esc-shell.yaml`,
/// `PULUMI_DEFAULT_ORGANIZATION`, Pulumi's `config.json`.
#[must_use]
pub fn stored_organization(settings: &Settings, url: &BackendUrl) -> Option<String> {
    let configured = settings.configured_organization.clone().or_else(|| settings.default_organization.clone());
    configured.or_else(|| default_organization(&settings.folder()?, url))
}

fn backend(settings: &Settings, credentials: &Credentials) -> Result<(BackendUrl, NamedBy), Failure> {
    let named = [
        (&settings.backend_url, NamedBy::Variable("PULUMI_BACKEND_URL")),
        (&settings.api, NamedBy::Variable("PULUMI_API")),
        (&settings.configured_url, NamedBy::Repository("`cloud.url` of esc-shell.yaml")),
        (&credentials.current, NamedBy::Login),
    ];
    for (text, by) in named {
        if let Some(url) = text.as_deref().map(|text| BackendUrl::parse(text, by)).transpose()?.flatten() {
            return Ok((url, by));
        }
    }
    Ok((BackendUrl::hosted(), NamedBy::Nobody))
}

fn no_token(url: &BackendUrl, stored: &Stored, file: Option<&PathBuf>) -> Failure {
    let login = if *url == BackendUrl::hosted() { "pulumi login".to_owned() } else { format!("pulumi login {url}") };
    let failure = match (stored, file) {
        (Stored::Expired(end), Some(file)) => {
            Failure::new(FailureKind::Identity, format!("the token for {url} in {} ended at {end}", file.display()))
        }
        _ => Failure::new(FailureKind::Identity, format!("there is no token for Pulumi Cloud ({url})")),
    };
    failure.hint(format!("set PULUMI_ACCESS_TOKEN, or log in with `{login}`"))
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::*;
    use crate::pulumi::Scope;

    const FILE: &str = r#"{"current":"https://self.example","accounts":{
        "https://self.example":{"accessToken":"pul-self","username":"me"},
        "https://api.pulumi.com":{"accessToken":"pul-hosted"},
        "https://old.example":{"accessToken":"pul-old","tokenInformation":{"expiresAt":1000000000}}}}"#;

    struct Scene {
        folder: tempfile::TempDir,
        settings: Settings,
    }

    impl Scene {
        fn new(credentials: Option<&str>) -> Self {
            let folder = tempfile::tempdir().unwrap();
            if let Some(text) = credentials {
                fs::write(folder.path().join("credentials.json"), text).unwrap();
            }
            let settings = Settings { credentials_path: Some(folder.path().into()), ..Settings::default() };
            Self { folder, settings }
        }

        fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
            change(&mut self.settings);
            self
        }

        /// Returns address and token, or the message with the folder taken out.
        fn found(&self) -> Result<(String, String), String> {
            match account(&self.settings) {
                Ok(Account { url, grant: Grant::Token(token, _), .. }) => {
                    Ok((url.to_string(), token.reveal().to_owned()))
                }
                Ok(Account { url, grant: Grant::Exchange(exchange), .. }) => {
                    Ok((url.to_string(), format!("{exchange:?}")))
                }
                Err(failure) => Err(failure.message.replace(&*self.folder.path().to_string_lossy(), "DIR")),
            }
        }
    }

    fn pair(url: &str, token: &str) -> (String, String) {
        (url.to_owned(), token.to_owned())
    }

    #[test]
    fn the_first_that_names_an_address_wins() {
        let scene = || Scene::new(Some(FILE));
        assert_eq!(scene().found(), Ok(pair("https://self.example", "pul-self")));
        let by = |url: Option<String>, api: Option<String>| {
            scene().with(|settings| (settings.backend_url, settings.api) = (url, api)).found()
        };
        assert_eq!(
            by(Some("https://api.pulumi.com/".into()), Some("https://x".into())),
            Ok(pair("https://api.pulumi.com", "pul-hosted"))
        );
        assert_eq!(by(None, Some("https://api.pulumi.com".into())), Ok(pair("https://api.pulumi.com", "pul-hosted")));
        assert_eq!(by(Some("file://~".into()), None), Ok(pair("https://self.example", "pul-self")));
        assert_eq!(
            by(None, Some("https://x".into())),
            Err("there is no token for Pulumi Cloud (https://x)".to_owned())
        );
        let ended = "the token for https://old.example in DIR/credentials.json ended at 2001-09-09T01:46:40Z";
        assert_eq!(by(Some("https://old.example".into()), None), Err(ended.to_owned()));
    }

    #[test]
    fn a_file_backend_does_not_stand_in_the_way() {
        let file =
            r#"{"current":"file://~","accounts":{"https://api.pulumi.com":{"accessToken":"pul-1"},"file://~":{}}}"#;
        assert_eq!(Scene::new(Some(file)).found(), Ok(pair("https://api.pulumi.com", "pul-1")));
        let scene =
            Scene::new(Some(r#"{"current":"s3://b"}"#)).with(|settings| settings.access_token = Token::new("pul-2"));
        assert_eq!(scene.found(), Ok(pair("https://api.pulumi.com", "pul-2")));
    }

    #[test]
    fn the_token_of_the_environment_always_goes_first() {
        let with_token =
            |credentials| Scene::new(Some(credentials)).with(|settings| settings.access_token = Token::new("pul-env"));
        assert_eq!(with_token(FILE).found(), Ok(pair("https://self.example", "pul-env")));
        assert_eq!(with_token("{ broken").found(), Ok(pair("https://api.pulumi.com", "pul-env")));
        assert_eq!(with_token(r#"{"ciphertext":"x"}"#).found(), Ok(pair("https://api.pulumi.com", "pul-env")));
        assert_eq!(Scene::new(Some("{ broken")).found(), Err("DIR/credentials.json is no JSON at 1:3".to_owned()));
        assert_eq!(
            Scene::new(None).found(),
            Err("there is no token for Pulumi Cloud (https://api.pulumi.com)".to_owned())
        );
    }

    #[test]
    fn a_repository_sends_no_token_anywhere() {
        let at = |url: &str, credentials| {
            Scene::new(Some(credentials)).with(|settings| {
                settings.configured_url = Some(url.into());
                settings.access_token = Token::new("pul-env");
            })
        };
        assert_eq!(
            at("https://evil.example", FILE).found(),
            Err("only `cloud.url` of esc-shell.yaml names https://evil.example, so no token is sent there".to_owned())
        );
        assert_eq!(at("https://self.example/", FILE).found(), Ok(pair("https://self.example", "pul-env")));
        assert_eq!(at("https://api.pulumi.com", "{}").found(), Ok(pair("https://api.pulumi.com", "pul-env")));
        let trusted = at("https://evil.example", FILE)
            .with(|settings| settings.backend_url = Some("https://self.example".into()));
        assert_eq!(trusted.found(), Ok(pair("https://self.example", "pul-env")));
        let oidc =
            Oidc { organization: Some("o".into()), scope: Scope::Organization, expiration: Duration::from_secs(1) };
        let exchange = Scene::new(None).with(|settings| {
            settings.configured_url = Some("https://evil.example".into());
            settings.oidc = Some(oidc);
        });
        assert!(exchange.found().unwrap_err().starts_with("only `cloud.url`"));
    }

    #[test]
    fn an_exchange_is_the_last_resort() {
        let oidc =
            |organization| Oidc { organization, scope: Scope::Organization, expiration: Duration::from_hours(2) };
        let scene = |credentials, organization| {
            Scene::new(credentials).with(|settings| settings.oidc = Some(oidc(organization)))
        };
        assert_eq!(scene(Some(FILE), Some("acme".into())).found(), Ok(pair("https://self.example", "pul-self")));
        assert_eq!(scene(None, Some("acme".into())).found(), Ok(pair("https://api.pulumi.com", "Exchange(acme)")));
        assert_eq!(scene(None, None).found(), Err("the token exchange needs an organization".to_owned()));
        let configured = scene(None, None).with(|settings| settings.configured_organization = Some("conf".into()));
        assert_eq!(configured.found(), Ok(pair("https://api.pulumi.com", "Exchange(conf)")));
    }

    #[test]
    fn the_default_organization_is_found_without_asking() {
        let scene = Scene::new(None);
        fs::write(
            scene.folder.path().join("config.json"),
            r#"{"backends":{"https://api.pulumi.com":{"defaultOrg":"file"}}}"#,
        )
        .unwrap();
        let found = |settings: &Settings| stored_organization(settings, &BackendUrl::hosted());
        assert_eq!(found(&scene.settings), Some("file".into()));
        let scene = scene.with(|settings| settings.default_organization = Some("variable".into()));
        assert_eq!(found(&scene.settings), Some("variable".into()));
        let scene = scene.with(|settings| settings.configured_organization = Some("configured".into()));
        assert_eq!(found(&scene.settings), Some("configured".into()));
    }
}

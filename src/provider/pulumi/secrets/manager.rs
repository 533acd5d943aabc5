//! What a state says of how its secrets are encrypted.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::passphrase::Salt;
use crate::{
    provider::{input::plain, pulumi::state::State},
    value::{Value, View},
};

/// Who encrypts the secrets of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Manager {
    /// A passphrase.
    Passphrase(Salt),
    /// A key of AWS KMS, which encrypts the key that the state holds.
    AwsKms {
        /// The key: `awskms://…`.
        url: String,
        /// The encrypted data key.
        encrypted_key: Vec<u8>,
    },
    /// Pulumi Cloud.
    Service(ServiceStack),
    /// Somebody whom this build does not know.
    Other(String),
    /// The state names nobody.
    Nobody,
    /// What the state says makes no sense.
    Damaged,
}

/// The stack whose key Pulumi Cloud uses: not always the one that is read, since stacks can be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct ServiceStack {
    /// The Pulumi Cloud; absent for the one that the state was read from.
    pub(in super::super) url: Option<String>,
    /// Its organization.
    pub(in super::super) owner: String,
    /// Its project.
    pub(in super::super) project: String,
    /// Its name.
    pub(in super::super) stack: String,
}

impl Manager {
    /// Reads what a state says. Nothing fails here: what can't be decrypted matters only to who asks for a secret.
    pub(in super::super) fn of(state: &State) -> (Self, Arc<str>) {
        let Some(secrets) = &state.secrets else { return (Self::Nobody, "nobody".into()) };
        let manager = Self::read(secrets).unwrap_or(Self::Damaged);
        (manager, group(secrets.view()))
    }

    fn read(secrets: &Value) -> Option<Self> {
        let secrets = secrets.view();
        let kind = secrets.get("type")?.as_str()?;
        let text = |name: &str| secrets.get("state")?.get(name)?.as_str().filter(|text| !text.is_empty());
        Some(match kind {
            "" => Self::Nobody,
            "passphrase" => Self::Passphrase(Salt::parse(text("salt")?)?),
            "service" => Self::Service(ServiceStack {
                url: text("url").map(str::to_owned),
                owner: text("owner")?.to_owned(),
                project: text("project")?.to_owned(),
                stack: text("stack")?.to_owned(),
            }),
            "cloud" => {
                let url = text("url")?;
                match url.split_once("://")?.0 {
                    "awskms" => Self::AwsKms {
                        url: url.to_owned(),
                        encrypted_key: STANDARD.decode(text("encryptedkey")?).ok()?,
                    },
                    scheme => Self::Other(plain(scheme, 40)),
                }
            }
            kind => Self::Other(plain(kind, 40)),
        })
    }
}

/// Names what can be decrypted with one key: all that the state says of its secrets, in a fixed order.
fn group(secrets: View<'_>) -> Arc<str> {
    crate::value::json::compact(secrets).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manager(secrets: &str) -> Manager {
        let text = format!(r#"{{"version": 3, "deployment": {{"secrets_providers": {secrets}}}}}"#);
        Manager::of(&State::read(text.as_bytes()).unwrap()).0
    }

    #[test]
    fn every_kind_is_told() {
        let service = |url: Option<&str>| {
            let [owner, project, stack] = ["o", "p", "s"].map(str::to_owned);
            Manager::Service(ServiceStack { url: url.map(str::to_owned), owner, project, stack })
        };
        let salt = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";
        let cases = [
            ("null".to_owned(), Manager::Nobody),
            (r#"{"type": ""}"#.to_owned(), Manager::Nobody),
            (
                format!(r#"{{"type": "passphrase", "state": {{"salt": "{salt}"}}}}"#),
                Manager::Passphrase(Salt::parse(salt).unwrap()),
            ),
            (
                r#"{"type": "service", "state": {"url": "https://api.pulumi.com", "owner": "o", "project": "p", "stack": "s"}}"#.to_owned(),
                service(Some("https://api.pulumi.com")),
            ),
            (r#"{"type": "service", "state": {"owner": "o", "project": "p", "stack": "s"}}"#.to_owned(), service(None)),
            (
                r#"{"type": "cloud", "state": {"url": "awskms://alias/x?region=eu-west-1", "encryptedkey": "AQI="}}"#.to_owned(),
                Manager::AwsKms { url: "awskms://alias/x?region=eu-west-1".into(), encrypted_key: vec![1, 2] },
            ),
            (
                r#"{"type": "cloud", "state": {"url": "gcpkms://projects/p", "encryptedkey": "AQI="}}"#.to_owned(),
                Manager::Other("gcpkms".into()),
            ),
            (r#"{"type": "b64"}"#.to_owned(), Manager::Other("b64".into())),
            (r#"{"type": 1}"#.to_owned(), Manager::Damaged),
            (r#"{"type": "passphrase"}"#.to_owned(), Manager::Damaged),
            (r#"{"type": "passphrase", "state": {"salt": "v1:x"}}"#.to_owned(), Manager::Damaged),
            (r#"{"type": "cloud", "state": {"url": "awskms:"}}"#.to_owned(), Manager::Damaged),
            (r#"{"type": "cloud", "state": {"url": "awskms://x", "encryptedkey": "%"}}"#.to_owned(), Manager::Damaged),
            (r#"{"type": "service", "state": {"owner": "o", "project": "p"}}"#.to_owned(), Manager::Damaged),
        ];
        for (secrets, want) in cases {
            assert_eq!(manager(&secrets), want, "{secrets}");
        }
    }
}

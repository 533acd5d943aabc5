//! Credentials as values and as inputs, and a number for each identity of a run.

use std::{cell::RefCell, time::SystemTime};

use aws_credential_types::Credentials;

use crate::{
    diagnostic::Failure,
    provider::input::{optional_text, required, text},
    value::{Graph, Key, NodeId, Value, View},
};

/// Which of a run's identities is meant: what a sealed leaf names instead of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct IdentityId(pub(super) usize);

/// The identities of a run.
#[derive(Default)]
pub(super) struct Identities(RefCell<Vec<Known>>);

struct Known {
    credentials: Credentials,
    /// How people know it, and how it is renewed.
    origin: Origin,
}

/// Where credentials come from, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    /// What it is called, as in: profile dev.
    pub(super) name: String,
    /// What gives fresh ones, when these have expired.
    pub(super) renewal: Option<String>,
}

impl Identities {
    /// Returns the number of credentials; the same credentials have the same one.
    pub(super) fn number(&self, credentials: &Credentials, origin: impl FnOnce() -> Origin) -> IdentityId {
        let mut known = self.0.borrow_mut();
        let found = known.iter().position(|known| same(&known.credentials, credentials));
        IdentityId(found.unwrap_or_else(|| {
            known.push(Known { credentials: credentials.clone(), origin: origin() });
            known.len() - 1
        }))
    }

    /// Returns the credentials of a number.
    pub(super) fn credentials(&self, id: IdentityId) -> Credentials {
        self.0.borrow()[id.0].credentials.clone()
    }

    /// Returns where the credentials of a number come from.
    pub(super) fn origin(&self, id: IdentityId) -> Origin {
        self.0.borrow()[id.0].origin.clone()
    }

    /// Blanks the secret parts of all credentials in a text.
    pub(super) fn redact(&self, text: &str) -> String {
        self.0.borrow().iter().fold(text.to_owned(), |text, known| {
            let token = known.credentials.session_token().unwrap_or_default();
            [known.credentials.secret_access_key(), token]
                .into_iter()
                .filter(|secret| !secret.is_empty())
                .fold(text, |text, secret| text.replace(secret, "[secret]"))
        })
    }
}

fn same(one: &Credentials, other: &Credentials) -> bool {
    one.access_key_id() == other.access_key_id()
        && one.secret_access_key() == other.secret_access_key()
        && one.session_token() == other.session_token()
}

/// Reads credentials of inputs: `login` of a provider, `static` of `aws-login`.
pub(super) fn of_input(input: View<'_>) -> Result<Credentials, Failure> {
    let key = text(required(input, "accessKeyId"), "accessKeyId")?;
    let secret = text(required(input, "secretAccessKey"), "secretAccessKey")?;
    let token = optional_text(input, "sessionToken")?.filter(|token| !token.is_empty());
    Ok(Credentials::new(key, secret, token.map(str::to_owned), None, "esc-shell"))
}

/// Makes the value of credentials: the key's name is no secret, all else is.
pub(super) fn value(credentials: &Credentials) -> Value {
    let mut graph = Graph::new();
    let mut entries: Vec<(Key, NodeId)> = vec![
        ("accessKeyId".into(), graph.string(credentials.access_key_id())),
        ("secretAccessKey".into(), graph.secret(credentials.secret_access_key())),
    ];
    if let Some(token) = credentials.session_token() {
        entries.push(("sessionToken".into(), graph.secret(token)));
    }
    let root = graph.object(entries);
    Value::new(graph, root).until(credentials.expiry())
}

/// Writes a point in time as RFC 3339, in seconds.
pub(super) fn time(at: SystemTime) -> String {
    let seconds = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let time = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.map_or_else(|| "the end of time".to_owned(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::provider::testing::{inputs, written};

    #[test]
    fn credentials_are_read_and_written() {
        let full = inputs(r#"{"accessKeyId": "A", "secretAccessKey": "B", "sessionToken": "C"}"#);
        let credentials = of_input(full.view()).unwrap();
        assert_eq!(
            written(value(&credentials).view()),
            r#"{accessKeyId: "A", secretAccessKey: !"B", sessionToken: !"C"}"#
        );
        let empty = inputs(r#"{"accessKeyId": "A", "secretAccessKey": "B", "sessionToken": ""}"#);
        assert_eq!(of_input(empty.view()).unwrap().session_token(), None);
    }

    #[test]
    fn the_same_credentials_have_one_number() {
        let identities = Identities::default();
        let named = |name: &str| Origin { name: name.to_owned(), renewal: None };
        let one = Credentials::new("A", "secret-1", None, None, "x");
        let other = Credentials::new("A", "secret-1", Some("token-1".into()), None, "y");
        let numbers = [&one, &other, &one].map(|credentials| identities.number(credentials, || named("n")));
        assert_eq!(numbers, [IdentityId(0), IdentityId(1), IdentityId(0)]);
        assert_eq!(identities.redact("x secret-1 y token-1"), "x [secret] y [secret]");
        assert_eq!(identities.origin(IdentityId(1)), named("n"));
    }

    #[test]
    fn times_are_written_in_seconds() {
        assert_eq!(time(SystemTime::UNIX_EPOCH + Duration::from_millis(86_400_999)), "1970-01-02T00:00:00Z");
    }
}

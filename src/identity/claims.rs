//! What a token says of its bearer: read for messages, never trusted.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

/// The claims of a token that messages name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Who issued it: `iss`.
    pub issuer: Option<String>,
    /// Who it is for: `aud`.
    pub audiences: Vec<String>,
    /// Who it is about: `sub`.
    pub subject: Option<String>,
    /// When it ends: `exp`.
    pub expires: Option<SystemTime>,
}

#[derive(Deserialize)]
struct Payload {
    iss: Option<String>,
    #[serde(default)]
    aud: Audience,
    sub: Option<String>,
    exp: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Audience {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

impl Claims {
    /// Reads the claims of a JSON Web Token; its signature is the business of whoever gets the token. `None` when it is none.
    #[must_use]
    pub fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
        let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let payload: Payload = serde_json::from_slice(&payload).ok()?;
        let seconds = payload.exp.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Some(Self {
            issuer: payload.iss,
            audiences: match payload.aud {
                Audience::None => Vec::new(),
                Audience::One(one) => vec![one],
                Audience::Many(many) => many,
            },
            subject: payload.sub,
            expires: seconds.and_then(|seconds| SystemTime::UNIX_EPOCH.checked_add(seconds)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn claims_are_read() {
        let claims = Claims::of(&token(r#"{"iss": "i", "aud": "a", "sub": "s", "exp": 1.5, "x": {"y": []}}"#)).unwrap();
        let expires = Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1500));
        let want = Claims { issuer: Some("i".into()), audiences: vec!["a".into()], subject: Some("s".into()), expires };
        assert_eq!(claims, want);
        let many = Claims::of(&token(r#"{"aud": ["a", "b"]}"#)).unwrap();
        assert_eq!(many, Claims { audiences: vec!["a".into(), "b".into()], ..Claims::default() });
        assert_eq!(Claims::of(&token("{}")), Some(Claims::default()));
        assert_eq!(Claims::of(&token(r#"{"exp": 1e300}"#)).unwrap().expires, None);
    }

    #[test]
    fn what_is_no_token_has_none() {
        for text in ["", "a", "a.b", "a.b.c", "e30.e30.e30.e30", "..", &token("[]"), &token("{\"aud\": 1}")] {
            assert_eq!(Claims::of(text), None, "{text}");
        }
    }
}

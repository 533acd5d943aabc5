//! What a variable is, guessed from its name and value: a type for the contract, never the value.

use crate::config::contract::VariableType;

/// What was guessed of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    /// Its type; nothing for any text.
    pub(super) kind: Option<VariableType>,
    /// The scheme of a URL that is no web page's: another one would be a mistake.
    pub(super) scheme: Option<String>,
}

/// Guesses the type of a variable. An empty value says nothing, so that its name decides.
pub(super) fn guess(name: &str, value: &str) -> Guess {
    let value = value.trim();
    let kind = if value.is_empty() { by_name(name) } else { by_value(name, value) };
    let scheme = (kind == Some(VariableType::Url)).then(|| scheme(value)).flatten();
    Guess { kind, scheme: scheme.filter(|scheme| !matches!(*scheme, "http" | "https")).map(str::to_owned) }
}

fn by_name(name: &str) -> Option<VariableType> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name == *ending || name.ends_with(&format!("_{ending}")));
    match () {
        () if ends(&["URL", "URI", "DSN", "ENDPOINT"]) => Some(VariableType::Url),
        () if ends(&["PORT"]) => Some(VariableType::Port),
        () if ends(&["EMAIL"]) => Some(VariableType::Email),
        () => None,
    }
}

fn by_value(name: &str, value: &str) -> Option<VariableType> {
    let port = || by_name(name) == Some(VariableType::Port) && value.parse::<u16>().is_ok_and(|port| port > 0);
    let word = value.to_ascii_lowercase();
    // What looks like a number may be a pass phrase or an account: only what is counted in is called one.
    let digits = value.len() < 10
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && (value == "0" || !value.starts_with('0'));
    match () {
        () if value.starts_with("-----BEGIN CERTIFICATE-----") => Some(VariableType::X509),
        () if value.starts_with("-----BEGIN ") => Some(VariableType::Pem),
        () if is_jwt(value) => Some(VariableType::Jwt),
        () if value.starts_with("arn:aws") => Some(VariableType::AwsArn),
        () if scheme(value).is_some() => Some(VariableType::Url),
        () if port() => Some(VariableType::Port),
        () if word == "true" || word == "false" => Some(VariableType::Bool),
        () if is_uuid(value) => Some(VariableType::Uuid),
        () if is_region(value) => Some(VariableType::AwsRegion),
        () if is_email(value) => Some(VariableType::Email),
        () if value.parse::<std::net::IpAddr>().is_ok() => Some(VariableType::Ip),
        () if digits && !is_sensitive(name) => Some(VariableType::Int),
        () if is_json(value) => Some(VariableType::Json),
        () => None,
    }
}

/// Returns the scheme of an absolute URL.
fn scheme(value: &str) -> Option<&str> {
    let (scheme, rest) = value.split_once("://")?;
    let mut bytes = scheme.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let others = bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (first && others && !rest.is_empty() && url::Url::parse(value).is_ok()).then_some(scheme)
}

fn is_jwt(value: &str) -> bool {
    let base64url = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    // A header begins with `{"`.
    value.starts_with("eyJ") && value.split('.').count() == 3 && value.split('.').all(base64url)
}

fn is_uuid(value: &str) -> bool {
    let lengths = value.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && value.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_region(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    let [area, .., number] = parts.as_slice() else { return false };
    let areas = ["af", "ap", "ca", "cn", "eu", "il", "me", "mx", "sa", "us"];
    parts.len() >= 3
        && areas.contains(area)
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && parts[1..parts.len() - 1].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn is_email(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !value.contains(char::is_whitespace)
            && !host.contains('@')
    })
}

fn is_json(value: &str) -> bool {
    value.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
}

/// Tells whether a name is that of a secret.
fn is_sensitive(name: &str) -> bool {
    ["KEY", "PASS", "PASSWORD", "PIN", "SECRET", "TOKEN"].iter().any(|word| name.split('_').any(|part| part == *word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_say_more_than_names() {
        use VariableType::{AwsArn, AwsRegion, Bool, Email, Int, Ip, Json, Jwt, Pem, Port, Url, Uuid, X509};
        for (name, value, kind) in [
            ("DATABASE_URL", "postgres://u:p@h/db", Some(Url)),
            ("DATABASE_URL", "", Some(Url)),
            ("DATABASE_URL", "sqlite", None),
            ("HOME_PAGE", "https://example.com/x?y", Some(Url)),
            ("X", "no url://", None),
            ("PORT", "8080", Some(Port)),
            ("API_PORT", "", Some(Port)),
            ("PORT", "70000", Some(Int)),
            ("PORT", "0", Some(Int)),
            ("SUPPORT", "8080", Some(Int)),
            ("DEBUG", "True", Some(Bool)),
            ("ZIP", "01234", None),
            ("ACCOUNT", "123456789012", None),
            ("DB_PASSWORD", "1234", None),
            ("PASSPORT_LIMIT", "12", Some(Int)),
            ("ADMIN_EMAIL", "a@example.com", Some(Email)),
            ("X", "@example.com", None),
            ("X", "a b@example.com", None),
            ("HOST", "127.0.0.1", Some(Ip)),
            ("HOST", "::1", Some(Ip)),
            ("ID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", Some(Uuid)),
            ("ROLE", "arn:aws:iam::123456789012:role/x", Some(AwsArn)),
            ("REGION", "eu-west-1", Some(AwsRegion)),
            ("REGION", "us-gov-west-1", Some(AwsRegion)),
            ("NAME", "us-team-a", None),
            ("SETTINGS", "{\"a\": [1]}", Some(Json)),
            ("SETTINGS", "{a}", None),
            ("TOKEN", "eyJhbGciOiJub25lIn0.eyJhIjoxfQ.x", Some(Jwt)),
            ("KEY", "-----BEGIN PRIVATE KEY-----\nx", Some(Pem)),
            ("CERT", "-----BEGIN CERTIFICATE-----\nx", Some(X509)),
            ("NAME", "app", None),
        ] {
            assert_eq!(guess(name, value).kind, kind, "{name}={value}");
        }
    }

    #[test]
    fn a_scheme_is_kept_where_it_means_something() {
        let scheme = |value| guess("A", value).scheme;
        assert_eq!(scheme("postgres://h/db").as_deref(), Some("postgres"));
        assert_eq!(scheme("redis+tls://h").as_deref(), Some("redis+tls"));
        assert_eq!(scheme("https://h"), None);
    }
}

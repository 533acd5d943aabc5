//! Names that somebody may have meant by one that does not exist: asked for after a failure, and only as a favour.

use std::time::Duration;

use aws_sdk_secretsmanager::{
    Client,
    types::{Filter, FilterNameStringType},
};

use crate::{diagnostic::suggest, provider::input::plain};

/// How long the message of a failure may wait for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most beginnings of names that one request may ask for.
const PREFIXES: usize = 10;

/// Lists secrets whose names begin as the missing ones do; nothing when that is not allowed, or takes too long.
pub(super) async fn names(client: &Client, missing: &[&str]) -> Vec<String> {
    let mut prefixes: Vec<&str> = missing.iter().filter_map(|name| prefix(name)).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes.truncate(PREFIXES);
    if prefixes.is_empty() {
        return Vec::new();
    }
    let filter = Filter::builder()
        .key(FilterNameStringType::Name)
        .set_values(Some(prefixes.into_iter().map(str::to_owned).collect()))
        .build();
    let request = client.list_secrets().filters(filter).max_results(100).send();
    match tokio::time::timeout(PATIENCE, request).await {
        Ok(Ok(answer)) => answer.secret_list.unwrap_or_default().into_iter().filter_map(|secret| secret.name).collect(),
        _ => Vec::new(),
    }
}

/// Asks whether another name was meant.
pub(super) fn similar(missing: &str, names: &[String]) -> Option<String> {
    let name = suggest::property(missing, names.iter().map(String::as_str))?;
    Some(format!("did you mean `{}`?", plain(name, 200)))
}

/// Returns the part of a name that is likely right: its folder, or the beginning. An ARN is no name.
fn prefix(name: &str) -> Option<&str> {
    if name.starts_with("arn:") {
        return None;
    }
    match name.rfind('/') {
        Some(end) => Some(&name[..=end]),
        None => name.char_indices().nth(3).map(|(end, _)| &name[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_or_a_beginning_is_looked_through() {
        let cases = [
            ("myapp/staging/databse", Some("myapp/staging/")),
            ("/a", Some("/")),
            ("database", Some("dat")),
            ("änder", Some("änd")),
            ("db", None),
            ("arn:aws:secretsmanager:eu-west-1:1:secret:x/y", None),
        ];
        for (name, want) in cases {
            assert_eq!(prefix(name), want, "{name}");
        }
        let names = ["myapp/staging/jwt".to_owned(), "myapp/staging/database".to_owned()];
        assert_eq!(similar("myapp/staging/databse", &names).as_deref(), Some("did you mean `myapp/staging/database`?"));
        assert_eq!(similar("x", &[]), None);
    }
}

//! Data keys that AWS KMS decrypts.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use url::Url;

use super::cipher::Key;
use crate::{
    diagnostic::{Failure, FailureKind},
    provider::{
        aws::{Aws, Signed, domain, region_of_arn},
        input::plain,
        pulumi::name::StackName,
    },
    value::{Flags, Graph, Origin, View, json},
};

/// The most bytes of an answer.
const MOST: usize = 64 << 10;

/// Has the key of a stack decrypted; `url` is `awskms://KEY?region=…&context_NAME=…`.
///
/// # Errors
/// When KMS refuses, can't be asked, or the address is malformed.
pub(super) async fn key(aws: &Aws, url: &str, encrypted: &[u8], stack: &StackName) -> Result<Key, Failure> {
    let stack = stack.short();
    let damaged = || {
        Failure::new(
            FailureKind::Provider,
            format!("what the state of stack `{stack}` says of its encryption is damaged"),
        )
    };
    let KmsKey { id, region, profile, context } = KmsKey::parse(url).ok_or_else(damaged)?;
    let signed = Signed::ambient(aws, "kms", profile.as_deref(), region.as_deref()).await?;
    let endpoint = match signed.endpoint().await? {
        Some(endpoint) => endpoint,
        None => format!("https://kms.{}.{}", signed.region(), domain(signed.region())),
    };
    let endpoint = Url::parse(&endpoint).map_err(|_| damaged())?;
    let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "TrentService.Decrypt")];
    let response = signed.send("POST", endpoint, &headers, body(encrypted, &context).into_bytes(), MOST).await?;
    if response.status != 200 {
        let failure = signed.refused(&response, "KMS", "kms:Decrypt", &format!("stack `{stack}`"));
        return Err(failure.hint(format!("its key is `{}`", plain(&id, 200))));
    }
    let mut graph = Graph::new();
    let root = json::parse(&response.body, &mut graph, Origin::NONE, Flags::SECRET).ok();
    let text = root.and_then(|root| graph.view(root).get("Plaintext")).and_then(View::as_str);
    let bytes = text.and_then(|text| STANDARD.decode(text).ok());
    bytes
        .and_then(|bytes| Key::new(&bytes))
        .ok_or_else(|| Failure::new(FailureKind::Provider, format!("KMS gave no key for stack `{stack}`")))
}

/// A key of KMS, as the state names it.
#[derive(Debug, PartialEq, Eq)]
struct KmsKey {
    id: String,
    region: Option<String>,
    profile: Option<String>,
    context: Vec<(String, String)>,
}

impl KmsKey {
    fn parse(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let host = url.host_str().unwrap_or_default();
        let id = format!("{host}{}", url.path());
        let id = percent_encoding::percent_decode_str(id.trim_start_matches('/')).decode_utf8().ok()?.into_owned();
        let mut key = Self { region: region_of_arn(&id).map(str::to_owned), id, profile: None, context: Vec::new() };
        for (name, value) in url.query_pairs().filter(|(_, value)| !value.is_empty()) {
            match name.as_ref() {
                "region" => key.region = Some(value.into_owned()),
                "profile" => key.profile = Some(value.into_owned()),
                name => {
                    if let Some(name) = name.strip_prefix("context_") {
                        key.context.push((name.to_owned(), value.into_owned()));
                    }
                }
            }
        }
        Some(key)
    }
}

fn body(encrypted: &[u8], context: &[(String, String)]) -> String {
    let mut graph = Graph::new();
    let mut entries = vec![("CiphertextBlob".into(), graph.string(STANDARD.encode(encrypted)))];
    if !context.is_empty() {
        let context: Vec<_> =
            context.iter().map(|(name, value)| (name.as_str().into(), graph.string(value.as_str()))).collect();
        entries.push(("EncryptionContext".into(), graph.object(context)));
    }
    let root = graph.object(entries);
    json::compact(graph.view(root)).expect("a key is no large value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read() {
        let key = |id: &str, region: Option<&str>, context: &[(&str, &str)]| KmsKey {
            id: id.to_owned(),
            region: region.map(str::to_owned),
            profile: None,
            context: context.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let arn = "arn:aws:kms:eu-west-1:123456789012:alias/x";
        for (url, want) in [
            ("awskms://alias/x?region=eu-west-1&awssdk=v2", key("alias/x", Some("eu-west-1"), &[])),
            ("awskms://1234abcd-12ab-34cd-56ef-1234567890ab", key("1234abcd-12ab-34cd-56ef-1234567890ab", None, &[])),
            (&format!("awskms:///{arn}"), key(arn, Some("eu-west-1"), &[])),
            (&format!("awskms:///{arn}?region=us-east-1"), key(arn, Some("us-east-1"), &[])),
            (
                "awskms://alias/x?context_app=a%20b&context_env=dev",
                key("alias/x", None, &[("app", "a b"), ("env", "dev")]),
            ),
        ] {
            assert_eq!(KmsKey::parse(url), Some(want), "{url}");
        }
        let profile = KmsKey::parse("awskms://alias/x?profile=ci").unwrap().profile;
        assert_eq!(profile.as_deref(), Some("ci"));
    }

    #[test]
    fn the_context_is_part_of_the_question() {
        assert_eq!(body(&[1, 2], &[]), r#"{"CiphertextBlob":"AQI="}"#);
        let context = [("app".to_owned(), "x".to_owned())];
        assert_eq!(body(&[1, 2], &context), r#"{"CiphertextBlob":"AQI=","EncryptionContext":{"app":"x"}}"#);
    }
}

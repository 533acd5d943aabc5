//! Tokens of files, and of a server that stands for GitHub's.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::*;
use crate::http::testing::{Server, answer, client, wait};

const URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const BEARER: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

fn jwt(payload: &str) -> String {
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
}

fn wanted(path: Option<&Path>, for_aws: bool) -> Wanted {
    let file = TokenFile { setting: "`aws.token-file` of esc-shell.yaml", path: path.map(Path::to_owned), meant: true };
    Wanted { audience: "sts.amazonaws.com".into(), file, for_aws }
}

fn tokens(variables: &[(&str, &str)]) -> Tokens {
    let variables: BTreeMap<_, _> = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
    Tokens::new(Arc::new(variables), client())
}

fn get(variables: &[(&str, &str)], wanted: &Wanted) -> Result<Token, Failure> {
    wait(tokens(variables).get(wanted))
}

#[test]
fn the_first_source_that_is_set_up_counts() {
    let folder = tempfile::tempdir().unwrap();
    let (own, aws) = (folder.path().join("own"), folder.path().join("aws"));
    std::fs::write(&own, " own-token\n").unwrap();
    std::fs::write(&aws, jwt(r#"{"aud": "sigstore"}"#)).unwrap();
    let server = Server::new(|_, _| answer(200, &[], r#"{"count": 1, "value": "from-github"}"#));
    let url = server.url("/token?api-version=2.0").to_string();
    let github = [(URL, url.as_str()), (BEARER, "bearer-1")];
    let all = [&[("AWS_WEB_IDENTITY_TOKEN_FILE", aws.to_str().unwrap())], &github[..]].concat();

    let token = get(&all, &wanted(Some(&own), true)).unwrap();
    assert_eq!((token.reveal(), &token.source), ("own-token", &Source::File("`aws.token-file` of esc-shell.yaml")));
    let token = get(&all, &wanted(None, true)).unwrap();
    assert_eq!(token.source, Source::File(AWS_FILE));
    assert_eq!(token.claims.audiences, ["sigstore"]);
    assert!(server.requests().is_empty());
    // A token that AWS may judge by itself is for nobody else.
    let token = get(&all, &wanted(None, false)).unwrap();
    assert_eq!((token.reveal(), &token.source), ("from-github", &Source::GitHub));
    let request = server.requests()[0].to_lowercase();
    assert!(request.starts_with("get /token?api-version=2.0&audience=sts.amazonaws.com http/1.1\r\n"), "{request}");
    assert!(request.contains("authorization: bearer bearer-1\r\n"), "{request}");
    assert_eq!(format!("{token:?}"), "Token(GitHub)");
}

#[test]
fn each_token_is_asked_for_once() {
    let server = Server::new(|_, number| answer(200, &[], &format!(r#"{{"value": "t{number}"}}"#)));
    let url = server.url("/?x=y").to_string();
    let tokens = tokens(&[(URL, &url), (BEARER, "b")]);
    let one = wanted(None, true);
    let other = Wanted { audience: "other".into(), ..wanted(None, true) };
    let (a, b) = wait(async { tokio::join!(tokens.get(&one), tokens.get(&one)) });
    assert_eq!((a.unwrap().reveal(), b.unwrap().reveal()), ("t0", "t0"));
    assert_eq!(wait(tokens.get(&other)).unwrap().reveal(), "t1");
}

#[test]
fn every_source_that_has_none_is_named() {
    let failure = get(&[("GITHUB_ACTIONS", "true"), ("AWS_WEB_IDENTITY_TOKEN_FILE", "")], &wanted(None, true));
    let failure = failure.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Identity);
    assert_eq!(
        failure.message,
        "no web identity token: `aws.token-file` of esc-shell.yaml is not set; AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
         ACTIONS_ID_TOKEN_REQUEST_URL is not set (in GitHub Actions the job needs `permissions: id-token: write`; \
         a fork's pull request never has it)"
    );
}

#[test]
fn files_without_a_good_token_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let cases = [
        (folder.path().join("none"), "can't be read: entity not found"),
        (folder.path().to_owned(), "can't be read: it is no file with a token"),
        (path("large", &"x".repeat(20_001)), "can't be read: it is no file with a token"),
        (path("empty", "\n"), "has no token"),
        (path("words", "canary-4711 canary-4711"), "has no token"),
        (path("expired", &jwt(r#"{"exp": 1000, "sub": "canary-4711"}"#)), "has a token that has expired"),
    ];
    for (path, reason) in cases {
        let failure = get(&[], &wanted(Some(&path), true)).unwrap_err();
        let want = format!("the token file of `aws.token-file` of esc-shell.yaml {reason}");
        assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Identity, want.as_str()), "{path:?}");
        assert!(!format!("{failure:?}").contains("canary"));
    }
}

#[test]
fn github_may_refuse_and_babble() {
    let cases = [
        (401, "canary-4711", FailureKind::Identity, "GitHub's token endpoint refused the request (401)"),
        (403, "canary-4711", FailureKind::Identity, "GitHub's token endpoint refused the request (403)"),
        (404, "canary-4711", FailureKind::Provider, "GitHub's token endpoint answered with status 404"),
        (200, "canary-4711", FailureKind::Provider, "GitHub's token endpoint gave an answer that is no token"),
        (
            200,
            r#"{"token": "canary-4711"}"#,
            FailureKind::Provider,
            "GitHub's token endpoint gave an answer that is no token",
        ),
        (200, r#"{"value": ""}"#, FailureKind::Identity, "GitHub's token endpoint has no token"),
    ];
    for (status, body, kind, message) in cases {
        let server = Server::new(move |_, _| answer(status, &[], body));
        let url = server.url("/?x=y").to_string();
        let failure = get(&[(URL, &url), (BEARER, "canary-4711")], &wanted(None, true)).unwrap_err();
        assert_eq!((failure.kind, failure.message.as_str()), (kind, message));
        assert!(!format!("{failure:?}").contains("canary"));
    }
    let failure = get(&[(URL, "http://example.com/?x=y"), (BEARER, "b")], &wanted(None, true)).unwrap_err();
    assert_eq!(failure.message, "GitHub's token endpoint: example.com would be asked without encryption");
}

#[test]
fn a_token_that_lives_is_taken() {
    let later = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap() + Duration::from_mins(5);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, jwt(&format!(r#"{{"exp": {}, "sub": "repo:o/r:ref:refs/heads/main"}}"#, later.as_secs())))
        .unwrap();
    let token = get(&[], &wanted(Some(&path), true)).unwrap();
    assert_eq!(token.claims.subject.as_deref(), Some("repo:o/r:ref:refs/heads/main"));
}

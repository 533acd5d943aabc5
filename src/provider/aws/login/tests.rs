//! Logins without a request: what is written down, what the environment has, and what is refused.

use super::*;
use crate::provider::{
    AwsSettings, Settings,
    testing::{call, host, open, written},
};

const KEYS: [(&str, &str); 3] =
    [("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "canary-1"), ("AWS_SESSION_TOKEN", "canary-2")];

/// A machine without AWS settings of its own.
fn login(variables: &[(&str, &str)]) -> Login {
    Login::new(Rc::new(Aws::alone(host(variables))))
}

fn message(login: &Login, inputs: &str) -> (FailureKind, String) {
    let failure = open(login, inputs, call()).unwrap_err();
    (failure.kind, failure.message)
}

#[test]
fn what_is_written_down_is_returned() {
    let login = login(&KEYS);
    let inputs = r#"{"static": {"accessKeyId": "X", "secretAccessKey": "Y"}}"#;
    let value = open(&login, inputs, call()).unwrap();
    assert_eq!(written(value.view()), r#"{accessKeyId: "X", secretAccessKey: !"Y"}"#);
}

#[test]
fn the_environment_is_the_callers_identity() {
    let login = login(&KEYS);
    for inputs in ["{}", r#"{"ambient": {}}"#, r#"{"ambient": {"profile": ""}}"#] {
        let value = open(&login, inputs, call()).unwrap();
        let want = r#"{accessKeyId: "A", secretAccessKey: !"canary-1", sessionToken: !"canary-2"}"#;
        assert_eq!(written(value.view()), want);
    }
    let notes = login.aws.host.notes.take();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0].text, "aws-login in project/dev: AWS_ACCESS_KEY_ID of the environment");
}

#[test]
fn inputs_that_contradict_one_another_are_refused() {
    let role = r#""roleArn": "arn:aws:iam::123456789012:role/ci", "sessionName": "ci""#;
    let keys = r#""accessKeyId": "X", "secretAccessKey": "Y""#;
    let cases = [
        (format!(r#"{{"static": {{{keys}}}, "ambient": {{}}}}"#), "`static` and `ambient` exclude one another"),
        (
            format!(r#"{{"oidc": {{{role}}}, "static": {{{keys}}}, "ambient": {{}}}}"#),
            "`oidc`, `static` and `ambient` exclude one another",
        ),
        (format!(r#"{{"oidc": {{{role}, "duration": "5m"}}}}"#), "`duration`: a session lasts 15m to 12h"),
        (format!(r#"{{"oidc": {{{role}, "duration": "13h"}}}}"#), "`duration`: a session lasts 15m to 12h"),
    ];
    for (inputs, want) in cases {
        assert_eq!(message(&login(&[]), &inputs), (FailureKind::Definition, want.to_owned()), "{inputs}");
    }
}

#[test]
fn a_role_needs_a_token_and_every_source_is_named() {
    let login = login(&[]);
    let inputs = r#"{"oidc": {"roleArn": "arn:aws:iam::123456789012:role/ci", "sessionName": "ci",
        "subjectAttributes": ["currentEnvironment.name"]}}"#;
    let (kind, message) = message(&login, inputs);
    assert_eq!(kind, FailureKind::Identity);
    assert!(message.starts_with("no web identity token: `aws.token-file` of esc-shell.yaml is not set; "), "{message}");
    let notes: Vec<String> = login.aws.host.notes.take().into_iter().map(|note| note.text).collect();
    let want = [
        "aws-login in project/dev: `subjectAttributes` has no effect here, the issuer decides what its tokens say",
        "aws-login in project/dev: `duration` is left out, the session lasts 1h",
    ];
    assert_eq!(notes, want);
}

#[test]
fn a_session_of_a_job_names_it() {
    let job = [("GITHUB_REPOSITORY", "acme/shop api"), ("GITHUB_RUN_ID", "4711")];
    assert_eq!(session_name(&host(&job), "esc-shell"), "esc-shell-acme.shop-api-4711");
    assert_eq!(session_name(&host(&job), &"x".repeat(60)), format!("{}-acm", "x".repeat(60)));
    assert_eq!(session_name(&host(&job[..1]), "esc-shell"), "esc-shell");
    let settings =
        Settings { aws: AwsSettings { session_suffix: false, ..AwsSettings::default() }, ..Settings::default() };
    assert_eq!(session_name(&Host { settings, ..host(&job) }, "esc-shell"), "esc-shell");
}

#[test]
fn attempts_that_would_never_be_made_are_refused() {
    let aws = Aws::alone(host(&[("AWS_MAX_ATTEMPTS", "0")]));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let failure = runtime.block_on(aws.base()).unwrap_err();
    assert_eq!(failure.message, "AWS_MAX_ATTEMPTS is 0: no request would be made");
}

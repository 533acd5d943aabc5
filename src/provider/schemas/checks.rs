//! What the schemas let through, judged by the checker itself.

use super::{PROVIDERS, ROTATORS};
use crate::{
    dialect::Dialect::{self, Hosted, Local},
    provider::{RotatorSignature, Signature},
    value::{
        Flags, Graph, Origin, Value, json,
        schema::{Blame, SchemaRef, compile, validate},
    },
};

fn provider(name: &str, dialect: Dialect) -> Signature {
    (PROVIDERS.iter().find(|known| known.name == name).unwrap().signature)(dialect)
}

fn rotator(name: &str) -> RotatorSignature {
    (ROTATORS.iter().find(|known| known.name == name).unwrap().signature)()
}

/// Data without a document.
struct NoDocument;

impl Blame for NoDocument {
    fn item(&self, _: Origin, _: usize) -> Option<Origin> {
        None
    }

    fn property(&self, _: Origin, _: &str) -> Option<Origin> {
        None
    }
}

fn accepts(schema: &SchemaRef, value: &Value) -> bool {
    validate(value.view(), &compile(schema).unwrap(), &NoDocument, &mut Vec::new())
}

#[test]
fn every_schema_compiles() {
    let mut schemas = Vec::new();
    for known in &PROVIDERS {
        for dialect in [Hosted, Local] {
            let signature = (known.signature)(dialect);
            schemas.extend([(known.name, signature.inputs), (known.name, signature.outputs)]);
        }
    }
    for known in &ROTATORS {
        let signature = (known.signature)();
        schemas.extend([signature.inputs, signature.state, signature.outputs].map(|schema| (known.name, schema)));
    }
    for (name, schema) in schemas {
        if let Err(error) = compile(&schema) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn inputs_are_judged() {
    let stack = |name: &str| format!(r#"{{"stacks": {{"a": {{"stack": "{name}"}}}}}}"#);
    let secrets = r#"{"region": "eu-west-1", "get": {"a": {"secretId": "b"}}}"#;
    let login = r#""login": {"accessKeyId": "a", "secretAccessKey": "b"}"#;
    let with_login = secrets.replace("\"get\"", &format!("{login}, \"get\""));
    let parameters = format!(r#"{{"region": "r", {login}, "get": {{"a": {{"name": "/b"}}}}}}"#);
    let role = |name: &str| {
        format!(r#"{{"oidc": {{"roleArn": "arn:aws:iam::123456789012:role/ci", "sessionName": "{name}"}}}}"#)
    };
    let s3 = format!(r#"{{"bucket": "b", "key": "k", "region": "r", {login}}}"#);
    let remote = r#"{"organization": "o", "workspace": "w", "token": "t"}"#;
    let doppler = |identity: &str| format!(r#"{{"oidc": {{"identityId": "{identity}"}}}}"#);
    let vault = |ttl: &str| format!(r#"{{"address": "https://v", "token": {{"token": "t", "maxTtl": "{ttl}"}}}}"#);
    let oidc = |version: &str| format!(r#"{{"audience": "a", "identityToken": {{"version": "{version}"}}}}"#);
    let command = |timeout: &str| format!(r#"{{"command": ["true"], "timeout": "{timeout}"}}"#);
    let cases: Vec<(&str, Dialect, String, bool)> = vec![
        ("aws-login", Hosted, "{}".into(), true),
        ("aws-login", Hosted, "[]".into(), false),
        ("aws-login", Local, r#"{"ambient": {"profile": "dev", "imds": true}}"#.into(), true),
        ("aws-login", Local, r#"{"ambient": {"imds": "yes"}}"#.into(), false),
        ("aws-login", Hosted, role("esc-shell"), true),
        ("aws-login", Hosted, role("x"), false),
        ("aws-secrets", Hosted, secrets.into(), false),
        ("aws-secrets", Local, secrets.into(), true),
        ("aws-secrets", Hosted, with_login.clone(), true),
        ("aws-secrets", Local, with_login.replace("secretAccessKey", "other"), false),
        ("aws-secrets", Local, r#"{"region": "r", "get": {}}"#.into(), false),
        ("aws-parameter-store", Local, parameters.clone(), true),
        ("aws-parameter-store", Local, parameters.replace(&format!("{login}, "), ""), false),
        ("pulumi-stacks", Hosted, stack("infra-1/dev_x.y"), true),
        ("pulumi-stacks", Hosted, stack("org/infra/dev"), false),
        ("pulumi-stacks", Local, stack("org/infra/dev"), true),
        ("pulumi-stacks", Local, stack("infra/dev"), true),
        ("pulumi-stacks", Local, stack("a/org/infra/dev"), false),
        ("pulumi-stacks", Local, stack("infra"), false),
        ("pulumi-stacks", Local, stack("/infra/dev"), false),
        ("pulumi-stacks", Local, stack(&format!("p/{}", "x".repeat(101))), false),
        ("terraform-state", Hosted, format!(r#"{{"backend": {{"s3": {s3}}}}}"#), true),
        ("terraform-state", Hosted, format!(r#"{{"backend": {{"remote": {remote}}}}}"#), true),
        ("terraform-state", Hosted, format!(r#"{{"backend": {{"s3": {s3}, "remote": {remote}}}}}"#), false),
        ("terraform-state", Hosted, r#"{"backend": {}}"#.into(), false),
        (
            "1password-secrets",
            Hosted,
            r#"{"login": {"serviceAccountToken": "t"}, "get": {"a": {"ref": "op://v/i/f"}}}"#.into(),
            true,
        ),
        (
            "1password-secrets",
            Hosted,
            r#"{"login": {"serviceAccountToken": "t"}, "get": {"a": {"ref": "v/i/f"}}}"#.into(),
            false,
        ),
        ("doppler-login", Hosted, doppler("0b2d3c4e-0000-1111-2222-ABCDEF012345"), true),
        ("doppler-login", Hosted, doppler("my-identity"), false),
        ("gcp-login", Hosted, r#"{"project": 123}"#.into(), true),
        ("gcp-login", Hosted, r#"{"project": "my-project"}"#.into(), false),
        ("vault-login", Hosted, vault("1h30m"), true),
        ("vault-login", Hosted, vault("1.5h"), false),
        ("external", Hosted, r#"{"url": "https://example.com"}"#.into(), true),
        ("external", Hosted, r#"{"url": "http://example.com"}"#.into(), false),
        ("oidc", Hosted, oidc("v2"), true),
        ("oidc", Hosted, oidc("v1"), false),
        ("debug-oidc-claims", Hosted, oidc("v2"), true),
        ("debug-oidc-claims", Hosted, r#"{"audiencePrefix": "aws"}"#.into(), true),
        ("debug-oidc-claims", Hosted, r#"{"audience": "aws"}"#.into(), false),
        ("local-command", Local, command("1.5s"), true),
        ("local-command", Local, command("soon"), false),
        ("local-command", Local, r#"{"command": []}"#.into(), false),
        ("local-env", Local, r#"{"get": {"a": {"name": "A", "default": ""}}, "secret": false}"#.into(), true),
        ("local-env", Local, r#"{"get": {"a": {"name": ""}}}"#.into(), false),
        ("local-file", Local, r#"{"path": "a", "format": "dotenv"}"#.into(), true),
        ("local-file", Local, r#"{"path": "a", "format": "toml"}"#.into(), false),
    ];
    for (name, dialect, inputs, want) in cases {
        let mut graph = Graph::new();
        let root = json::parse(&inputs, &mut graph, Origin::NONE, Flags::empty()).unwrap();
        let value = Value::new(graph, root);
        assert_eq!(accepts(&provider(name, dialect).inputs, &value), want, "{name} {dialect:?} {inputs}");
    }
}

#[test]
fn what_a_login_returns_is_what_others_take() {
    let cases = [
        ("aws-login", "aws-secrets"),
        ("aws-login", "aws-parameter-store"),
        ("azure-login", "azure-secrets"),
        ("gcp-login", "gcp-secrets"),
        ("vault-login", "vault-secrets"),
        ("doppler-login", "doppler-secrets"),
        ("infisical-login", "infisical-secrets"),
        ("aws-login", "aws-iam"),
        ("azure-login", "azure-app-secret"),
        ("snowflake-login", "snowflake-user"),
    ];
    for (login, user) in cases {
        for dialect in [Hosted, Local] {
            let is_rotator = ROTATORS.iter().any(|known| known.name == user);
            let inputs = if is_rotator { rotator(user).inputs } else { provider(user, dialect).inputs };
            let mut graph = Graph::new();
            let root = graph.unknown(provider(login, dialect).outputs);
            assert!(accepts(&inputs.property("login"), &Value::new(graph, root)), "{user} takes {login} {dialect:?}");
        }
    }
    let mut graph = Graph::new();
    let root = graph.unknown(provider("gcp-login", Hosted).outputs);
    assert!(!accepts(&provider("aws-secrets", Hosted).inputs.property("login"), &Value::new(graph, root)));
}

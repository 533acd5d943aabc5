//! The AWS providers against moto and ministack: the SDK's own requests over HTTP, and what comes back.

use serde_json::{Value, json};

use crate::support::{
    emulator,
    project::{Printed, Project, printed},
};

const REGION: &str = "eu-west-2";

fn definition(inputs: &str) -> String {
    format!("values:\n  aws:\n    fn::open::aws-login: {{}}\n{inputs}")
}

fn open(project: &Project, url: &str, arguments: &[&str]) -> Printed {
    let mut command = project.command(arguments);
    let keys = [("AWS_ACCESS_KEY_ID", "AKIATEST"), ("AWS_SECRET_ACCESS_KEY", "test")];
    printed(command.envs(keys).env("AWS_ENDPOINT_URL", url))
}

#[test]
fn secrets_are_read_by_name_arn_version_and_stage() {
    for (name, emulator) in emulator::all() {
        let first = emulator.create_secret(REGION, "app/versions", &json!({"SecretString": "first"}));
        let arn = first["ARN"].as_str().unwrap();
        let version = first["VersionId"].as_str().unwrap();
        emulator.call(
            "secretsmanager",
            "secretsmanager.PutSecretValue",
            REGION,
            &json!({"SecretId": "app/versions", "SecretString": "second"}),
        );
        emulator.create_secret(REGION, "app/binary", &json!({"SecretBinary": "AP/+"}));
        emulator.create_secret(REGION, "app/json", &json!({"SecretString": r#"{"url": "u", "n": 1.50}"#}));
        let secrets = format!(
            "  s:\n    fn::open::aws-secrets:\n      region: {REGION}\n      login: ${{aws}}\n      get:\n\
             \x20       current: {{secretId: app/versions}}\n        arn: {{secretId: '{arn}'}}\n\
             \x20       previous: {{secretId: app/versions, versionStage: AWSPREVIOUS}}\n\
             \x20       version: {{secretId: '{arn}', versionId: {version}}}\n\
             \x20       binary: {{secretId: app/binary}}\n        json: {{secretId: app/json}}\n\
             \x20 url: ${{s.json.url}}\n  n: ${{s.json.n}}\n  bytes: {{fn::fromBase64: '${{s.binary}}'}}\n"
        );
        let project = Project::with(&[("env", &definition(&secrets))]);
        let Printed { code, out, err } = open(&project, &emulator.url(), &["open", "env", "-v"]);
        assert_eq!(code, Some(0), "{name}: {err}");
        let value: Value = serde_json::from_str(&out).unwrap();
        let want = json!({
            "current": "second", "arn": "second", "previous": "first", "version": "first", "binary": "AP/+",
            "json": r#"{"url": "u", "n": 1.50}"#,
        });
        assert_eq!(value["s"], want, "{name}");
        assert_eq!((&value["url"], value["n"].to_string()), (&json!("u"), "1.5".to_owned()), "{name}");
        assert!(out.contains("\"n\": 1.50"), "{name}: {out}");
        assert!(
            err.contains("note: aws-secrets: secret `app/binary` is binary, its base64 text is given\n"),
            "{name}: {err}"
        );
    }
}

#[test]
fn secrets_that_are_not_there_are_told_with_what_may_be_meant() {
    for (name, emulator) in emulator::all() {
        emulator.create_secret(REGION, "shop/database", &json!({"SecretString": "x"}));
        let text = format!(
            "  s:\n    fn::open::aws-secrets:\n      region: {REGION}\n      login: ${{aws}}\n      get:\n\
             \x20       typo: {{secretId: shop/databse}}\n        stage: {{secretId: shop/database, versionStage: NOPE}}\n"
        );
        let project = Project::with(&[("env", &definition(&text))]);
        let Printed { code, out, err } = open(&project, &emulator.url(), &["open", "env"]);
        assert_eq!((code, out.as_str()), (Some(4), ""), "{name}: {err}");
        for part in [
            format!("there is no secret `shop/databse` in {REGION}"),
            "did you mean `shop/database`?".to_owned(),
            format!("there is no secret `shop/database` at stage `NOPE` in {REGION}"),
        ] {
            assert!(err.contains(&part), "{name}: {part}: {err}");
        }
    }
}

#[test]
fn parameters_are_read_in_every_type_and_version() {
    for (name, emulator) in emulator::all() {
        let put = |parameter: &str, kind: &str, value: &str| {
            let body = json!({"Name": parameter, "Type": kind, "Value": value, "Overwrite": true});
            emulator.call("ssm", "AmazonSSM.PutParameter", REGION, &body)
        };
        put("/app/plain", "String", "one");
        put("/app/plain", "String", "two");
        put("/app/list", "StringList", "x,y");
        put("/app/secure", "SecureString", "hidden");
        let text = format!(
            "  p:\n    fn::open::aws-parameter-store:\n      region: {REGION}\n      login: ${{aws}}\n      get:\n\
             \x20       plain: {{name: /app/plain}}\n        old: {{name: '/app/plain:1'}}\n        list: {{name: /app/list}}\n\
             \x20       secure: {{name: /app/secure, decrypt: true}}\n  first: '${{p.list[0]}}'\n"
        );
        let project = Project::with(&[
            ("env", &definition(&text)),
            ("missing", &definition(&text.replace("/app/list", "/app/lost"))),
        ]);
        let Printed { code, out, err } = open(&project, &emulator.url(), &["open", "env"]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
        let value: Value = serde_json::from_str(&out).unwrap();
        let want = json!({"plain": "two", "old": "one", "list": ["x", "y"], "secure": "hidden"});
        assert_eq!((&value["p"], &value["first"]), (&want, &json!("x")), "{name}");
        let redacted = open(&project, &emulator.url(), &["open", "env", "p", "--redact"]).out;
        let redacted: Value = serde_json::from_str(&redacted).unwrap();
        assert_eq!((&redacted["plain"], &redacted["secure"]), (&json!("two"), &json!("[secret]")), "{name}");
        let Printed { code, err, .. } = open(&project, &emulator.url(), &["open", "missing"]);
        assert_eq!(code, Some(4), "{name}: {err}");
        assert!(err.contains(&format!("there is no parameter `/app/lost` in {REGION}")), "{name}: {err}");
    }
}

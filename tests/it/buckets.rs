//! State in buckets and keys of KMS, over HTTP against servers that stand for AWS.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use esc_shell::value::{self, Flags, Graph, Origin, Secrets, Value};

use serde_json::json;

use crate::support::{
    emulator::{self, Emulator},
    project::{Printed, Project, printed},
};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn normal(text: &str) -> String {
    let mut graph = Graph::new();
    let root = value::json::parse(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
    value::json::indented(Value::new(graph, root).view(), Secrets::Shown).unwrap()
}

/// Puts everything below a folder into a bucket.
fn upload(emulator: &Emulator, folder: &Path, to: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let to = format!("{to}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() { upload(emulator, &path, &to) } else { emulator.put(&to, &fs::read(&path).unwrap()) }
    }
}

/// Adds an identity for AWS.
fn identified(command: &mut Command) -> &mut Command {
    command
        .env("AWS_ACCESS_KEY_ID", "AKIATEST")
        .env("AWS_SECRET_ACCESS_KEY", "canary-5up3r")
        .env("AWS_REGION", "eu-west-1")
}

const DEFINITION: &str = "values:
  s: {fn::open::pulumi-stacks: {stacks: {staging: {stack: myorg/infra/staging}}}}
";

#[test]
fn state_is_read_from_a_bucket() {
    for (name, emulator) in emulator::all() {
        eprintln!("{name}");
        check_state_is_read_from_a_bucket(emulator);
    }
}

fn check_state_is_read_from_a_bucket(emulator: &Emulator) {
    emulator.bucket("stacks-state");
    let project = Project::with(&[("dev", DEFINITION), ("wrong", &DEFINITION.replace("staging}}", "stagin}}"))]);
    let vectors = data("pulumi-state");
    for folder in ["zstd", "legacy"] {
        upload(emulator, &vectors.join(folder), &format!("/stacks-state/of/{folder}"));
    }
    let opened = |prefix: &str, path: &[&str]| {
        let query = format!("region=eu-west-1&endpoint={}&disableSSL=true&s3ForcePathStyle=true", emulator.address());
        let mut command = project.command(&[&["open"], path, &["--diagnostics", "short"]].concat());
        let command = identified(&mut command).env("PULUMI_BACKEND_URL", format!("s3://{prefix}?{query}"));
        printed(command.env("PULUMI_CONFIG_PASSPHRASE", read(&vectors.join("passphrase"))))
    };
    for folder in ["zstd", "legacy"] {
        let Printed { code, out, err } = opened(&format!("stacks-state/of/{folder}"), &["dev", "s.staging"]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{folder}");
        assert_eq!(normal(&out), normal(&read(&vectors.join(format!("{folder}.outputs.json")))), "{folder}");
    }
    for (prefix, environment, want) in [
        (
            "stacks-state/of/zstd",
            "wrong",
            "there is no stack `infra/stagin` in `s3://stacks-state/of/zstd/`; did you mean `infra/staging`?",
        ),
        (
            "stacks-state/of/legacy",
            "wrong",
            "there is no stack `infra/stagin` in `s3://stacks-state/of/legacy/`; did you mean `staging`?",
        ),
        ("stacks-state", "dev", "there is no stack `infra/staging` in `s3://stacks-state/`"),
        ("no-such-bucket", "dev", "there is no bucket `no-such-bucket`"),
    ] {
        let Printed { code, out, err } = opened(prefix, &[environment, "s.staging.port"]);
        assert_eq!((code, out.as_str()), (Some(4), ""), "{err}");
        assert!(err.contains(want) && !err.contains("canary"), "{err}");
    }
    emulator.put("/stacks-state/of/zstd/.pulumi/locks/organization/infra/staging/1.json", b"{}");
    let Printed { code, out, err } = opened("stacks-state/of/zstd", &["dev", "s.staging.port"]);
    assert_eq!((code, out.as_str()), (Some(0), "5432\n"));
    assert!(err.contains("stack `infra/staging` is being updated"), "{err}");
}

#[test]
fn a_key_of_kms_opens_the_secrets_of_its_stack() {
    for (name, emulator) in emulator::all() {
        eprintln!("{name}");
        check_a_key_of_kms_opens_the_secrets_of_its_stack(emulator);
    }
}

fn check_a_key_of_kms_opens_the_secrets_of_its_stack(emulator: &Emulator) {
    let made = data("pulumi-made");
    let kms = |action: &str, body: &serde_json::Value| {
        emulator.call("kms", &format!("TrentService.{action}"), "eu-west-1", body)
    };
    let key = kms("CreateKey", &json!({}));
    let question = json!({
        "KeyId": key["KeyMetadata"]["KeyId"],
        "Plaintext": read(&made.join("awskms.key")),
        "EncryptionContext": {"app": "esc-shell"},
    });
    let encrypted = kms("Encrypt", &question);
    let blob = encrypted["CiphertextBlob"].as_str().unwrap();
    let project = Project::with(&[("dev", DEFINITION)]);
    let file = ".pulumi/stacks/infra/staging.json";
    let state = read(&made.join("awskms").join(file));
    let write = |state: &str| project.write(&format!("state/{file}"), state);
    let opened = |path: &str| {
        let mut command = project.command(&["open", "dev", path, "--diagnostics", "short"]);
        let command = identified(&mut command).env("PULUMI_BACKEND_URL", "file://state");
        printed(command.env("AWS_ENDPOINT_URL", emulator.url()))
    };
    write(&state.replace("YSBibG9iIG9mIEtNUw==", blob));
    let Printed { code, out, err } = opened("s.staging");
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(normal(&out), normal(&read(&made.join("awskms.outputs.json"))));
    // Another context is another question.
    write(&state.replace("YSBibG9iIG9mIEtNUw==", blob).replace("context_app=esc-shell", "context_app=other"));
    let Printed { code, out, err } = opened("s.staging.password");
    assert_eq!((code, out.as_str()), (Some(4), ""), "{err}");
    assert!(err.contains("KMS in eu-west-1 refuses stack `infra/staging`") && !err.contains("canary"), "{err}");
    // What is no secret needs no key.
    assert_eq!(opened("s.staging.number").out, "1.5\n");
}

const TERRAFORM: &str = "values:
  login: {fn::open::aws-login: {static: {accessKeyId: AKIATEST, secretAccessKey: {fn::secret: canary-5up3r}}}}
  tf:
    fn::open::terraform-state:
      backend: {s3: {bucket: tf-state, key: KEY, region: eu-west-1, login: '${login}'}}
";

#[test]
fn terraform_state_is_read_from_a_bucket() {
    for (name, emulator) in emulator::all() {
        eprintln!("{name}");
        check_terraform_state_is_read_from_a_bucket(emulator);
    }
}

fn check_terraform_state_is_read_from_a_bucket(emulator: &Emulator) {
    emulator.bucket("tf-state");
    let state = r#"{"version": 4, "outputs": {"url": {"value": "https://x"}, "db": {"value": {"pass": "p"}, "sensitive": true}}}"#;
    emulator.put("/tf-state/env/dev/a%20b.tfstate", state.as_bytes());
    let project = Project::with(&[
        ("dev", &TERRAFORM.replace("KEY", "env/dev/a b.tfstate")),
        ("wrong", &TERRAFORM.replace("KEY", "env/none.tfstate")),
    ]);
    let opened = |arguments: &[&str]| {
        let mut command = project.command(&[arguments, &["--diagnostics", "short"]].concat());
        printed(command.env("AWS_ENDPOINT_URL_S3", emulator.url()))
    };
    let Printed { code, out, err } = opened(&["open", "dev", "tf.outputs"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(normal(&out), normal(r#"{"url": "https://x", "db": {"pass": "p"}}"#));
    let redacted = opened(&["open", "dev", "tf.outputs", "--redact"]).out;
    assert_eq!(normal(&redacted), normal(r#"{"url": "https://x", "db": "[secret]"}"#));
    let Printed { code, out, err } = opened(&["open", "wrong", "tf.outputs.url"]);
    assert_eq!((code, out.as_str()), (Some(4), ""), "{err}");
    assert!(err.contains("there is no state `s3://tf-state/env/none.tfstate`"), "{err}");
}

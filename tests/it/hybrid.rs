//! The pattern of `examples/hybrid`, opened as it is written: token endpoint, STS, Secrets Manager and the state of two stacks. Then each
//! of its parts is broken in turn.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::support::{
    aws::{Aws, BEARER, ROLE},
    emulator::{self, Emulator},
    project::{Printed, Project, printed},
};

const URL: &str = r#"postgres://u:p"a'ss$(id)@db/staging"#;
const JWT: &str = "jwt-secret-of-staging";

/// Breaks a part of the project, or of the job's variables.
type Break = fn(&Project, &mut Vec<(&'static str, String)>);

/// The example, as a project of its own, with state in a folder.
fn project() -> Project {
    let project = Project::with(&[]);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hybrid/infra/pulumi/esc");
    for name in ["base", "dev", "staging"] {
        let text = fs::read_to_string(example.join(format!("{name}.yaml"))).unwrap();
        project.write(&format!("infra/pulumi/esc/{name}.yaml"), &text);
    }
    for (file, content) in state() {
        project.write(&format!("state/{file}"), &content.to_string());
    }
    project
}

/// The files of the backend.
fn state() -> [(&'static str, Value); 3] {
    let stack = |project: &str, outputs: Value| {
        let urn = format!("urn:pulumi:staging::{project}::pulumi:pulumi:Stack::{project}-staging");
        let resource = json!({"urn": urn, "custom": false, "type": "pulumi:pulumi:Stack", "outputs": outputs});
        let latest =
            json!({"manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}, "resources": [resource]});
        json!({"version": 3, "checkpoint": {"stack": format!("organization/{project}/staging"), "latest": latest}})
    };
    let infra = json!({"ecs_cluster_name": "staging-cluster", "ecr_repository_url": "1.dkr.ecr.example.com/myapp"});
    [
        (".pulumi/meta.yaml", json!({"version": 1})),
        (".pulumi/stacks/infra/staging.json", stack("infra", infra)),
        (".pulumi/stacks/api/staging.json", stack("api", json!({"service_name": "api-service"}))),
    ]
}

/// Puts the secrets into an emulator, in a region that no other test uses.
fn with_secrets(emulator: &Emulator) {
    emulator.create_secret(
        "us-east-1",
        "myapp/staging/database",
        &json!({"SecretString": json!({"url": URL}).to_string()}),
    );
    emulator.create_secret(
        "us-east-1",
        "myapp/staging/jwt",
        &json!({"SecretString": json!({"secret": JWT}).to_string()}),
    );
}

/// Returns the variables of a job: AWS is at one address, GitHub at another.
fn job(aws: &str, github: &str, project: &Project) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", aws.to_owned()),
        ("AWS_ROLE_ARN", ROLE.to_owned()),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", format!("{github}/token?api-version=2.0")),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER.to_owned()),
        ("PULUMI_BACKEND_URL", format!("file://{}", project.path().join("state").display())),
    ]
}

fn run(project: &Project, variables: &[(&'static str, String)], arguments: &[&str]) -> Printed {
    let mut command = project.command(arguments);
    printed(command.envs(variables.iter().map(|(name, value)| (*name, value))))
}

fn variables() -> Value {
    json!({
        "ECS_CLUSTER": "staging-cluster",
        "ECS_SERVICE": "api-service",
        "ECR_REPOSITORY_URL": "1.dkr.ecr.example.com/myapp",
        "DATABASE_URL": URL,
        "JWT_SECRET": JWT,
        "API_URL": "https://api-staging.example.com",
    })
}

#[test]
fn staging_opens_as_it_is_written() {
    let github = Aws::with(&[]);
    for (name, emulator) in emulator::all() {
        with_secrets(emulator);
        emulator.bucket("hybrid-state");
        for (file, content) in state() {
            emulator.put(&format!("/hybrid-state/{file}"), content.to_string().as_bytes());
        }
        let project = project();
        let mut job = job(&emulator.url(), &github.server.url(), &project);
        let query = format!("region=eu-west-1&endpoint={}&disableSSL=true&s3ForcePathStyle=true", emulator.address());
        job.push(("AWS_ROLE_ARN", ROLE.replace("123456789012", emulator.account)));
        job.push(("PULUMI_BACKEND_URL", format!("s3://hybrid-state?{query}")));
        let Printed { code, out, err } = run(&project, &job, &["open", "myorg/myproject/staging"]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
        let value: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(value["environmentVariables"], variables(), "{name}");
        assert_eq!(
            value["urls"],
            json!({"api": "https://api-staging.example.com", "ecr": "1.dkr.ecr.example.com/myapp"})
        );
        assert_eq!(value["infra"]["infra"]["ecs_cluster_name"], "staging-cluster");

        // What a shell makes of it is what the secrets are.
        let mut shell = project.program(&which::which("bash").unwrap());
        shell.envs(job.iter().map(|(name, value)| (*name, value)));
        let script = "set -eu; exported=$(esc-shell export myorg/myproject/staging --format bash); eval \"$exported\"; \
                      printf '%s\\n' \"$ECS_CLUSTER\" \"$DATABASE_URL\" \"$JWT_SECRET\" \"$API_URL\"";
        let Printed { code, out, err } = printed(shell.args(["-c", script]));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{name}");
        assert_eq!(out, format!("staging-cluster\n{URL}\n{JWT}\nhttps://api-staging.example.com\n"), "{name}");

        // A command gets the same values.
        let script =
            "test \"$DATABASE_URL\" = \"$WANT_URL\" && test \"$JWT_SECRET\" = \"$WANT_JWT\" && echo \"$ECS_SERVICE\"";
        let mut command = project.command(&["run", "staging", "--", "sh", "-c", script]);
        command.envs(job.iter().map(|(name, value)| (*name, value))).env("WANT_URL", URL).env("WANT_JWT", JWT);
        let Printed { code, out, err } = printed(&mut command);
        assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "api-service\n", ""), "{name}");
    }
}

#[test]
fn a_part_that_is_broken_says_so_and_nothing_is_exported() {
    let aws = Aws::with(&[
        ("myapp/staging/database", r#"{"url": "canary-db"}"#),
        ("myapp/staging/jwt", r#"{"secret": "canary-jwt"}"#),
    ]);
    let empty = Aws::with(&[("myapp/staging/database", r#"{"url": "canary-db"}"#)]);
    let garbage = Aws::with(&[
        ("myapp/staging/database", "canary-no-json"),
        ("myapp/staging/jwt", r#"{"secret": "canary-jwt"}"#),
    ]);
    let nothing: Break = |_, _| {};
    let cases: [(&str, &Aws, Break, i32, &str); 8] = [
        ("identity", &aws, |_, job| job.retain(|(name, _)| !name.starts_with("ACTIONS")), 3, "no web identity token: "),
        ("role", &aws, |_, job| job[1].1 = "arn:aws:iam::123456789012:role/denied".to_owned(), 3, "is denied"),
        ("secret", &empty, nothing, 4, "there is no secret `myapp/staging/jwt` in us-east-1"),
        ("secret's text", &garbage, nothing, 1, "JSON"),
        (
            "state",
            &aws,
            |project, _| fs::remove_file(project.path().join("state/.pulumi/stacks/api/staging.json")).unwrap(),
            4,
            "api/staging",
        ),
        (
            "output",
            &aws,
            |project, _| {
                let file = "infra/pulumi/esc/staging.yaml";
                let text = fs::read_to_string(project.path().join(file)).unwrap();
                project.write(file, &text.replace("infra.infra.ecs_cluster_name", "infra.infra.ecs_cluster_nam"));
            },
            1,
            "did you mean `ecs_cluster_name`?",
        ),
        ("contract", &aws, nothing, 6, "required variable `SENTRY_DSN` is missing"),
        (
            "everything",
            &empty,
            |project, _| fs::remove_file(project.path().join("state/.pulumi/stacks/api/staging.json")).unwrap(),
            4,
            "there is no secret `myapp/staging/jwt` in us-east-1",
        ),
    ];
    for (name, aws, broken, want, message) in cases {
        let project = project();
        let mut job = job(&aws.server.url(), &aws.server.url(), &project);
        broken(&project, &mut job);
        let wanted = if name == "contract" { "SENTRY_DSN" } else { "DATABASE_URL" };
        let arguments = ["export", "staging", "--format", "bash", "-v", "--require", wanted];
        let Printed { code, out, err } = run(&project, &job, &arguments);
        assert_eq!((code, out.as_str()), (Some(want), ""), "{name}: {err}");
        assert!(err.contains(message), "{name}: {err}");
        assert!(!err.contains("canary") && !err.contains("secret-of-ASIA"), "{name}: {err}");
    }
}

#[test]
fn staging_takes_three_requests_in_a_row() {
    let aws = Aws::with(&[("myapp/staging/database", r#"{"url": "u"}"#), ("myapp/staging/jwt", r#"{"secret": "s"}"#)]);
    let project = project();
    let job = job(&aws.server.url(), &aws.server.url(), &project);
    let Printed { code, err, .. } = run(&project, &job, &["export", "staging", "--format", "bash"]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(aws.asked(), ["token", "sts", "BatchGetSecretValue us-east-1 ASIA123456789012 2"]);
}

#[test]
fn development_needs_nobody() {
    let project = project();
    let out = project.prints(&["export", "dev", "--format", "bash"]);
    assert!(out.contains("API_URL='http://localhost:8080'"), "{out}");
}

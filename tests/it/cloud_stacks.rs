//! Stacks whose state Pulumi Cloud has, and secrets that it encrypted, over HTTP against a strict server.

use std::{
    fs,
    path::{Path, PathBuf},
};

use esc_shell::value::{self, Flags, Graph, Origin, Secrets, Value};
use serde_json::{Value as Json, json};

use crate::support::{
    project::{Printed, Project, printed},
    server::{Reply, Request, Server},
};

const TOKEN: &str = "pul-canary5up3r";

const DEFINITION: &str = "values:
  s: {fn::open::pulumi-stacks: {stacks: {staging: {stack: NAME}}}}
";

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pulumi-made").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(data(name)).unwrap()
}

fn normal(text: &str) -> String {
    let mut graph = Graph::new();
    let root = value::json::parse(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
    value::json::indented(Value::new(graph, root).view(), Secrets::Shown).unwrap()
}

/// Answers as Pulumi Cloud does; `denied` is what it must not be asked for.
fn service(request: &Request, denied: &str) -> Reply {
    let answer = |status, body: &Json| Reply::Answer(status, "application/json", body.to_string());
    if request.header("authorization") != format!("token {TOKEN}") {
        return answer(401, &json!({"code": 401, "message": "Unauthorized"}));
    }
    if !denied.is_empty() && request.path.ends_with(denied) {
        return answer(403, &json!({"code": 403, "message": "Forbidden"}));
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/api/user/organizations/default") => answer(200, &json!({"gitHubLogin": "acme"})),
        ("GET", "/api/stacks/acme/infra/staging/export") => {
            let checkpoint: Json = serde_json::from_str(&read("service/.pulumi/stacks/infra/staging.json")).unwrap();
            answer(200, &json!({"version": 3, "deployment": checkpoint["checkpoint"]["latest"]}))
        }
        ("POST", "/api/stacks/old-org/renamed/staging/batch-decrypt") => {
            let asked: Json = serde_json::from_str(&request.body).unwrap();
            let known: Json = serde_json::from_str(&read("service.plaintexts.json")).unwrap();
            let asked = asked["ciphertexts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
            let plaintexts: serde_json::Map<String, Json> =
                asked.map(|text| (text.to_owned(), known[text].clone())).collect();
            answer(200, &json!({"plaintexts": plaintexts}))
        }
        _ => answer(404, &json!({"code": 404, "message": "Not Found"})),
    }
}

/// Opens a path; returns what is printed, and the requests that were made.
fn opened(name: &str, path: &str, denied: &'static str) -> (Printed, Vec<String>) {
    let server = Server::start(move |request| {
        // The state names the service that encrypted it: this one.
        match service(request, denied) {
            Reply::Answer(status, kind, body) => {
                let host = format!("http://{}", request.header("host"));
                Reply::Answer(status, kind, body.replace("https://api.pulumi.com", &host))
            }
            other => other,
        }
    });
    let project = Project::with(&[("dev", &DEFINITION.replace("NAME", name))]);
    let mut command = project.command(&["open", "dev", path, "--diagnostics", "short"]);
    let printed = printed(command.env("PULUMI_BACKEND_URL", server.url()).env("PULUMI_ACCESS_TOKEN", TOKEN));
    let seen = server.seen().into_iter().map(|seen| format!("{} {}", seen.method, seen.path));
    (printed, seen.collect())
}

const EXPORT: &str = "GET /api/stacks/acme/infra/staging/export";
const DECRYPT: &str = "POST /api/stacks/old-org/renamed/staging/batch-decrypt";

#[test]
fn outputs_are_exported_and_decrypted_together() {
    let (Printed { code, out, err }, seen) = opened("acme/infra/staging", "s.staging", "");
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(normal(&out), normal(&read("service.outputs.json")));
    // One call for all secrets, and one for those within them.
    assert_eq!(seen, [EXPORT, DECRYPT, DECRYPT]);
    let (Printed { code, out, .. }, seen) = opened("infra/staging", "s.staging.number", "");
    assert_eq!((code, out.as_str()), (Some(0), "1.5\n"));
    assert_eq!(seen, ["GET /api/user/organizations/default", EXPORT]);
}

#[test]
fn refusals_are_told() {
    for (name, path, denied, want, message) in [
        ("acme/infra/stagin", "s.staging.number", "", 4, "there is no stack `acme/infra/stagin` in Pulumi Cloud"),
        (
            "acme/infra/staging",
            "s.staging.number",
            "export",
            3,
            "access denied: reading the state of `acme/infra/staging`",
        ),
        (
            "acme/infra/staging",
            "s.staging.password",
            "decrypt",
            3,
            "access denied: decrypting the outputs of `old-org/renamed/staging`",
        ),
    ] {
        let (Printed { code, out, err }, _) = opened(name, path, denied);
        assert_eq!((code, out.as_str()), (Some(want), ""), "{err}");
        assert!(err.contains(message) && !err.contains("canary"), "{err}");
    }
}

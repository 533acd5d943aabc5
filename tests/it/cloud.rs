//! The whole program against a Pulumi Cloud of this machine.

use std::{fs, path::PathBuf, process::Command};

use crate::support::{
    cloud::{Cloud, Fault, TOKEN},
    project::{Printed, Project, printed},
};

/// Runs the program with the token and the address of a server.
fn run(project: &Project, cloud: &Cloud, arguments: &[&str]) -> Printed {
    let printed = printed(&mut command(project, cloud, arguments));
    for text in [&printed.out, &printed.err] {
        assert!(!text.contains("canary") && !text.contains("pul-"), "{arguments:?}: {text}");
    }
    printed
}

fn command(project: &Project, cloud: &Cloud, arguments: &[&str]) -> Command {
    let mut command = project.command(arguments);
    command.env("PULUMI_ACCESS_TOKEN", TOKEN).env("PULUMI_BACKEND_URL", cloud.url());
    command
}

/// Runs it, which must succeed without a word.
fn prints(project: &Project, cloud: &Cloud, arguments: &[&str]) -> String {
    let Printed { code, out, err } = run(project, cloud, arguments);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}");
    out
}

/// Runs it, which must fail so; returns what it says.
fn fails(project: &Project, cloud: &Cloud, arguments: &[&str], expected: i32) -> String {
    let Printed { code, out, err } = run(project, cloud, arguments);
    assert_eq!((code, out.as_str()), (Some(expected), ""), "{arguments:?}: {err}");
    err
}

fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/esc-cli").join(name);
    fs::read_to_string(path).unwrap()
}

/// Replaces the paths of files below a folder, as the data has it.
fn without_paths(text: &str, folder: &str) -> String {
    let mut parts = text.split(folder);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['"', '\\', '\n']).unwrap_or(part.len());
        out.push_str("<file>");
        out.push_str(&part[end..]);
    }
    out
}

/// A session with one value.
const ONE: &str =
    r#"{"properties":{"a":{"value":1.50},"environmentVariables":{"value":{"A":{"value":"x","secret":true}}}}}"#;

#[test]
fn what_is_printed_is_what_the_reference_prints() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    cloud.hold("o/p/e", data("environment.json"));
    let folder = project.beside("run").display().to_string();
    for (format, file) in [
        ("json", "out.json"),
        ("string", "out.string"),
        ("detailed", "out.detailed"),
        ("dotenv-compat", "out.dotenv"),
        ("shell-compat", "out.shell"),
    ] {
        let arguments = ["-q", "open", "o/p/e", "--format", format, "--files"];
        let wanted = if format.ends_with("compat") { &arguments[..5] } else { &arguments };
        assert_eq!(without_paths(&prints(&project, &cloud, wanted), &folder), data(file), "{format}");
    }
    for path in [
        "environmentVariables.LIST",
        "environmentVariables.R001",
        "environmentVariables.nope",
        "other",
        "other.list[0]",
    ] {
        for format in ["json", "string"] {
            let arguments = ["open", "o/p/e", path, "--format", format, "--allow-missing"];
            assert_eq!(prints(&project, &cloud, &arguments), data(&format!("path.{path}.{format}")), "{path}");
        }
    }
    let yaml = prints(&project, &cloud, &["-q", "open", "o/p/e", "--format", "yaml", "--files"]);
    let read: serde_json::Value = serde_yaml::from_str(&without_paths(&yaml, &folder)).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&data("out.json")).unwrap();
    assert_eq!(read, expected);
}

#[test]
fn requests_and_connections_are_few() {
    let (project, cloud) = (Project::with(&[("app/local", "values: {a: 1}\n")]), Cloud::start());
    cloud.hold("o/p/e", ONE);
    cloud.define("o/p/e", "values: {a: 2}\n");
    cloud.tag("o/p/e", "stable", 2);
    cloud.list(&[r#"{"organization":"o","project":"p","name":"e"}"#, r#"{"organization":"o","name":"old"}"#]);
    let e = "/api/esc/environments/o/p/e";
    let (open, read) = (format!("POST {e}/open?duration=2h0m0s"), format!("GET {e}/open/session%203%2F%C3%A9"));
    let two = vec![open, read.clone()];
    let at = |version: &str, revision: u8, duration: &str| {
        let read = read.replace("%203", &format!("%20{revision}"));
        vec![format!("POST {e}/versions/{version}/open?duration={duration}"), read]
    };
    let check = vec![format!("GET {e}"), "POST /api/esc/environments/o/yaml/check?showSecrets=false".to_owned()];
    let table: [(&[&str], Vec<String>); 11] = [
        (&["open", "o/p/e"], two.clone()),
        (&["get", "o/p/e", "A"], two.clone()),
        (&["export", "o/p/e", "--format", "bash"], two.clone()),
        (&["run", "o/p/e", "--", "true"], two.clone()),
        (&["export", "o/p/e", "o/p/e", "--format", "bash"], vec![two[0].clone(), two[1].clone(), two[1].clone()]),
        (&["open", "o/p/e@latest"], two),
        (&["open", "o/p/e@stable"], at("stable", 2, "2h0m0s")),
        (&["open", "o/p/e:2", "--lifetime", "90s"], at("2", 2, "1m30s")),
        (&["-q", "check", "o/p/e"], check.clone()),
        (&["-q", "check", "--cloud", "o/app/local"], check[1..].to_vec()),
        (
            &["ls", "--source", "cloud"],
            vec!["GET /api/esc/environments".to_owned(), "GET /api/esc/environments?continuationToken=1".to_owned()],
        ),
    ];
    for (arguments, expected) in table {
        prints(&project, &cloud, arguments);
        assert_eq!(cloud.seen(), (expected, 1), "{arguments:?}");
    }
    assert_eq!(cloud.bodies(), ["values: {a: 2}\n", "values: {a: 1}\n"]);
    assert_eq!(prints(&project, &cloud, &["get", "o/p/e", "A"]), "x\n");
    assert_eq!(prints(&project, &cloud, &["ls"]), "app/local\no/default/old\no/p/e\n");
    cloud.seen();
    prints(&project, &cloud, &["open", "o/app/local"]);
    prints(&project, &cloud, &["--source", "local", "ls"]);
    fails(&project, &cloud, &["--offline", "open", "o/p/e"], 4);
    assert_eq!(cloud.seen(), (vec![], 0));
}

#[test]
fn names_are_completed_with_as_few_questions_as_can_be() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    for name in ["acme/default/dev", "acme/both/dev", "both/default/dev", "legacy/default/dev"] {
        cloud.hold(name, ONE);
    }
    cloud.organization("acme");
    let asked = |cloud: &Cloud| {
        let (mut requests, connections) = cloud.seen();
        requests.retain(|request| request.starts_with("GET") && !request.contains("/open/"));
        requests.sort();
        (requests.iter().map(|request| request.replace("GET /api/", "")).collect::<Vec<_>>(), connections)
    };
    let default = "user/organizations/default".to_owned();

    prints(&project, &cloud, &["open", "dev"]);
    assert_eq!(asked(&cloud), (vec![default.clone()], 1));
    let mut named = command(&project, &cloud, &["open", "dev"]);
    assert_eq!(printed(named.env("PULUMI_DEFAULT_ORGANIZATION", "acme")).code, Some(0));
    assert_eq!(asked(&cloud), (vec![], 1));

    let probes = |project: &str| {
        [format!("esc/environments/acme/{project}/dev"), format!("esc/environments/{project}/default/dev")]
    };
    cloud.answer_together(&["/acme/legacy/dev", "/legacy/default/dev"]);
    let Printed { code, err, .. } = run(&project, &cloud, &["open", "legacy/dev"]);
    let warning = "warning: environment reference \"legacy/dev\" is ambiguous (resolved to legacy/default/dev)\n  help: use <org>/<project>/<environment> instead\n";
    assert_eq!((code, err.as_str()), (Some(0), warning));
    assert_eq!(asked(&cloud), (probes("legacy").into_iter().chain([default.clone()]).collect(), 2));

    let err = fails(&project, &cloud, &["open", "both/dev"], 2);
    assert!(err.contains("ambiguous: there are `acme/both/dev` and `both/default/dev`"), "{err}");
    cloud.seen();
    let err = fails(&project, &cloud, &["open", "nope/dev"], 4);
    assert!(
        err.starts_with("error: there is no environment `acme/nope/dev` in Pulumi Cloud (request ID req-7)\n"),
        "{err}"
    );

    let lost = Cloud::start();
    let err = fails(&project, &lost, &["open", "dev"], 2);
    assert!(err.contains("names no organization"), "{err}");
}

/// A definition without a provider, and with one of everything else.
const DEFINITION: &str = "imports:\n- base\nvalues:\n  number: 1.50\n  text: ${base.name} and more\n  secret:\n    fn::secret: hush\n  \
    list: [1, null, true]\n  environmentVariables:\n    NUMBER: ${number}\n    SECRET: ${secret}\n    MULTI: \"a\\nb\"\n";

#[test]
fn it_makes_no_difference_who_evaluates() {
    let project = Project::with(&[("app/dev", DEFINITION), ("app/base", "values:\n  base: {name: b}\n  number: 2\n")]);
    let cloud = Cloud::start();
    // The service evaluates as this program does: its answer is made of the documented shapes.
    let detailed = project.prints(&["--source", "local", "open", "acme/app/dev", "--format", "detailed", "--all"]);
    let value = detailed.strip_prefix("{\n  \"value\": ").unwrap();
    let (properties, _) = value.rsplit_once(",\n  \"trace\": ").unwrap();
    cloud.hold("acme/app/dev", format!(r#"{{"properties":{properties},"exprs":{{}},"schema":true,"unheard":[]}}"#));
    for format in ["json", "yaml", "string", "detailed", "dotenv", "shell", "shell-compat", "dotenv-compat"] {
        for more in [&[][..], &["--redact"]] {
            let arguments = [&["open", "acme/app/dev", "--format", format][..], more].concat();
            let local = project.prints(&[&["--source", "local"][..], &arguments].concat());
            assert_eq!(
                prints(&project, &cloud, &[&["--source", "cloud"][..], &arguments].concat()),
                local,
                "{arguments:?}"
            );
        }
    }
    let export = |source| {
        let text = prints(&project, &cloud, &["--source", source, "export", "acme/app/dev", "--format", "bash"]);
        text.lines().filter(|line| !line.contains("ESC_SHELL_ENVIRONMENT")).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(export("cloud"), export("local"));
}

/// An envelope around a ciphertext.
const ENVELOPE: &str = "ZXNjeAAAAAFzZWFsZWQtb25l8/UYMw==";

#[test]
fn local_definitions_import_those_of_pulumi_cloud() {
    let local = "imports:\n- shared/base@stable\nvalues:\n  mine: ${name}!\n  opened: ${password}\n  ran: ${command}\n";
    let project = Project::with(&[("app/dev", local), ("default/nested", "values: {name: local}\n")]);
    project.write("esc-shell.yaml", "environments: esc\norganization: acme\n");
    let cloud = Cloud::start();
    let base = format!(
        "imports:\n- nested\nvalues:\n  password:\n    fn::secret:\n      ciphertext: {ENVELOPE}\n  command:\n    fn::open::local-command: {{command: [echo, x]}}\n"
    );
    cloud.define("acme/shared/base", &base);
    cloud.define_clear("acme/shared/base", &base.replace(&format!("\n      ciphertext: {ENVELOPE}"), " plain text"));
    cloud.tag("acme/shared/base", "stable", 2);
    cloud.define("acme/default/nested", "values: {name: cloud}\n");
    let fetched =
        ["GET /api/esc/environments/acme/shared/base/versions/stable", "GET /api/esc/environments/acme/default/nested"];

    let Printed { code, out, err } = run(&project, &cloud, &["-v", "open", "app/dev", "mine", "--format", "string"]);
    assert_eq!((code, out.as_str()), (Some(0), "cloud!\n"), "{err}");
    for name in ["acme/default/nested@2", "acme/shared/base@2"] {
        assert!(err.contains(&format!("note: `{name}` is from Pulumi Cloud, and is evaluated here\n")), "{err}");
    }
    assert_eq!(cloud.seen(), (fetched.iter().map(|&request| request.to_owned()).collect(), 1));

    assert_eq!(prints(&project, &cloud, &["get", "app/dev", "opened"]), "plain text\n");
    let (requests, connections) = cloud.seen();
    let decrypt = "GET /api/esc/environments/acme/shared/base/versions/2/decrypt";
    assert_eq!((requests.iter().filter(|request| *request == decrypt).count(), connections), (1, 1));

    let err = fails(&project, &cloud, &["open", "app/dev", "ran"], 1);
    assert!(
        err.contains("`local-command` is for definitions of this machine") && err.contains("acme/shared/base@2:"),
        "{err}"
    );

    cloud.fail(decrypt, 1, Fault::Status(403, &[], "{}"));
    let err = fails(&project, &cloud, &["open", "app/dev", "opened"], 3);
    assert!(
        err.contains("decrypting the secrets of `acme/shared/base@2`, which needs the permission `environment:open`"),
        "{err}"
    );

    let printed = project.run(&["open", "app/dev", "mine"]);
    assert_eq!(printed.code, Some(4));
    assert!(printed.err.contains("Pulumi Cloud was not asked: there is no token"), "{}", printed.err);
}

#[test]
fn what_pulumi_cloud_says_is_told_with_its_place() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    let diagnostics = r#"{"code":"400","message":"bad","diagnostics":[
        {"summary":"no such output","detail":"in infra/dev","path":"values.a","range":{"environment":"p/e","begin":{"line":3,"column":6,"byte":20},"end":{"line":3,"column":9,"byte":23}}},
        {"summary":"unused","severity":"warning","range":{"environment":"shared/base","begin":{"line":1,"column":1,"byte":0},"end":{"line":1,"column":2,"byte":1}}}]}"#;
    cloud.refuse("o/p/e", diagnostics);
    let err = fails(&project, &cloud, &["open", "o/p/e", "--diagnostics", "short"], 1);
    assert_eq!(err, "o/p/e:3:6: error[cloud]: no such output; in infra/dev\nshared/base:1:1: warning[cloud]: unused\n");

    cloud.define("o/p/e", "values:\n  a: ${b}\n");
    cloud.judge(400, r#"{"diagnostics":[{"summary":"unknown b","range":{"environment":"<yaml>","begin":{"line":2,"column":6,"byte":13},"end":{"line":2,"column":10,"byte":17}}}]}"#);
    let err = fails(&project, &cloud, &["check", "o/p/e"], 1);
    assert!(err.contains(" --> o/p/e@3:2:6\n") && err.contains("2 |   a: ${b}\n  |      ^^^^\n"), "{err}");
    cloud.judge(200, r#"{"properties":{},"diagnostics":[{"summary":"old","severity":"warning"}]}"#);
    let Printed { code, err, .. } = run(&project, &cloud, &["check", "o/p/e"]);
    assert_eq!((code, err.as_str()), (Some(0), "warning[cloud]: old\n1 environment checked: 0 errors, 1 warning\n"));
}

#[test]
fn each_failure_has_its_own_message() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    cloud.hold("o/p/e", ONE);
    let (open, read) = ("POST /api/esc/environments/o/p/e/open", "GET /api/esc/environments/o/p/e/open");
    let id: &[(&str, &str)] = &[("x-pulumi-request-id", "req-7")];
    let body = r#"{"code":1,"message":"canary body"}"#;
    let table: [(&str, Fault, i32, &str); 17] = [
        (open, Fault::Status(401, id, body), 3, "does not accept the token of PULUMI_ACCESS_TOKEN (request ID req-7)"),
        (
            open,
            Fault::Status(403, id, body),
            3,
            "access denied: opening `o/p/e`, which needs the permission `environment:open` (request ID req-7)",
        ),
        (open, Fault::Status(404, id, body), 4, "there is no environment `o/p/e` in Pulumi Cloud (request ID req-7)"),
        (
            open,
            Fault::Status(409, id, body),
            4,
            "opening `o/p/e` collides with a change that somebody else makes (request ID req-7)",
        ),
        (open, Fault::Status(429, id, body), 4, "was asked too often: opening `o/p/e` has to wait (request ID req-7)"),
        (open, Fault::Status(500, id, body), 4, "failed with status 500: opening `o/p/e` (request ID req-7)"),
        (open, Fault::Status(503, id, body), 4, "failed with status 503"),
        (
            open,
            Fault::Status(302, &[("location", "http://127.0.0.1:9/x")], ""),
            4,
            "sends the request elsewhere with status 302",
        ),
        (open, Fault::Status(400, &[], "canary, no JSON"), 4, "opening `o/p/e` was refused with status 400\n"),
        (open, Fault::Status(200, &[], "canary, no JSON"), 4, "can't be read: opening `o/p/e`"),
        (open, Fault::Status(200, &[], "{}"), 4, "can't be read: opening `o/p/e`"),
        (open, Fault::Hangup, 4, "opening `o/p/e`: "),
        (open, Fault::Noise, 4, "opening `o/p/e`: "),
        (read, Fault::Half, 4, "reading the values of `o/p/e`: "),
        (
            read,
            Fault::Status(200, &[], r#"{"properties":{"a":"canary"}}"#),
            4,
            "can't be read: reading the values of `o/p/e`",
        ),
        (
            read,
            Fault::Status(502, &[("x-pulumi-request-id", "canary canary")], body),
            4,
            "failed with status 502: reading the values of `o/p/e`\n",
        ),
        (read, Fault::Status(404, &[], body), 4, "the session of `o/p/e` ended before it was read"),
    ];
    for (request, fault, code, message) in table {
        cloud.fail(request, 3, fault.clone());
        let err = fails(&project, &cloud, &["open", "o/p/e"], code);
        assert!(err.starts_with("error: ") && err.contains(message), "{fault:?}: {err}");
        while run(&project, &cloud, &["open", "o/p/e"]).code != Some(0) {}
    }
    cloud.fail(open, 1, Fault::Silence);
    let err = fails(&project, &cloud, &["open", "o/p/e", "--timeout", "200ms"], 4);
    assert!(err.contains("no answer within 0.") || err.contains("did not answer within 0."), "{err}");
    let mut nobody = command(&project, &cloud, &["open", "o/p/e"]);
    let nobody = printed(nobody.env("PULUMI_BACKEND_URL", "http://127.0.0.1:9"));
    assert_eq!(nobody.code, Some(4));
    assert!(nobody.err.contains("127.0.0.1:9 can't be reached: connection refused"), "{}", nobody.err);
}

#[test]
fn what_may_pass_is_waited_for() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    cloud.hold("o/p/e", ONE);
    let (open, read) = ("POST /api/esc/environments/o/p/e/open", "GET /api/esc/environments/o/p/e/open");
    let again: &[(&str, &str)] = &[("retry-after", "0")];
    for (request, times, fault, seen) in [
        (open, 5, Fault::Status(429, again, ""), 7),
        (open, 2, Fault::Status(503, &[], ""), 4),
        (read, 2, Fault::Status(500, &[], ""), 4),
        (read, 1, Fault::Hangup, 3),
        (read, 1, Fault::Half, 3),
    ] {
        cloud.fail(request, times, fault.clone());
        prints(&project, &cloud, &["open", "o/p/e"]);
        assert_eq!(cloud.seen().0.len(), seen, "{fault:?}");
    }
    // Nobody knows what a request did that has no answer: it is sent once.
    cloud.fail(open, 1, Fault::Hangup);
    fails(&project, &cloud, &["open", "o/p/e"], 4);
    assert_eq!(cloud.seen().0.len(), 1);
}

#[test]
fn pulumis_files_are_read_and_left_as_they_are() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    cloud.hold("o/p/e", ONE);
    let folder = project.beside("home").join(".pulumi");
    fs::create_dir(&folder).unwrap();
    let file = folder.join("credentials.json");
    let url = cloud.url();
    let open = |text: &str, variables: &[(&str, &str)]| {
        fs::write(&file, text).unwrap();
        let found = printed(project.command(&["open", "o/p/e", "a"]).envs(variables.iter().copied()));
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        assert!(!found.err.contains("canary"), "{}", found.err);
        (found.code, found.err)
    };
    let account =
        format!(r#"{{"current":"{url}","accounts":{{"{url}":{{"accessToken":"{TOKEN}","username":"me"}}}}}}"#);
    let older = format!(r#"{{"current":"file://~","accessTokens":{{"{url}/":"{TOKEN}"}}}}"#);
    assert_eq!(open(&account, &[]), (Some(0), String::new()));
    assert_eq!(open(&older, &[("PULUMI_API", &url)]), (Some(0), String::new()));
    assert_eq!(
        open(r#"{"current":"file://~"}"#, &[("PULUMI_BACKEND_URL", &url), ("PULUMI_ACCESS_TOKEN", TOKEN)]).0,
        Some(0)
    );
    let wrong = account.replace(TOKEN, "pul-canary-old");
    assert_eq!(open(&wrong, &[("PULUMI_ACCESS_TOKEN", TOKEN)]), (Some(0), String::new()));
    let (code, err) = open(&wrong, &[]);
    assert!(
        code == Some(3) && err.contains("does not accept the token of ") && err.contains("/.pulumi/credentials.json"),
        "{err}"
    );
    let (code, err) = open(r#"{"version":1,"ciphertext":"canary"}"#, &[]);
    assert!(code == Some(3) && err.contains("is encrypted by Pulumi's credential store"), "{err}");

    // Whoever logs in again gets the environment again.
    fs::write(&file, &account).unwrap();
    let exported = project.prints(&["export", "o/p/e", "--format", "direnv"]);
    assert!(exported.contains("/.pulumi/credentials.json"), "{exported}");

    cloud.seen();
    project.write("esc-shell.yaml", &format!("cloud: {{url: '{url}'}}\n"));
    let (code, err) = open("{}", &[("PULUMI_ACCESS_TOKEN", TOKEN)]);
    assert!(code == Some(3) && err.contains("so no token is sent there"), "{err}");
    assert_eq!(cloud.seen(), (vec![], 0));
    assert_eq!(open(&format!(r#"{{"accounts":{{"{url}":{{}}}}}}"#), &[("PULUMI_ACCESS_TOKEN", TOKEN)]).0, Some(0));
}

#[test]
fn a_github_token_is_exchanged() {
    let (project, cloud) = (Project::with(&[]), Cloud::start());
    cloud.hold("o/p/e", ONE);
    project.write("esc-shell.yaml", "cloud: {oidc: {organization: acme, team: ops, expiration: 30m}}\n");
    let github = format!("{}/github?v=1", cloud.url());
    let job = |variables: &[(&str, &str)]| {
        let mut command = project.command(&["open", "o/p/e", "a"]);
        let found = printed(command.env("PULUMI_BACKEND_URL", cloud.url()).envs(variables.iter().copied()));
        assert!(!found.err.contains("canary"), "{}", found.err);
        (found.code, found.err)
    };
    let variables = [("ACTIONS_ID_TOKEN_REQUEST_URL", github.as_str()), ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job")];
    assert_eq!(job(&variables), (Some(0), String::new()));
    let (requests, connections) = cloud.seen();
    assert_eq!(requests[..2], ["GET /github?v=1&audience=urn%3Apulumi%3Aorg%3Aacme", "POST /api/oauth/token"]);
    assert_eq!((requests.len(), connections), (4, 1));
    let body: serde_json::Value = serde_json::from_str(&cloud.bodies()[0]).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "audience": "urn:pulumi:org:acme",
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "subject_token": "github-jwt-canary",
            "requested_token_type": "urn:pulumi:token-type:access_token:team",
            "scope": "team:ops",
            "expiration": 1800,
        })
    );
    cloud.fail(
        "POST /api/oauth/token",
        1,
        Fault::Status(401, &[], r#"{"error":"invalid_grant","error_description":"canary"}"#),
    );
    let (code, err) = job(&variables);
    assert!(
        code == Some(3) && err.contains("gives no token for the GitHub token of this job (invalid_grant)"),
        "{err}"
    );
    let (code, err) = job(&[]);
    assert!(code == Some(3) && err.contains("ACTIONS_ID_TOKEN_REQUEST_URL is not set"), "{err}");
}

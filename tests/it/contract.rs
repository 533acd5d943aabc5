//! The contract end to end: what `export` and `check` do with one, and that no value is ever told.

use std::{fmt::Write as _, process::Command};

use crate::support::project::{Printed, Project, printed};

const BASE: &str = "values:
  aws: {region: eu-central-1}
  token: {fn::secret: s3cret-t0ken}
  environmentVariables:
    TOKEN: ${token}
    PORT: 8080
";

const DEV: &str = "imports: [base]
values:
  environmentVariables:
    DATABASE_URL: mysql://u:s3cret-p4ss@host/db
    EMPTY: ''
    HOSTNAMES: [a, b]
    EXTRA: extra
";

fn project(contract: &str) -> Project {
    let project = Project::with(&[("base", BASE), ("dev", DEV)]);
    project.write("esc-shell.yaml", &format!("environments: esc\nenvironment: dev\n{contract}"));
    project
}

/// Runs a command that must fail with a status and print nothing; returns what it says.
fn refused(command: &mut Command, status: i32) -> Vec<String> {
    let Printed { code, out, err } = printed(command);
    assert_eq!((code, out.as_str()), (Some(status), ""), "{err}");
    assert!(!err.contains("s3cret"), "{err}");
    err.lines().map(str::to_owned).collect()
}

const EXPORT: [&str; 5] = ["export", "--format", "bash", "--diagnostics", "short"];

#[test]
fn every_violation_is_told_with_the_place_of_its_value() {
    let project = project(
        "variables:
  DATABASE_URL: {type: url, schemes: [postgres], help: ask \\#platform, owner: platform}
  TOKEN: {min-length: 32}
  EMPTY:
  MISSING: {help: secret myapp/dev}
  HOSTNAMES:
  REGION: {type: port, from: aws.region}
rules:
  - requires: {TOKEN: [TOKEN_ID]}
",
    );
    let said = refused(project.command(&EXPORT).arg("--require").arg("DEBUG:bool"), 6);
    let expected = [
        "warning[dropped]: `environmentVariables.HOSTNAMES` is a list, which is no text, and is left out; make it a text: `fn::toJSON`, or `fn::join` for a list",
        "esc/dev.yaml:4:19: error[contract-scheme]: the scheme of `DATABASE_URL` is none of `postgres`; ask \\#platform",
        "esc/dev.yaml: error[contract-missing]: required variable `DEBUG` is missing; add it to `environmentVariables` of the environment",
        "esc/dev.yaml:5:12: error[contract-empty]: required variable `EMPTY` is empty; give it a value, or write `required: false`",
        "esc/dev.yaml:6:16: error[contract-not-text]: `HOSTNAMES` is a list, which is no text; make it a text: `fn::toJSON`, or `fn::join` for a list",
        "esc/dev.yaml: error[contract-missing]: required variable `MISSING` is missing; secret myapp/dev",
        "esc/base.yaml:2:17: error[contract-type]: `REGION` is not of type `port`: expected a whole number from 1 to 65535; declared by esc-shell.yaml:9:3",
        "esc/base.yaml:5:12: error[contract-min-length]: `TOKEN` is too short: expected at least 32 characters; declared by esc-shell.yaml:5:3",
        "esc/base.yaml:5:12: error[contract-requires]: `TOKEN` needs `TOKEN_ID`, which is missing; declared by esc-shell.yaml:11:5",
    ];
    assert_eq!(said, expected);
}

#[test]
fn every_style_has_a_form() {
    let project = project("variables: {DATABASE_URL: {type: port, help: ask, owner: me, docs: 'https://x'}}\n");
    let style = |style: &str| refused(&mut project.command(&["export", "--format", "bash", "--diagnostics", style]), 6);
    let help = ["ask", "owner: me", "documentation: https://x", "declared by esc-shell.yaml:3:13"];
    let human: Vec<String> = style("human").into_iter().filter(|line| !line.contains("HOSTNAMES")).collect();
    let message = "`DATABASE_URL` is not of type `port`: expected a whole number from 1 to 65535";
    assert!(human.contains(&format!("error[contract-type]: {message}")), "{human:?}");
    assert!(human.iter().any(|line| line.ends_with("--> esc/dev.yaml:4:19")), "{human:?}");
    for line in help {
        assert!(human.contains(&format!(" = help: {line}")), "{human:?}");
    }
    let json: serde_json::Value = serde_json::from_str(style("json").last().unwrap()).unwrap();
    assert_eq!((&json["code"], &json["message"]), (&"contract-type".into(), &message.into()));
    assert_eq!((&json["start"]["line"], &json["help"]), (&4.into(), &help.to_vec().into()));
    let github = style("github").pop().unwrap();
    assert!(github.starts_with("::error file=esc/dev.yaml,line=4,endLine=4,col=19,"), "{github}");
    assert!(github.ends_with(&format!("::{message}%0A{}", help.join("%0A"))), "{github}");
}

#[test]
fn what_passes_is_delivered_as_the_contract_says() {
    let project = project(
        "variables:
  PORT: {type: port}
  REGION: {type: aws-region, from: aws.region}
  WORKERS: {type: int, default: 4}
  PROD_ONLY: {in: [prod]}
undeclared: drop
",
    );
    let exported = |arguments: &[&str]| {
        let Printed { code, out, err } = printed(project.command(&EXPORT).args(["--quiet"]).args(arguments));
        assert_eq!((code, err.as_str()), (Some(0), ""));
        let lines: Vec<String> = out.lines().map(|line| line.replacen("export ", "", 1)).collect();
        lines.into_iter().filter(|line| !line.starts_with("ESC_SHELL_")).collect::<Vec<_>>()
    };
    assert_eq!(exported(&[]), ["PORT='8080'", "REGION='eu-central-1'", "WORKERS='4'"]);
    assert_eq!(exported(&["--require", "EXTRA"])[0], "EXTRA='extra'");
    assert_eq!(exported(&["--undeclared", "export"]).len(), 7);
}

#[test]
fn only_what_the_contract_needs_is_opened() {
    let project = Project::with(&[]);
    let script = project.script("secret", "echo called >> \"$TMPDIR/calls\"; echo '{\"user\": \"joe\"}'");
    let definition = format!(
        "values:\n  db:\n    fn::open::local-command: {{command: ['{}']}}\n  environmentVariables: {{A: a}}\n",
        script.display()
    );
    project.write("esc/dev.yaml", &definition);
    project.write("esc-shell.yaml", "environments: esc\nvariables: {USER_NAME: {from: db.user, in: [prod]}}\n");
    let calls = || std::fs::read_to_string(project.beside("tmp").join("calls")).unwrap_or_default();
    let exported = || project.run(&["export", "dev", "--format", "bash"]).out;
    assert!(exported().starts_with("export A='a'\nexport ESC_SHELL_"));
    assert_eq!(calls(), "");
    project.write("esc-shell.yaml", "environments: esc\nvariables: {USER_NAME: {from: db.user}}\n");
    assert!(exported().contains("export USER_NAME='joe'\n"));
    assert_eq!(calls(), "called\n");
}

#[test]
fn severity_is_another_one_in_ci() {
    let project = project("variables: {MISSING: {severity: {ci: error, local: warn}}}\n");
    let run = |ci: &str| {
        let Printed { code, out, err } = printed(project.command(&EXPORT).env("CI", ci));
        (code, out.is_empty(), err.contains("warning[contract-missing]"), err.contains("error[contract-missing]"))
    };
    assert_eq!(run(""), (Some(0), false, true, false));
    assert_eq!(run("false"), (Some(0), false, true, false));
    assert_eq!(run("true"), (Some(6), true, false, true));
}

#[test]
fn a_contract_file_adds_up_with_the_others() {
    let project = project("variables: {PORT: {type: int, severity: warn}}\n");
    let file = |text: &str| project.write("contract.json", text);
    let run = |status| refused(project.command(&EXPORT).args(["--quiet", "--contract", "contract.json"]), status);
    file(
        r#"{"version": 1, "environments": ["base"], "variables": {"PORT": {"type": "port", "max": 80}, "DATABASE_URL": {}}}"#,
    );
    // Its environment is opened, not the configured one.
    let expected = [
        "esc/base.yaml: error[contract-missing]: required variable `DATABASE_URL` is missing; add it to `environmentVariables` of the environment",
        "esc/base.yaml:6:11: error[contract-max]: `PORT` is too large: expected at most 80; declared by esc-shell.yaml:3:13 and contract.json:1:56",
    ];
    assert_eq!(run(6), expected);
    file(r#"{"version": 1, "files": {"PORT": {}}}"#);
    assert_eq!(run(6).len(), 1);
    file(r#"{"version": 1, "variables": {"PORT": {"type": "url"}}}"#);
    let expected = "contract.json:1:30: error[config]: `PORT` is declared as `int` and as `url`; the other declaration is esc-shell.yaml:3:13";
    assert_eq!(run(2), [expected]);
    file(r#"{"version": 9}"#);
    assert!(run(2)[0].starts_with("contract.json:1:2: error[config]: a version that this build does not read"));
    file(r#"{"version": 1, "variables": {"PORT": {"minLength": 1}}}"#);
    assert_eq!(
        run(2),
        ["contract.json:1:39: error[config]: unknown key `minLength` in `variables.PORT`; did you mean `min-length`?"]
    );
    let said = refused(project.command(&EXPORT).args(["--require", "A:sting"]), 2);
    assert_eq!(said, ["error[usage]: `--require`: there is no type `sting`; did you mean `string`?"]);
}

#[test]
fn check_knows_what_can_be_known() {
    let open = "values:\n  s: {fn::open::aws-secrets: {region: eu-central-1, get: {a: {secretId: a}}}}\n  environmentVariables: {TOKEN: '${s.a}', PORT: x}\n";
    let project = Project::with(&[
        ("dev", open),
        ("all", "values:\n  environmentVariables: {fn::open::local-env: {get: {A: {name: A}}}}\n"),
    ]);
    project.write(
        "esc-shell.yaml",
        "environments: esc\nvariables: {TOKEN: {type: uuid}, PORT: {type: port, in: [dev, stagin]}, NOWHERE: {required: false}}\n",
    );
    let run = |arguments: &[&str]| {
        let Printed { code, out, err } = printed(project.command(&["check", "--diagnostics", "short"]).args(arguments));
        assert_eq!(out, "");
        let lines = err.lines().filter(|line| line.contains("[contract")).map(str::to_owned);
        (code, lines.collect::<Vec<_>>())
    };
    let port = "esc/dev.yaml:3:49: error[contract-type]: `PORT` is not of type `port`: expected a whole number from 1 to 65535; declared by esc-shell.yaml:2:34";
    assert_eq!(run(&["dev"]), (Some(6), vec![port.to_owned()]));
    assert_eq!(run(&["all"]), (Some(0), vec![]));
    assert_eq!(run(&["dev", "--require", "OTHER"]).1.len(), 2);
    // All environments together tell what is nowhere.
    let nowhere = [
        "esc-shell.yaml:2:34: warning[contract-no-environment]: the contract names environment `stagin`, which does not exist",
    ];
    let (code, said) = run(&[]);
    assert_eq!((code, said.len()), (Some(6), 2), "{said:?}");
    assert!(said.contains(&port.to_owned()) && said.contains(&nowhere[0].to_owned()), "{said:?}");
    let plain = project_of_base();
    let Printed { code, err, .. } = plain.run(&["check", "--diagnostics", "short", "--quiet"]);
    assert_eq!(
        (code, err.as_str()),
        (
            Some(6),
            "esc/dev.yaml: error[contract-missing]: required variable `DATABASE_URL` is missing; the environment has `DATABASE_URI`\n"
        )
    );
    let Printed { err, .. } = plain.run(&["check", "--diagnostics", "short"]);
    let nowhere = "esc-shell.yaml:4:3: warning[contract-nowhere]: `SENTRY_DSN` is declared, and no environment has it; did you mean `SENTRY_DNS`?";
    assert!(err.lines().any(|line| line == nowhere), "{err}");
    // Named, an environment that others import is held to all of it.
    assert_eq!(plain.run(&["check", "base", "--quiet", "--diagnostics", "short"]).err.lines().count(), 2);
    // A contract file alone is enough, as a flake's check has it.
    project.write("contract.json", r#"{"version": 1, "environments": ["dev"], "variables": {"DATABASE_URL": {}}}"#);
    let (code, said) = run(&["--contract", "contract.json"]);
    assert_eq!(code, Some(6));
    assert!(said.iter().any(|line| line.contains("`DATABASE_URL` is missing")), "{said:?}");
}

/// A project whose base lacks what only its importer has to have.
fn project_of_base() -> Project {
    let dev = "imports: [base]\nvalues: {environmentVariables: {TOKEN: t, DATABASE_URI: u, SENTRY_DNS: s}}\n";
    let project = Project::with(&[("base", "values: {environmentVariables: {PORT: 80}}\n"), ("dev", dev)]);
    let contract = "  DATABASE_URL:\n  SENTRY_DSN: {required: false}\n  TOKEN:\n  PORT: {type: port}\n";
    project.write("esc-shell.yaml", &format!("environments: esc\nvariables:\n{contract}"));
    project
}

#[test]
fn no_type_and_no_rule_tells_a_value() {
    let random: String = (0..12).map(|_| random_letter()).collect();
    let canary = format!("canary-{random}");
    let types = Project::with(&[]).prints(&["contract", "types"]);
    let types: Vec<&str> = types.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(types.len() >= 24);
    let keys = "pattern: '^x$', min-length: 900, values: [a], requires: [GONE]";
    let name = |kind: &str| format!("V_{}", kind.replace('-', "_").to_uppercase());
    let (mut contract, mut literal, mut secret) = (String::new(), String::new(), String::new());
    for kind in &types {
        let more = match *kind {
            "url" => ", schemes: [a]",
            "int" | "number" | "port" => ", min: 5",
            _ => "",
        };
        let _ = writeln!(contract, "  {}: {{type: {kind}, {keys}{more}}}", name(kind));
        let value = if *kind == "url" { format!("https://{canary}/") } else { canary.clone() };
        let _ = writeln!(literal, "    {}: '{value}'", name(kind));
        let _ = writeln!(secret, "    {}: ${{s.v}}", name(kind));
    }
    let literal = format!("values:\n  environmentVariables:\n{literal}");
    let opened = "s: {fn::open::local-env: {get: {v: {name: CANARY}}}}";
    let secret = format!("values:\n  {opened}\n  environmentVariables:\n{secret}");
    let project = Project::with(&[("literal", &literal), ("secret", &secret)]);
    project.write(
        "esc-shell.yaml",
        &format!("environments: esc\nvariables:\n{contract}rules: [{{conflicts: [V_STRING, V_URL]}}]\n"),
    );
    for environment in ["literal", "secret"] {
        for style in ["human", "short", "json", "github"] {
            for command in [&["export", "--format", "bash", "-v"][..], &["check", "-v"]] {
                let mut run = project.command(command);
                let Printed { code, out, err } =
                    printed(run.args([environment, "--diagnostics", style]).env("CANARY", &canary));
                let is_known = environment == "literal" || command[0] == "export";
                assert_eq!((code, out.as_str()), (Some(6), ""), "{err}");
                assert!(!err.contains(&canary) && !err.contains(&random), "{command:?} {style}: {err}");
                let told = err.matches("contract-pattern").count();
                assert_eq!(told, if is_known { types.len() } else { 0 }, "{command:?} {style}");
            }
        }
    }
}

/// Returns a random letter: nothing that was written down before can hold a word of them.
fn random_letter() -> char {
    use std::hash::{BuildHasher as _, RandomState};
    char::from(b'a' + (RandomState::new().hash_one(0) % 26) as u8)
}

//! `pulumi-stacks` against state that Pulumi's own program wrote (`tests/data/pulumi-state`).

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use esc_shell::{
    dialect::Dialect,
    eval::{Mode, Options, Roots},
    http,
    provider::{Host, Notes, Registry, Settings},
    session::{Catalogue, Deadlines, Runtime, Session},
    syntax,
    value::{Flags, Graph, Kind, Origin, Secrets, Value, View, json},
};

use crate::support::{
    counting::Documents,
    project::{Printed, Project, printed},
};

/// The folder with the state: another one can be named, of the same form.
fn data() -> PathBuf {
    match std::env::var_os("ESC_SHELL_PULUMI_STATE") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pulumi-state"),
    }
}

/// The folder with state that `scripts/pulumi-state.py` makes; its passphrase is the same.
fn made() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pulumi-made")
}

fn passphrase() -> String {
    fs::read_to_string(data().join("passphrase")).unwrap()
}

fn parsed(text: &str) -> Value {
    let mut graph = Graph::new();
    let root = json::parse(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
    Value::new(graph, root)
}

fn shown(view: View<'_>) -> String {
    json::indented(view, Secrets::Shown).unwrap()
}

/// Opens a definition in this process; returns the value of a path, with its flags.
fn opened(definition: &str, backend: &Path, passphrase: &str, path: &[&str]) -> Value {
    let variables = [("PULUMI_BACKEND_URL", format!("file://{}", backend.display()))];
    let variables = variables.into_iter().chain([("PULUMI_CONFIG_PASSPHRASE", passphrase.to_owned())]);
    let variables: BTreeMap<OsString, OsString> = variables.map(|(name, value)| (name.into(), value.into())).collect();
    let registry = Registry::new(Host {
        variables: Arc::new(variables),
        home: None,
        cwd: "/".into(),
        read_revision: Arc::new(|_, _, _| panic!("nothing comes from git")),
        parse_yaml: syntax::data,
        settings: Settings::default(),
        pulumi: esc_shell::pulumi::Settings::default(),
        end: std::time::Instant::now() + std::time::Duration::from_secs(30),
        http: http::Client::new(http::Settings { offline: true, ..http::Settings::default() }),
        notes: Notes::default(),
    });
    let mut documents = Documents::new([("env", definition)]);
    let options =
        Options { dialect: Dialect::Local, mode: Mode::Open, roots: Roots::All, show_secrets: false, gate: true };
    let mut graph = Graph::new();
    let context = graph.object([]);
    let runtime = Runtime::default();
    let mut session = Session {
        runtime: &runtime,
        definitions: &mut documents,
        providers: &Catalogue::new(&registry, Dialect::Local),
        deadlines: Deadlines::default(),
        waiting: None,
    };
    let evaluation = session.evaluate(&"env".into(), Value::new(graph, context), options).unwrap();
    let problems: Vec<_> = evaluation.all_diagnostics().map(|diagnostic| &diagnostic.problem).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let mut view = evaluation.root().unwrap();
    for key in path {
        view = view.get(key).unwrap();
    }
    Value::copy(view)
}

/// Returns the paths of the outermost secrets, as JSON.
fn secret_paths(view: View<'_>) -> Vec<String> {
    fn walk(view: View<'_>, path: &mut Vec<String>, found: &mut Vec<String>) {
        if view.is_secret() {
            found.push(format!("[{}]", path.join(",")));
            return;
        }
        match view.kind() {
            Kind::List(_) => {
                for (at, item) in view.items().enumerate() {
                    path.push(at.to_string());
                    walk(item, path, found);
                    path.pop();
                }
            }
            Kind::Object(_) => {
                for (key, value) in view.entries() {
                    path.push(format!("{key:?}"));
                    walk(value, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(view, &mut Vec::new(), &mut found);
    found.sort();
    found
}

const BOTH: &str = "values:
  s:
    fn::open::pulumi-stacks:
      stacks:
        staging: {stack: infra/staging}
        empty: {stack: infra/empty}
";

#[test]
fn state_opens_with_the_values_that_pulumi_prints_and_with_its_secrets() {
    assert!(compare(&data(), &[]) >= 6);
}

#[test]
fn state_that_pulumi_does_not_write_any_more_opens_too() {
    // Their keys are elsewhere: tests of their own have servers for them.
    assert_eq!(compare(&made(), &["awskms", "service"]), 7);
}

/// Opens the stacks of all backends in a folder; compares values, and what is secret.
fn compare(data: &Path, without: &[&str]) -> usize {
    let folders = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let folders: Vec<PathBuf> = folders.filter(|folder| !without.iter().any(|name| folder.ends_with(name))).collect();
    let count = folders.len();
    let threads = folders.into_iter().map(|folder| {
        thread::spawn(move || {
            let beside = |ending: &str| {
                let name = format!("{}.{ending}", folder.file_name().unwrap().to_str().unwrap());
                fs::read_to_string(folder.with_file_name(name)).unwrap()
            };
            let stacks = opened(BOTH, &folder, &passphrase(), &["s"]);
            let outputs = stacks.view().get("staging").unwrap();
            assert_eq!(shown(outputs), shown(parsed(&beside("outputs.json")).view()), "{}", folder.display());
            let masked = parsed(&beside("secret-paths.json"));
            let mut masked: Vec<String> = masked.view().items().map(|path| json::compact(path).unwrap()).collect();
            masked.sort();
            assert_eq!(secret_paths(outputs), masked, "{}", folder.display());
            assert_eq!(shown(stacks.view().get("empty").unwrap()), "{}");
        })
    });
    threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
    count
}

/// A project whose `Pulumi.yaml` names the state in `plain`.
fn project(definition: &str) -> Project {
    let project = Project::with(&[("dev", definition)]);
    let backend = data().join("plain");
    project.write("Pulumi.yaml", &format!("name: infra\nbackend: {{url: 'file://{}'}}\n", backend.display()));
    project
}

const VARIABLES: &str = "values:
  infra:
    fn::open::pulumi-stacks:
      stacks: {staging: {stack: myorg/infra/staging}}
  environmentVariables:
    ECS_CLUSTER: ${infra.staging.ecs_cluster_name}
    PORT: ${infra.staging.port}
";

#[test]
fn what_is_no_secret_needs_no_passphrase() {
    let project = project(VARIABLES);
    assert_eq!(project.prints(&["open", "dev", "--format", "dotenv"]), "ECS_CLUSTER='myapp-staging'\nPORT='5432'\n");
    assert_eq!(project.prints(&["open", "dev", "infra.staging.nested.ports[2].deep", "--format", "string"]), "x\n");
    let Printed { code, out, err } = project.run(&["open", "dev", "infra.staging.db_password"]);
    assert_eq!((code, out.as_str()), (Some(3), ""));
    let project_name = "there is no passphrase for the secrets of stack `infra/staging`";
    assert!(err.contains(project_name) && err.contains("set PULUMI_CONFIG_PASSPHRASE or"), "{err}");
    let mut wrong = project.command(&["open", "dev", "infra.staging.db_password", "--diagnostics", "short"]);
    let Printed { code, out, err } = printed(wrong.env("PULUMI_CONFIG_PASSPHRASE", "canary-5up3r"));
    assert_eq!((code, out.as_str()), (Some(3), ""));
    assert_eq!(
        err,
        "esc/dev.yaml:3:5: error[open]: can't open `pulumi-stacks`: the passphrase of stack `infra/staging` is wrong; \
         it is from PULUMI_CONFIG_PASSPHRASE\n"
    );
}

#[test]
fn a_secret_is_opened_with_the_passphrase_that_is_configured_for_its_stack() {
    let project = project(VARIABLES);
    project.write("pass", &format!("{}\n", passphrase()));
    project.write("esc-shell.yaml", "pulumi:\n  stacks:\n    infra/staging: {passphrase-file: pass}\n");
    let mut command = project.command(&["get", "dev", "infra.staging.db.creds.pass"]);
    // It goes before the one for all stacks.
    let Printed { code, out, err } = printed(command.env("PULUMI_CONFIG_PASSPHRASE", "another"));
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "pw\n", ""));
}

#[test]
fn what_is_missing_is_told_with_a_suggestion() {
    let cases = [
        (
            VARIABLES.replace("staging}", "stagin}"),
            4,
            "there is no stack `infra/stagin` in `file://STATE`; did you mean `infra/staging`?",
        ),
        (
            VARIABLES.replace("myorg/infra/staging}", "../..}"),
            1,
            "`../..` is no name of a stack; write `project/stack`",
        ),
        (VARIABLES.replace(".port}", ".prt}"), 1, "unknown property `prt`; did you mean `port`?"),
    ];
    for (definition, want_code, want) in cases {
        let project = project(&definition);
        let Printed { code, out, err } = project.run(&["open", "dev", "--format", "dotenv", "--diagnostics", "short"]);
        assert_eq!((code, out.as_str()), (Some(want_code), ""), "{err}");
        let want = want.replace("STATE", &data().join("plain").display().to_string());
        assert!(err.contains(&want), "{err}");
    }
}

#[test]
fn a_stack_that_is_being_updated_is_a_warning() {
    let project = Project::with(&[("dev", VARIABLES)]);
    let state = fs::read_to_string(data().join("plain/.pulumi/stacks/infra/staging.json")).unwrap();
    project.write("state/.pulumi/stacks/infra/staging.json", &state);
    project.write("state/.pulumi/locks/organization/infra/staging/1.json", "{}");
    project.write("esc-shell.yaml", "environments: esc\npulumi: {backend: 'file://state'}\n");
    let Printed { code, out, err } = project.run(&["open", "dev", "--format", "dotenv"]);
    assert_eq!((code, out.as_str()), (Some(0), "ECS_CLUSTER='myapp-staging'\nPORT='5432'\n"));
    assert_eq!(err, "warning: stack `infra/staging` is being updated: its outputs may change in a moment\n");
}

//! Every vector, at the levels of values, diagnostics, flags and schemas; positions are counted.
//!
//! `ESC_SHELL_REFERENCE_VECTORS` names the folder with `reference/` and `reference-normalised/`. `ESC_SHELL_VECTORS=DIR` runs
//! the vectors of DIR instead of all others, and `ESC_SHELL_VECTORS_OUT=DIR` writes what was got there instead of comparing.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use esc_shell::{
    ast,
    diagnostic::{Diagnostic, Problem, Severity, Sink},
    dialect::Dialect,
    environment::Variables,
    eval::{Evaluation, Machine, Mode, Options, Progress, Roots},
    source::{Source, SourceMap},
    syntax,
    value::{Graph, Value},
};
use serde_json::{Map, Value as Json, json};

use crate::support::{normal, vector::FolderWorld};

/// One vector: its folder, and its expectation where there is one.
struct Vector {
    name: String,
    folder: PathBuf,
    expected: Option<PathBuf>,
}

#[test]
fn conformance() {
    let vectors = vectors();
    assert!(!vectors.is_empty(), "no vectors found");
    if let Some(out) = std::env::var_os("ESC_SHELL_VECTORS_OUT") {
        fs::create_dir_all(&out).expect("the folder of ESC_SHELL_VECTORS_OUT can be made");
        for vector in &vectors {
            let path = Path::new(&out).join(format!("{}.json", vector.name));
            let got = serde_json::to_string_pretty(&run(vector, false)).expect("a JSON value can be written");
            fs::write(path, got).expect("the folder of ESC_SHELL_VECTORS_OUT can be written to");
        }
        return;
    }
    let mut report = String::new();
    let (mut compared, mut failed, mut positions, mut right) = (0, 0, 0, 0);
    for vector in &vectors {
        let Some(expected) = &vector.expected else { continue };
        let text = fs::read_to_string(expected).expect("an expectation can be read");
        let expected: Json = serde_json::from_str(&text).expect("an expectation is JSON");
        let got = run(vector, false);
        compared += 1;
        let before = report.len();
        compare(vector, &expected, &got, &mut report);
        failed += usize::from(report.len() > before);
        let (all, same) = count_positions(&expected, &got);
        positions += all;
        right += same;
        if all != same {
            eprintln!("{}: {same} of {all} positions", vector.name);
        }
        let slow = run(vector, true);
        if slow != got {
            let _ = writeln!(report, "{}: answers that are late change the result", vector.name);
        }
    }
    eprintln!("{compared} vectors, {failed} failed; {right} of {positions} positions are the reference's");
    assert!(report.is_empty(), "{report}");
    assert!(right * 100 >= positions * 99, "{right} of {positions} positions");
}

fn vectors() -> Vec<Vector> {
    if let Some(folder) = std::env::var_os("ESC_SHELL_VECTORS") {
        let folder = Path::new(&folder);
        let reference = reference_vectors(folder);
        return if reference.is_empty() { folder_vectors(folder, None) } else { reference };
    }
    let mut vectors = folder_vectors(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance"), None);
    let reference = std::env::var_os("ESC_SHELL_REFERENCE_VECTORS").map(PathBuf::from);
    let reference = reference.map(|folder| reference_vectors(&folder)).unwrap_or_default();
    if reference.is_empty() {
        eprintln!("skipped: reference vectors (ESC_SHELL_REFERENCE_VECTORS names no folder that has them)");
    }
    vectors.extend(reference);
    vectors
}

/// The vectors of `reference/`, with their expectations in `reference-normalised/`.
fn reference_vectors(folder: &Path) -> Vec<Vector> {
    let reference = folder.join("reference");
    if !reference.is_dir() {
        return Vec::new();
    }
    folder_vectors(&reference, Some(&folder.join("reference-normalised")))
}

fn folder_vectors(folder: &Path, normalised: Option<&Path>) -> Vec<Vector> {
    let mut vectors = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of vectors can be read") {
        let folder = entry.expect("a folder of vectors can be read").path();
        if !folder.join("env.yaml").is_file() {
            continue;
        }
        let name = folder.file_name().expect("a vector has a name").to_string_lossy().into_owned();
        let expected = match normalised {
            Some(normalised) => normalised.join(format!("{name}.json")),
            None => folder.join("expected.json"),
        };
        let expected = expected.is_file().then_some(expected);
        vectors.push(Vector { name, folder, expected });
    }
    vectors.sort_by(|a, b| a.name.cmp(&b.name));
    vectors
}

/// Runs a vector: load, check, open, and rotate where it asks for it.
fn run(vector: &Vector, slow: bool) -> Json {
    let overrides: Json = fs::read_to_string(vector.folder.join("overrides.json"))
        .map_or_else(|_| json!({}), |text| serde_json::from_str(&text).expect("overrides are JSON"));
    let root = overrides["rootEnvironment"].as_str().unwrap_or(&vector.name);
    let mut out = Map::new();
    let mut put = |name: &str, value: Json| {
        let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
        if !empty {
            out.insert(name.to_owned(), value);
        }
    };

    let load = load(vector, root);
    put("loadDiags", normal::diagnostics(&load.1));
    if !load.0 {
        return Json::Object(out);
    }
    let evaluate = |mode: Mode, show_secrets: bool| {
        let options = Options { dialect: Dialect::Hosted, mode, roots: Roots::All, show_secrets, gate: false };
        let mut machine = Machine::new(root, context(), options);
        let mut world = FolderWorld::new(&vector.folder, root, slow);
        let mut rounds = 0;
        while machine.run(&mut world) == Progress::Pending {
            rounds += 1;
            assert!(rounds < 10_000, "{}: no end", vector.name);
        }
        machine.finish()
    };
    let check = evaluate(Mode::Check, overrides["showSecrets"] == json!(true));
    put("checkDiags", normal::diagnostics(&check.diagnostics));
    if let Some(environment) = normal::environment(&check, false) {
        put("check", environment);
    }
    let opened = evaluate(Mode::Open, false);
    put("evalDiags", normal::diagnostics(&opened.diagnostics));
    if let Some(environment) = normal::environment(&opened, true) {
        put("eval", environment);
    }
    if let Some(variables) = outputs(&opened) {
        put("environmentVariables", normal::variables(&variables.variables));
        put("files", normal::variables(&variables.files));
    }
    if overrides["rotate"] == json!(true) {
        let paths = overrides["rotatePaths"].as_array().map(|paths| {
            paths.iter().map(|path| format!("values.{}", path.as_str().expect("a path is a string"))).collect()
        });
        let rotated = evaluate(Mode::Rotate(paths), false);
        put("rotateDiags", normal::diagnostics(&rotated.diagnostics));
        if let Some(environment) = normal::environment(&rotated, true) {
            put("rotate", environment);
        }
        put("rotatePatches", normal::patches(&rotated));
        put("rotateStatuses", normal::statuses(&rotated));
    }
    Json::Object(out)
}

fn outputs(evaluation: &Evaluation) -> Option<Variables> {
    evaluation.root().map(|root| Variables::of(root, esc_shell::dialect::Dialect::Hosted).expect("vectors are small"))
}

/// Loads the root document alone; tells whether there is a declaration.
fn load(vector: &Vector, root: &str) -> (bool, Vec<Diagnostic>) {
    let bytes = fs::read(vector.folder.join("env.yaml")).expect("a vector has a document");
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let Ok(text) = syntax::decode(&bytes) else {
        let reason = "no text".to_owned();
        let _ = sink.report(Diagnostic {
            severity: Severity::Error,
            problem: Problem::Yaml { reason },
            span: None,
            range: None,
            path: String::new(),
            extension: None,
        });
        return (false, sink.into_sorted().0);
    };
    let source = sources.add(Source::new(root, root, text));
    let declaration = ast::Environment::parse(&sources, source, Dialect::Hosted, &mut sink);
    (declaration.is_some(), sink.into_sorted().0)
}

/// `{pulumi: {user: {id: USER_123}}}`
fn context() -> Value {
    let mut graph = Graph::new();
    let id = graph.string("USER_123");
    let user = graph.object([("id".into(), id)]);
    let pulumi = graph.object([("user".into(), user)]);
    let root = graph.object([("pulumi".into(), pulumi)]);
    Value::new(graph, root)
}

/// Compares two results at the levels of values, flags, schemas and diagnostics.
fn compare(vector: &Vector, expected: &Json, got: &Json, report: &mut String) {
    let name = &vector.name;
    // The reference's own vectors don't say what variables they have, nor what became of each rotator.
    let complete = vector.expected.as_ref().is_some_and(|path| path.ends_with("expected.json"));
    let members = |value: &Json| value.as_object().cloned().unwrap_or_default();
    let (expected, got) = (members(expected), members(got));
    let mut keys: Vec<&String> = expected.keys().chain(got.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (wanted, found) = (expected.get(key).unwrap_or(&Json::Null), got.get(key).unwrap_or(&Json::Null));
        let extra = matches!(key.as_str(), "environmentVariables" | "files" | "rotateStatuses");
        if extra && !complete {
            continue;
        }
        if key.ends_with("Diags") {
            compare_diagnostics(name, key, wanted, found, report);
        } else if matches!(key.as_str(), "check" | "eval" | "rotate") {
            for part in ["redacted", "revealed", "secret", "unknown", "schema"] {
                differ(&format!("{name} {key}.{part}"), &sorted(&wanted[part]), &sorted(&found[part]), report);
            }
        } else {
            differ(&format!("{name} {key}"), wanted, found, report);
        }
    }
}

/// Flag lists have no order.
fn sorted(value: &Json) -> Json {
    let mut value = value.clone();
    if let Json::Array(list) = &mut value
        && list.iter().all(Json::is_array)
    {
        list.sort_by_key(ToString::to_string);
    }
    value
}

fn differ(what: &str, expected: &Json, got: &Json, report: &mut String) {
    if !same(expected, got) {
        let _ = writeln!(report, "{what}\n  expected {expected}\n  got      {got}");
    }
}

/// Equality with numbers as numbers.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && std::iter::zip(a, b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// What counts of a diagnostic: not its end, nor bytes.
fn essence(diagnostic: &Json) -> String {
    let start = &diagnostic["range"]["start"];
    let place = json!([diagnostic["range"]["file"], start[0], start[1]]);
    json!([diagnostic["code"], diagnostic["severity"], diagnostic["path"], place, diagnostic["args"]]).to_string()
}

fn compare_diagnostics(name: &str, stage: &str, expected: &Json, got: &Json, report: &mut String) {
    let list = |value: &Json| -> Vec<String> {
        let mut list: Vec<String> = value.as_array().into_iter().flatten().map(essence).collect();
        list.sort();
        list
    };
    let (mut missing, mut extra) = (list(expected), list(got));
    missing.retain(|wanted| match extra.iter().position(|found| found == wanted) {
        Some(at) => {
            extra.remove(at);
            false
        }
        None => true,
    });
    for line in missing {
        let _ = writeln!(report, "{name} {stage}: missing {line}");
    }
    for line in extra {
        let _ = writeln!(report, "{name} {stage}: extra {line}");
    }
}

/// Counts the positions of diagnostics that match in everything else.
fn count_positions(expected: &Json, got: &Json) -> (usize, usize) {
    let (mut all, mut right) = (0, 0);
    for stage in ["loadDiags", "checkDiags", "evalDiags", "rotateDiags"] {
        let mut found: Vec<&Json> = got[stage].as_array().into_iter().flatten().collect();
        for wanted in expected[stage].as_array().into_iter().flatten() {
            all += 2;
            let exact = found.iter().position(|f| essence(f) == essence(wanted) && f["range"] == wanted["range"]);
            let at = exact.or_else(|| found.iter().position(|f| essence(f) == essence(wanted)));
            if let Some(at) = at {
                let found = found.remove(at);
                right += ["start", "end"].iter().filter(|end| found["range"][*end] == wanted["range"][*end]).count();
            }
        }
    }
    (all, right)
}

//! Results in the form that the vectors expect (N).

use esc_shell::{
    diagnostic::{Diagnostic, Problem, Severity, suggest},
    environment::Variable,
    eval::{Evaluation, RotationStatus},
    source::{Position, Range},
    value::{
        Kind, Secrets, View, json,
        schema::{Violation, to_json},
    },
};
use serde_json::{Map, Value as Json, json};

/// A whole environment.
pub fn environment(evaluation: &Evaluation, revealed: bool) -> Option<Json> {
    let root = evaluation.root()?;
    let mut out = Map::new();
    out.insert("redacted".into(), shown(root, Secrets::Masked));
    if revealed {
        out.insert("revealed".into(), shown(root, Secrets::Shown));
    }
    let (mut secret, mut unknown) = (Vec::new(), Vec::new());
    flags(root, &mut Vec::new(), &mut secret, &mut unknown);
    for (name, list) in [("secret", secret), ("unknown", unknown)] {
        if !list.is_empty() {
            out.insert(name.into(), Json::Array(list));
        }
    }
    out.insert("schema".into(), parse(&to_json(evaluation.schema())));
    Some(Json::Object(out))
}

/// A value as JSON.
pub fn shown(view: View<'_>, secrets: Secrets) -> Json {
    parse(&json::indented(view, secrets).expect("vectors are small"))
}

fn parse(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn flags(view: View<'_>, path: &mut Vec<Json>, secret: &mut Vec<Json>, unknown: &mut Vec<Json>) {
    if view.is_secret() {
        secret.push(Json::Array(path.clone()));
    }
    if view.is_unknown() {
        unknown.push(Json::Array(path.clone()));
    }
    match view.kind() {
        Kind::List(_) => {
            for (at, item) in view.items().enumerate() {
                path.push(json!(at));
                flags(item, path, secret, unknown);
                path.pop();
            }
        }
        Kind::Object(_) => {
            for (key, item) in view.entries() {
                path.push(json!(key.as_ref()));
                flags(item, path, secret, unknown);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Variables or files by name.
pub fn variables(list: &[Variable]) -> Json {
    let entries = list.iter().map(|variable| {
        let mut entry = json!({"value": variable.text.to_str_lossy()});
        if variable.secret {
            entry["secret"] = json!(true);
        }
        (variable.name.to_string(), entry)
    });
    Json::Object(entries.collect())
}

/// Patches of a rotation, sorted.
pub fn patches(evaluation: &Evaluation) -> Json {
    let mut patches: Vec<Json> = evaluation
        .rotations
        .iter()
        .filter_map(|rotation| rotation.patch.as_ref())
        .map(|patch| {
            json!({
                "docPath": patch.path,
                "redacted": shown(patch.state.view(), Secrets::Masked),
                "revealed": shown(patch.state.view(), Secrets::Shown),
            })
        })
        .collect();
    patches.sort_by(|a, b| a["docPath"].as_str().cmp(&b["docPath"].as_str()));
    Json::Array(patches)
}

/// What became of each rotator.
pub fn statuses(evaluation: &Evaluation) -> Json {
    let statuses = evaluation.rotations.iter().map(|rotation| {
        let status = match rotation.status {
            RotationStatus::Succeeded => "succeeded",
            RotationStatus::Failed => "failed",
            RotationStatus::NotEvaluated => "not-evaluated",
        };
        json!({"path": rotation.path, "status": status})
    });
    Json::Array(statuses.collect())
}

/// Diagnostics in the vectors' order.
pub fn diagnostics(list: &[Diagnostic]) -> Json {
    Json::Array(list.iter().map(diagnostic).collect())
}

fn diagnostic(diagnostic: &Diagnostic) -> Json {
    let mut out = json!({
        "code": format!("D-{}", diagnostic.problem.code().to_uppercase()),
        "severity": if diagnostic.severity == Severity::Error { "error" } else { "warning" },
        "path": diagnostic.path,
        "range": diagnostic.range.as_ref().map(range),
    });
    let args = args(&diagnostic.problem);
    if !args.is_empty() {
        out["args"] = Json::Object(args);
    }
    out
}

fn range(range: &Range) -> Json {
    let triple = |position: Position| json!([position.line, position.column, position.byte]);
    json!({"file": range.environment.as_ref(), "start": triple(range.begin), "end": triple(range.end)})
}

fn args(problem: &Problem) -> Map<String, Json> {
    let mut args = Map::new();
    let mut set = |name: &str, value: Json| {
        args.insert(name.into(), value);
    };
    match problem {
        Problem::UnknownProp { name, suggestion } => {
            set("name", json!(name));
            if let Some(suggestion) = suggestion {
                set("suggestion", json!(suggestion));
            }
        }
        Problem::Cycle { name }
        | Problem::ImportCycle { name }
        | Problem::DupKey { name }
        | Problem::DupField { name }
        | Problem::Reserved { name }
        | Problem::BuiltinTop { name }
        | Problem::BuiltinNotAlone { name }
        | Problem::ProviderLoad { name, .. } => set("name", json!(name)),
        Problem::UnknownField { name } => {
            set("name", json!(name));
            set("known", json!(suggest::fields(name)));
        }
        Problem::OutOfBounds { index, length } => {
            set("index", json!(index));
            set("length", json!(length));
        }
        Problem::Open { failure, .. } => set("hostText", json!(failure.message)),
        Problem::Schema { prefix, violation } => {
            let prefixed =
                matches!(violation, Violation::Type { .. } | Violation::NoneOf | Violation::RequiredSchema(_));
            if prefixed && !prefix.is_empty() {
                set("prefix", json!(prefix));
            }
            match violation {
                Violation::Type { expected, got } => {
                    set("expected", json!(expected));
                    set("got", json!(got));
                }
                Violation::Const(value) => set("const", shown(value.view(), Secrets::Shown)),
                Violation::Enum(values) => {
                    let values = values.iter().map(|value| shown(value.view(), Secrets::Shown)).collect();
                    set("enum", Json::Array(values));
                }
                Violation::Required(names) => {
                    set("names", json!(names.iter().map(AsRef::as_ref).collect::<Vec<&str>>()));
                }
                Violation::MultipleOf(limit)
                | Violation::Minimum(limit)
                | Violation::ExclusiveMinimum(limit)
                | Violation::Maximum(limit)
                | Violation::ExclusiveMaximum(limit)
                | Violation::MinLength(limit)
                | Violation::MaxLength(limit)
                | Violation::MinItems(limit)
                | Violation::MaxItems(limit)
                | Violation::MinProperties(limit)
                | Violation::MaxProperties(limit) => set("limit", json!(limit.as_ref())),
                Violation::Pattern(pattern) => set("pattern", json!(pattern.as_ref())),
                _ => {}
            }
        }
        _ => {}
    }
    args
}

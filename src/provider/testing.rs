//! What the tests of providers share: hosts, inputs, calls.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    hash::{BuildHasher, RandomState},
    path::Path,
    sync::Arc,
};

use crate::{
    diagnostic::{Failure, FailureKind},
    http,
    provider::{CallContext, Host, Notes, Provider, Settings},
    value::{Flags, Graph, Kind, Origin, Value, View, json},
};

/// A host that has variables, no home folder, no git, no YAML and no network.
pub(super) fn host(variables: &[(&str, &str)]) -> Host {
    let variables: BTreeMap<OsString, OsString> =
        variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
    Host {
        variables: Arc::new(variables),
        home: None,
        cwd: "/".into(),
        read_revision: Arc::new(|_, _, _| panic!("nothing comes from git")),
        parse_yaml: |_| Err(Failure::new(FailureKind::Provider, "line 7: a reason")),
        settings: Settings::default(),
        pulumi: crate::pulumi::Settings::default(),
        end: std::time::Instant::now() + std::time::Duration::from_secs(30),
        http: http::Client::new(http::Settings { offline: true, ..http::Settings::default() }),
        notes: Notes::default(),
    }
}

/// A call from a definition in a folder.
pub(super) fn call_in(folder: &Path) -> CallContext {
    CallContext { folder: Some(folder.into()), ..call() }
}

/// A call from a definition that is no local file.
pub(super) fn call() -> CallContext {
    CallContext {
        root_environment: "project/dev".into(),
        current_environment: "project/dev".into(),
        folder: None,
        revision: None,
    }
}

/// Inputs, written as JSON.
pub(super) fn inputs(text: &str) -> Value {
    let mut graph = Graph::new();
    let root = json::parse(text, &mut graph, Origin::NONE, Flags::empty()).unwrap();
    Value::new(graph, root)
}

/// Opens a provider on a runtime of its own.
pub(super) fn open(provider: &dyn Provider, text: &str, context: CallContext) -> Result<Value, Failure> {
    open_value(provider, inputs(text), context)
}

/// Opens a provider on a runtime of its own.
pub(super) fn open_value(provider: &dyn Provider, inputs: Value, context: CallContext) -> Result<Value, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(provider.open(inputs, context))
}

/// A value as text: strings in quotes, `!` before what is secret.
pub(super) fn written(view: View<'_>) -> String {
    let text = match view.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::String(text) => format!("{:?}", text.as_str().unwrap()),
        Kind::List(_) => format!("[{}]", view.items().map(written).collect::<Vec<_>>().join(", ")),
        Kind::Object(_) => {
            let entries = view.entries().map(|(key, value)| format!("{key}: {}", written(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        kind => panic!("{kind:?}"),
    };
    if view.is_secret() { format!("!{text}") } else { text }
}

/// A text that stands nowhere else.
pub(super) fn canary() -> String {
    format!("canary{:016x}", RandomState::new().hash_one("canary"))
}

/// Fails when a failure holds a text.
pub(super) fn assert_silent(failure: &Failure, secret: &str) {
    let said = format!("{failure} {failure:?}");
    assert!(!said.contains(secret), "{said}");
}

//! `local-env`: variables of the caller's environment.

use std::{ffi::OsStr, rc::Rc};

use crate::{
    diagnostic::{Failure, FailureKind, list},
    provider::{
        CallContext, Host, Opening, Provider,
        input::{optional_text, required, result_flags, shown, text},
    },
    value::{Graph, Key, Kind, Origin, Value, View},
};

/// Opens `local-env`.
pub(in crate::provider) struct Env {
    host: Rc<Host>,
}

impl Env {
    /// Makes the provider.
    pub(in crate::provider) fn new(host: Rc<Host>) -> Self {
        Self { host }
    }

    /// Returns the wanted variables as an object; says all that are missing at once.
    fn read(&self, inputs: View<'_>) -> Result<Value, Failure> {
        let flags = result_flags(inputs);
        let mut graph = Graph::new();
        let mut entries: Vec<(Key, _)> = Vec::new();
        let (mut missing, mut unreadable) = (Vec::new(), Vec::new());
        for (key, entry) in required(inputs, "get").entries() {
            let name = required(entry, "name");
            let found = match self.host.variables.get(OsStr::new(text(name, "name")?)) {
                Some(value) => value.to_str().ok_or(&mut unreadable),
                None => optional_text(entry, "default")?.ok_or(&mut missing),
            };
            match found {
                Ok(value) => {
                    let value = graph.add(Kind::String(value.into()), flags, Origin::NONE);
                    entries.push((Key::clone(key), value));
                }
                Err(names) => names.push(shown(name)),
            }
        }
        refuse(&missing, &unreadable)?;
        let entries = graph.object(entries);
        Ok(Value::new(graph, entries))
    }
}

impl Provider for Env {
    fn open(&self, inputs: Value, _: CallContext) -> Opening<'_, Value> {
        Box::pin(async move { self.read(inputs.view()) })
    }
}

/// Fails when a variable is missing, or has a value that is no text.
fn refuse(missing: &[String], unreadable: &[String]) -> Result<(), Failure> {
    let mut said = Vec::new();
    let mut say = |names: &[String], one: &str, more: &str| match names {
        [] => {}
        [name] => said.push(format!("environment variable {name} {one}")),
        names => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            said.push(format!("environment variables {} {more}", list(&names)));
        }
    };
    say(missing, "is not set", "are not set");
    say(unreadable, "is not UTF-8", "are not UTF-8");
    if said.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(FailureKind::Provider, said.join("; "));
    Err(if missing.is_empty() { failure } else { failure.hint("set it, or give it a `default`") })
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _, sync::Arc};

    use super::*;
    use crate::provider::testing::{assert_silent, call, canary, host, inputs, open, open_value, written};

    fn provider(variables: &[(&str, &str)]) -> Env {
        Env::new(Rc::new(host(variables)))
    }

    #[test]
    fn variables_become_strings() {
        let env = provider(&[("USER_NAME", "ada"), ("EMPTY", "")]);
        let cases = [
            (r#"{"get": {"a": {"name": "USER_NAME"}}}"#, r#"{a: !"ada"}"#),
            (r#"{"get": {"a": {"name": "USER_NAME"}}, "secret": true}"#, r#"{a: !"ada"}"#),
            (r#"{"get": {"a": {"name": "USER_NAME"}}, "secret": false}"#, r#"{a: "ada"}"#),
            (r#"{"get": {"b": {"name": "EMPTY", "default": "x"}, "a": {"name": "EMPTY"}}}"#, r#"{a: !"", b: !""}"#),
            (r#"{"get": {"a": {"name": "NONE", "default": "x"}}}"#, r#"{a: !"x"}"#),
            (r#"{"get": {"a": {"name": "NONE", "default": ""}}}"#, r#"{a: !""}"#),
        ];
        for (inputs, want) in cases {
            assert_eq!(written(open(&env, inputs, call()).unwrap().view()), want, "{inputs}");
        }
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let secret = canary();
        let mut host = host(&[("SET", secret.as_str())]);
        let bytes = [secret.as_bytes(), b"\xff"].concat();
        Arc::make_mut(&mut host.variables).insert("BYTES".into(), OsString::from_vec(bytes));
        let env = Env::new(Rc::new(host));
        let get = |names: &[&str]| {
            let entries = names.iter().map(|name| format!(r#""k{name}": {{"name": "{name}"}}"#));
            open(&env, &format!(r#"{{"get": {{{}}}}}"#, entries.collect::<Vec<_>>().join(", ")), call()).unwrap_err()
        };
        let hints = vec!["set it, or give it a `default`".to_owned()];
        let cases: [(&[&str], &str, Vec<String>); 4] = [
            (&["A", "SET"], "environment variable `A` is not set", hints.clone()),
            (&["A", "B"], "environment variables `A` and `B` are not set", hints.clone()),
            (&["SET", "BYTES"], "environment variable `BYTES` is not UTF-8", vec![]),
            (&["A", "BYTES"], "environment variable `A` is not set; environment variable `BYTES` is not UTF-8", hints),
        ];
        for (names, message, hints) in cases {
            let failure = get(names);
            assert_eq!(failure, Failure { kind: FailureKind::Provider, message: message.into(), hints });
            assert_silent(&failure, &secret);
        }
    }

    #[test]
    fn a_secret_name_is_not_told() {
        let value = inputs(r#"{"get": {"a": {"name": "hunter2"}}}"#);
        let mut graph = Graph::new();
        let root = graph.graft(value.view(), Origin::NONE, crate::value::Flags::SECRET);
        let failure = open_value(&provider(&[]), Value::new(graph, root), call()).unwrap_err();
        assert_eq!(failure.message, "environment variable [secret] is not set");
    }
}

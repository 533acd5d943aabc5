//! Which local extensions the inputs of a call use.

use std::sync::Arc;

use crate::{
    diagnostic::Extension,
    value::{Key, Kind, View},
};

/// Finds the local extensions in the inputs of a provider, each with the property names that lead to what uses it.
///
/// An unknown input uses none. What is found does not depend on the dialect: the hosted one reports what is found here.
#[must_use]
pub fn extensions(provider: &str, inputs: View<'_>) -> Vec<(Vec<Key>, Extension)> {
    if !matches!(inputs.kind(), Kind::Object(_)) || inputs.is_unknown() {
        return Vec::new();
    }
    match provider {
        "aws-login" if inputs.get("ambient").is_some() => vec![(vec!["ambient".into()], Extension::AmbientLogin)],
        "aws-login" if inputs.get("oidc").is_none() && inputs.get("static").is_none() => {
            vec![(Vec::new(), Extension::AmbientLogin)]
        }
        "aws-secrets" if inputs.get("login").is_none() => vec![(Vec::new(), Extension::LoginOmitted)],
        "pulumi-stacks" => organizations(inputs),
        _ => Vec::new(),
    }
}

/// Finds the stacks that are named with their organization.
fn organizations(inputs: View<'_>) -> Vec<(Vec<Key>, Extension)> {
    let stacks = inputs.get("stacks").into_iter().flat_map(View::entries);
    stacks
        .filter(|(_, stack)| {
            let name = stack.get("stack").and_then(View::as_str);
            name.is_some_and(|name| name.matches('/').count() == 2)
        })
        .map(|(alias, _)| (vec!["stacks".into(), Arc::clone(alias), "stack".into()], Extension::StackOrganization))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Graph, NodeId, Value, schema::Schema};

    /// A path and the extension that is used there.
    type Use = (String, Extension);

    fn inputs(build: impl FnOnce(&mut Graph) -> NodeId) -> Value {
        let mut graph = Graph::new();
        let root = build(&mut graph);
        Value::new(graph, root)
    }

    fn found(provider: &str, value: &Value) -> Vec<Use> {
        extensions(provider, value.view()).into_iter().map(|(path, extension)| (path.join("."), extension)).collect()
    }

    /// An object whose properties are all empty objects.
    fn with(names: &[&str]) -> Value {
        inputs(|graph| {
            let entries: Vec<_> = names.iter().map(|name| (Key::from(*name), graph.object([]))).collect();
            graph.object(entries)
        })
    }

    #[test]
    fn logins_that_are_left_out_are_found() {
        let used = |path: &str, extension| Some((path.to_owned(), extension));
        let cases: [(&str, &[&str], Option<Use>); 9] = [
            ("aws-login", &[], used("", Extension::AmbientLogin)),
            ("aws-login", &["ambient"], used("ambient", Extension::AmbientLogin)),
            ("aws-login", &["ambient", "oidc"], used("ambient", Extension::AmbientLogin)),
            ("aws-login", &["oidc"], None),
            ("aws-login", &["static"], None),
            ("aws-secrets", &["get", "region"], used("", Extension::LoginOmitted)),
            ("aws-secrets", &["get", "login", "region"], None),
            ("aws-parameter-store", &["get", "region"], None),
            ("vault-login", &[], None),
        ];
        for (provider, names, want) in cases {
            assert_eq!(found(provider, &with(names)), Vec::from_iter(want), "{provider} {names:?}");
        }
    }

    #[test]
    fn stacks_with_an_organization_are_found_each() {
        let value = inputs(|graph| {
            let mut stack = |name: &str| {
                let name = graph.string(name);
                graph.object([("stack".into(), name)])
            };
            let stacks = [
                ("a", stack("org/infra/dev")),
                ("b", stack("infra/dev")),
                ("c.d", stack("o/p/s")),
                ("e", stack("a/b/c/d")),
            ];
            let unknown = graph.unknown(Schema::string());
            let unknown = graph.object([("stack".into(), unknown)]);
            let stacks = stacks.into_iter().chain([("f", unknown)]).map(|(alias, stack)| (Key::from(alias), stack));
            let stacks = graph.object(stacks.collect::<Vec<_>>());
            graph.object([("stacks".into(), stacks)])
        });
        let want = ["a", "c.d"].map(|alias| (format!("stacks.{alias}.stack"), Extension::StackOrganization));
        assert_eq!(found("pulumi-stacks", &value), want);
    }

    #[test]
    fn unknown_inputs_use_nothing() {
        let value = inputs(|graph| graph.unknown(Schema::any()));
        for provider in ["aws-login", "aws-secrets", "pulumi-stacks"] {
            assert_eq!(found(provider, &value), vec![], "{provider}");
        }
    }
}

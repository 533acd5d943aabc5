//! `${context}` on this machine.

use crate::value::{Graph, Key, NodeId, Value, schema::Schema};

/// Returns the host's part of the context: the organization where it is known; what only Pulumi Cloud knows is unknown.
#[must_use]
pub fn local_context(organization: Option<&str>) -> Value {
    let mut graph = Graph::new();
    let object = |graph: &mut Graph, entries: &[(&str, NodeId)]| {
        graph.object(entries.iter().map(|(key, node)| (Key::from(*key), *node)))
    };
    let unknown = graph.unknown(Schema::string());
    let login = match organization {
        Some(organization) => graph.string(organization),
        None => unknown,
    };
    let organization = object(&mut graph, &[("login", login)]);
    let user = object(&mut graph, &[("login", unknown), ("id", unknown)]);
    let token = object(&mut graph, &[("name", unknown), ("team", unknown), ("type", unknown)]);
    let duration = graph.string("2h0m0s");
    let pulumi = object(
        &mut graph,
        &[("organization", organization), ("user", user), ("token", token), ("openDuration", duration)],
    );
    let root = object(&mut graph, &[("pulumi", pulumi)]);
    Value::new(graph, root)
}

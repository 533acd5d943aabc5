//! The paths of files as variables of the environment.

use std::{collections::BTreeMap, sync::Arc};

use super::{FILES, VARIABLES, variables::is_scalar};
use crate::value::{Flags, Graph, Key, Kind, Node, NodeId, Object, Origin, View};

/// The path of each file that was written, by the name of its variable.
pub type FilePaths = BTreeMap<Key, String>;

/// Adds the paths of files to the `environmentVariables` of an environment, as the reference does when it shows a whole one;
/// returns the new root.
///
/// A path replaces a variable of its name, and is as secret as its file. Only scalars of `files` have a path. The variables
/// are made when there are none; when they are no known object, nothing is added.
pub fn with_file_paths(graph: &mut Graph, root: NodeId, paths: &FilePaths) -> NodeId {
    let Kind::Object(top) = graph.node(root).kind.clone() else {
        return root;
    };
    let files: Vec<(Key, NodeId, &String)> = match graph.view(root).get(FILES) {
        Some(files) if !files.is_unknown() => files
            .entries()
            .filter(|(_, file)| is_scalar(*file))
            .filter_map(|(name, file)| Some((name.clone(), file.id(), paths.get(name)?)))
            .collect(),
        _ => return root,
    };
    let section = graph.view(root).get(VARIABLES).map(View::id);
    let (section, object) = match section.map(|id| (id, &graph.node(id).kind)) {
        None => (None, Arc::default()),
        Some((id, Kind::Object(object))) if !graph.view(id).is_unknown() => (Some(id), Arc::clone(object)),
        Some(_) => return root,
    };
    if files.is_empty() {
        return root;
    }
    let added: Vec<(Key, NodeId)> = files
        .into_iter()
        .map(|(name, file, path)| {
            let Node { flags, origin, .. } = *graph.node(file);
            let kind = Kind::String(path.as_str().into());
            (name, graph.add(kind, flags.only(Flags::SECRET), origin))
        })
        .collect();
    let changed = with_entries(graph, section, &object, added);
    with_entries(graph, Some(root), &top, vec![(VARIABLES.into(), changed)])
}

/// Copies an object with some properties set anew, as properties of its top layer.
fn with_entries(graph: &mut Graph, old: Option<NodeId>, object: &Object, set: Vec<(Key, NodeId)>) -> NodeId {
    let own = object.own.as_ref().map(|own| {
        let mut keys: Vec<Key> = own.iter().cloned().chain(set.iter().map(|(key, _)| key.clone())).collect();
        keys.sort();
        keys.dedup();
        keys.into()
    });
    let entries: BTreeMap<Key, NodeId> = object.entries.iter().cloned().chain(set).collect();
    let object = Object { entries: entries.into_iter().collect(), own, ..object.clone() };
    let (flags, origin) = old.map_or((Flags::empty(), Origin::NONE), |id| {
        let node = graph.node(id);
        (node.flags.only(Flags::SECRET | Flags::UNKNOWN | Flags::FINAL | Flags::ROTATE_ONLY), node.origin)
    });
    let new = graph.add(Kind::Object(object.into()), flags, origin);
    if let Some(base) = old.and_then(|id| graph.node(id).base) {
        let node = Node { base: Some(base), ..graph.node(new).clone() };
        graph.replace(new, node);
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json::{compact, parse};

    fn read(graph: &mut Graph, json: &str) -> NodeId {
        parse(json, graph, Origin::NONE, Flags::empty()).unwrap()
    }

    fn paths(list: &[(&str, &str)]) -> FilePaths {
        list.iter().map(|(name, path)| ((*name).into(), (*path).to_owned())).collect()
    }

    #[test]
    fn paths_are_added() {
        let table = [
            (r#"{"files":{"F":"x","G":1}}"#, r#"{"environmentVariables":{"F":"/f","G":"/g"},"files":{"F":"x","G":1}}"#),
            (
                r#"{"environmentVariables":{"A":1,"F":2},"files":{"F":null}}"#,
                r#"{"environmentVariables":{"A":1,"F":"/f"},"files":{"F":null}}"#,
            ),
            (r#"{"files":{"F":["x"]}}"#, r#"{"files":{"F":["x"]}}"#),
            (r#"{"files":{"H":"x"}}"#, r#"{"files":{"H":"x"}}"#),
            (r#"{"files":"F"}"#, r#"{"files":"F"}"#),
            (r#"{"environmentVariables":"x","files":{"F":"x"}}"#, r#"{"environmentVariables":"x","files":{"F":"x"}}"#),
            (r#"{"a":1}"#, r#"{"a":1}"#),
            ("[]", "[]"),
        ];
        for (json, expected) in table {
            let mut graph = Graph::new();
            let root = read(&mut graph, json);
            let new = with_file_paths(&mut graph, root, &paths(&[("F", "/f"), ("G", "/g")]));
            assert_eq!(compact(graph.view(new)).unwrap(), expected, "{json}");
            assert_eq!(compact(graph.view(root)).unwrap(), json, "the old root is as it was");
        }
    }

    #[test]
    fn a_path_is_as_secret_as_its_file_and_defined_there() {
        let mut graph = Graph::new();
        let file = graph.add(Kind::String("x".into()), Flags::SECRET, Origin(7));
        let files = graph.object([("F".into(), file)]);
        let root = graph.object([(FILES.into(), files)]);
        let new = with_file_paths(&mut graph, root, &paths(&[("F", "/f")]));
        let path = graph.view(new).get(VARIABLES).unwrap().get("F").unwrap();
        assert!(path.is_secret());
        assert_eq!((path.as_str(), path.node().origin), (Some("/f"), Origin(7)));
        assert_eq!(graph.node(new).weight, 5);
    }

    #[test]
    fn layers_and_origins_stay() {
        let mut graph = Graph::new();
        let (base, one, file) = (graph.null(), graph.number("1"), graph.string("x"));
        let object = Object {
            entries: [("A".into(), one), ("B".into(), one)].into(),
            own: Some(["B".into()].into()),
            frozen: true,
            ..Object::default()
        };
        let section = graph.add(Kind::Object(object.into()), Flags::FINAL, Origin(3));
        let node = Node { base: Some(base), ..graph.node(section).clone() };
        let section = graph.push(node);
        let files = graph.object([("F".into(), file)]);
        let root = graph.object([(FILES.into(), files), (VARIABLES.into(), section)]);
        let new = with_file_paths(&mut graph, root, &paths(&[("F", "/f")]));
        let changed = graph.view(new).get(VARIABLES).unwrap();
        assert_eq!((changed.node().base, changed.node().origin), (Some(base), Origin(3)));
        assert!(changed.has(Flags::FINAL | Flags::FROZEN_INSIDE));
        assert_eq!(compact(changed).unwrap(), r#"{"B":1,"F":"/f"}"#);
    }
}

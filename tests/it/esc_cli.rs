//! The formats that the reference has, against what its program printed (`tests/data/esc-cli`).

use std::{fs, path::PathBuf};

use esc_shell::{
    environment::{FILES, FilePaths, Variables, with_file_paths},
    render::{self, Scope},
    source::{Position, Range},
    value::{Flags, Graph, Key, Kind, NodeId, Origin, Secrets, View, json},
};

fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/esc-cli").join(name);
    fs::read_to_string(path).unwrap()
}

/// Stands for the path of every file; the reference's own paths were replaced by `<file>` in its texts.
pub const PATH: &str = "/path";

/// An environment as the reference's service hands it out.
pub struct Environment {
    graph: Graph,
    root: NodeId,
    /// The range of each origin.
    ranges: Vec<Range>,
    paths: FilePaths,
}

impl Environment {
    /// Loads the environment of the test data, with the paths of its files as variables.
    pub fn load() -> Self {
        let mut source = Graph::new();
        let id = json::parse(data("environment.json"), &mut source, Origin::NONE, Flags::empty()).unwrap();
        let mut loaded = Self { graph: Graph::new(), root: id, ranges: Vec::new(), paths: FilePaths::new() };
        let properties = source.view(id).get("properties").unwrap();
        let entries: Vec<(Key, NodeId)> =
            properties.entries().map(|(key, value)| (key.clone(), loaded.value(value))).collect();
        let root = loaded.graph.object(entries);
        let files = loaded.graph.view(root).get(FILES).unwrap();
        loaded.paths = files.entries().map(|(name, _)| (name.clone(), PATH.to_owned())).collect();
        loaded.root = with_file_paths(&mut loaded.graph, root, &loaded.paths);
        loaded
    }

    /// Loads one value: `value`, `secret`, `unknown` and `trace`.
    fn value(&mut self, json: View<'_>) -> NodeId {
        let flag = |name, flag| {
            if json.get(name).and_then(View::as_bool) == Some(true) { flag } else { Flags::empty() }
        };
        let unknown = flag("unknown", Flags::UNKNOWN);
        let kind = match json.get("value") {
            None if unknown == Flags::UNKNOWN => Kind::Unknown,
            None => Kind::Null,
            Some(value) => match value.kind() {
                Kind::List(_) => Kind::List(value.items().map(|item| self.value(item)).collect()),
                Kind::Object(_) => {
                    let entries: Vec<(Key, NodeId)> =
                        value.entries().map(|(key, value)| (key.clone(), self.value(value))).collect();
                    let id = self.graph.object(entries);
                    self.graph.node(id).kind.clone()
                }
                scalar => scalar.clone(),
            },
        };
        let definition = json.get("trace").and_then(|trace| trace.get("def")).unwrap();
        let origin = Origin(u32::try_from(self.ranges.len()).unwrap());
        self.ranges.push(range(definition));
        self.graph.add(kind, unknown | flag("secret", Flags::SECRET), origin)
    }

    pub fn view(&self) -> View<'_> {
        self.graph.view(self.root)
    }

    fn variables(&self) -> Variables {
        // The variables of the tree hold the paths too; what is delivered is made of the sections as they were.
        let mut variables = Variables::of(self.view(), esc_shell::dialect::Dialect::Hosted).unwrap();
        variables.variables.retain(|variable| !self.paths.contains_key(&variable.name));
        variables
    }
}

fn range(json: View<'_>) -> Range {
    let position = |name| {
        let position = json.get(name).unwrap();
        let number = |name| position.get(name).unwrap().as_number().unwrap().parse().unwrap();
        Position { line: number("line"), column: number("column"), byte: number("byte") }
    };
    let environment = json.get("environment").and_then(View::as_str).unwrap_or_default().into();
    Range { environment, begin: position("begin"), end: position("end") }
}

#[test]
fn json_is_the_same() {
    let text = render::json(Environment::load().view(), Secrets::Shown).unwrap();
    assert_eq!(text.replace(PATH, "<file>"), data("out.json"));
}

#[test]
fn string_is_the_same() {
    let text = render::string(Environment::load().view(), Secrets::Shown).unwrap();
    assert_eq!(text.replace(PATH, "<file>"), data("out.string"));
}

#[test]
fn detailed_is_the_same() {
    let environment = Environment::load();
    let ranges = |origin: Origin| environment.ranges.get(origin.0 as usize).cloned().unwrap_or_default();
    let text = render::detailed(environment.view(), Scope::Environment, ranges, Secrets::Shown).unwrap();
    assert_eq!(text.replace(PATH, "<file>"), data("out.detailed"));
}

#[test]
fn dotenv_compat_is_the_same() {
    let environment = Environment::load();
    let text = render::dotenv_compat(&environment.variables(), &environment.paths, Secrets::Shown);
    assert_eq!(text.replace(PATH, "<file>"), data("out.dotenv"));
}

#[test]
fn shell_compat_is_the_same() {
    let environment = Environment::load();
    let text = render::shell_compat(&environment.variables(), &environment.paths, Secrets::Shown);
    assert_eq!(text.replace(PATH, "<file>"), data("out.shell"));
}

#[test]
fn property_paths_are_the_same() {
    let mut environment = Environment::load();
    let null = environment.graph.null();
    let view = environment.view();
    let other = view.get("other").unwrap();
    let variables = view.get("environmentVariables").unwrap();
    let table = [
        ("environmentVariables.LIST", variables.get("LIST").unwrap()),
        ("environmentVariables.R001", variables.get("R001").unwrap()),
        ("environmentVariables.nope", environment.graph.view(null)),
        ("other", other),
        ("other.list[0]", other.get("list").unwrap().item(0).unwrap()),
    ];
    for (path, value) in table {
        assert_eq!(render::json(value, Secrets::Shown).unwrap(), data(&format!("path.{path}.json")));
        assert_eq!(render::string(value, Secrets::Shown).unwrap(), data(&format!("path.{path}.string")));
    }
}

#[test]
fn no_secret_is_left_when_they_are_masked() {
    let environment = Environment::load();
    let (view, variables, paths) = (environment.view(), environment.variables(), &environment.paths);
    let texts = [
        render::json(view, Secrets::Masked).unwrap(),
        render::yaml(view, Secrets::Masked).unwrap(),
        render::string(view, Secrets::Masked).unwrap(),
        render::detailed(view, Scope::Environment, |_| Range::default(), Secrets::Masked).unwrap(),
        render::dotenv_compat(&variables, paths, Secrets::Masked),
        render::shell_compat(&variables, paths, Secrets::Masked),
    ];
    for text in texts {
        assert!(text.contains("[secret]"));
        for secret in ["s3cr3t", "side", "BEGIN X"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

//! Real YAML readers read back what the yaml format writes.

use std::fs;

use esc_shell::{
    render,
    value::{Flags, Graph, Origin, Secrets, json, yaml},
};

use crate::{
    esc_cli::{Environment, PATH},
    support::{nasty, tools},
};

/// Prints the JSON of each pair `[yaml, json]` whose halves differ.
const PYTHON: &str = r"
import json, sys, yaml
for text, expected in json.load(sys.stdin):
    try:
        read = yaml.safe_load(text)
    except yaml.YAMLError as error:
        read = str(error)
    if read != json.loads(expected):
        print(json.dumps([text, expected, repr(read)]))
";

fn data(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/data/esc-cli/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Returns YAML texts, each with the JSON that it must be read as.
fn samples() -> Vec<(String, String)> {
    let out = render::yaml(Environment::load().view(), Secrets::Shown).unwrap();
    let mut samples = vec![(out.replace(PATH, "<file>"), data("out.json"))];
    let mut strings: Vec<String> = nasty::TABLE.iter().map(|text| (*text).to_owned()).collect();
    strings.extend(nasty::generated(1_000));
    for text in &strings {
        let mut graph = Graph::new();
        let string = graph.string(text.as_str());
        let list = graph.list([string, string]);
        let inner = graph.object([(text.as_str().into(), string), ("l".into(), list)]);
        let outer = graph.list([list, inner, string]);
        let value = graph.object([("k".into(), outer), ("s".into(), string)]);
        for view in [graph.view(string), graph.view(value)] {
            let json = json::compact(view).unwrap();
            samples.push((yaml::text(view).unwrap(), json.clone()));
            samples.push((yaml::shown(view, Secrets::Shown).unwrap(), json));
        }
    }
    for number in ["0", "-1", "1.50", "1e5", "1E+06", "-2.5e-7", "12345678901234567890", "0.1"] {
        let mut graph = Graph::new();
        let id = json::parse(number, &mut graph, Origin::NONE, Flags::empty()).unwrap();
        samples.push((yaml::text(graph.view(id)).unwrap(), number.to_owned()));
    }
    samples
}

#[test]
fn yaml_serde_reads_the_same_values() {
    for (yaml, json) in samples() {
        let read: serde_json::Value = serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{error}: {yaml}"));
        let expected: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read, expected, "{yaml}");
    }
}

#[test]
fn pyyaml_reads_the_same_values() {
    let Some(python) = tools::program("python3") else {
        return;
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let environment = [("PATH", path.as_os_str()), ("PYTHONIOENCODING", "utf-8".as_ref())];
    if tools::run(&python, &["-c", "import yaml"], &environment, b"").is_err() {
        return tools::missing("PyYAML");
    }
    let input = serde_json::to_vec(&samples()).unwrap();
    let output = tools::run(&python, &["-c", PYTHON], &environment, &input).unwrap();
    assert_eq!(String::from_utf8(output).unwrap(), "");
}

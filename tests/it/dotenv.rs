//! The real dotenv readers read back what the dotenv format writes.

use std::{collections::BTreeMap, ffi::OsStr, io::Write as _};

use esc_shell::{
    environment::{FilePaths, VARIABLES, Variables},
    render::{self, RenderError, RenderErrors},
    value::{Graph, Key, Secrets},
};

use crate::support::{nasty, tools};

/// Reads a list of dotenv texts with each of node's parsers, and prints two values for each text.
const NODE: &str = r#"
const { parse } = require("dotenv");
const texts = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(texts.map((text) => [parse(text), parse(text, { fast: true })])));
"#;

type Read = BTreeMap<String, String>;

fn render(values: &Read) -> Result<String, RenderErrors> {
    let mut graph = Graph::new();
    let entries: Vec<(Key, _)> =
        values.iter().map(|(name, value)| (name.as_str().into(), graph.string(value.as_str()))).collect();
    let section = graph.object(entries);
    let root = graph.object([(VARIABLES.into(), section)]);
    let variables = Variables::of(graph.view(root), esc_shell::dialect::Dialect::Local).unwrap();
    let paths = FilePaths::new();
    let assignments = variables.assignments(&paths);
    render::dotenv(&render::entries(&assignments, Secrets::Shown)?)
}

/// Returns sets of values that can be written, once in this and once in the opposite order.
fn samples() -> Vec<Read> {
    let mut values: Vec<String> = nasty::TABLE.iter().map(|value| (*value).to_owned()).collect();
    values.extend(nasty::generated(10_000));
    values.retain(|value| match render(&Read::from([("A".to_owned(), value.clone())])) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.0, [RenderError::NoCommonDotenv { name: "A".to_owned() }]);
            false
        }
    });
    assert!(values.len() > 8_000, "most values can be written: {}", values.len());
    let sets = |values: &[String]| -> Vec<Read> {
        let set =
            |chunk: &[String]| chunk.iter().zip(1000..).map(|(value, n)| (format!("V{n}"), value.clone())).collect();
        values.chunks(400).map(set).collect()
    };
    let mut samples = sets(&values);
    values.reverse();
    samples.extend(sets(&values));
    samples
}

#[test]
fn values_that_people_have_can_be_written() {
    let no_common = |value: &&&str| render(&Read::from([("A".to_owned(), (**value).to_owned())])).is_err();
    let failing: Vec<&&str> = nasty::TABLE.iter().filter(no_common).collect();
    assert_eq!(failing, [&"#!/bin/sh\nset -e\necho \"$HOME\"\n"]);
}

#[test]
fn node_reads_every_value() {
    let Some(node) = tools::program("node") else {
        return;
    };
    let path = std::env::var_os("NODE_PATH").unwrap_or_default();
    let environment = [("NODE_PATH", path.as_os_str())];
    if tools::run(&node, &["-e", "require('dotenv')"], &environment, b"").is_err() {
        return tools::missing("node's dotenv");
    }
    // Quotes may be taken to end in a later line, so every value stands before every other one.
    let mut sets = samples();
    let can_be_written = |value: &str| render(&Read::from([("A".to_owned(), value.to_owned())])).is_ok();
    for first in nasty::TABLE.iter().filter(|value| can_be_written(value)) {
        for second in nasty::TABLE.iter().filter(|value| can_be_written(value)) {
            sets.push([("A", first), ("B", second)].map(|(name, value)| (name.to_owned(), (*value).to_owned())).into());
        }
    }
    let texts: Vec<String> = sets.iter().map(|values| render(values).unwrap()).collect();
    let input = serde_json::to_vec(&texts).unwrap();
    let output = tools::run(&node, &["-e", NODE], &environment, &input).unwrap();
    let read: Vec<[Read; 2]> = serde_json::from_slice(&output).unwrap();
    assert_eq!(read.len(), sets.len());
    for ((read, values), text) in read.iter().zip(&sets).zip(&texts) {
        for read in read {
            compare(read, values, text);
        }
    }
}

#[test]
fn direnv_reads_every_value() {
    let Some(direnv) = tools::program("direnv") else {
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let environment = [("HOME", home.path().as_os_str()), ("PATH", path.as_os_str())];
    for values in samples() {
        let text = render(&values).unwrap();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let arguments: [&OsStr; 3] = ["dotenv".as_ref(), "json".as_ref(), file.path().as_os_str()];
        let output = tools::run(&direnv, &arguments, &environment, b"").unwrap();
        compare(&serde_json::from_slice(&output).unwrap(), &values, &text);
    }
}

fn compare(read: &Read, expected: &Read, text: &str) {
    for (name, value) in expected {
        assert_eq!(read.get(name), Some(value), "{name} of {text}");
    }
    assert_eq!(read.len(), expected.len(), "{text}");
}

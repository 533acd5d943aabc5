//! Real shells read back what the shell formats write.

use std::{ffi::OsStr, io::Write as _};

use esc_shell::{
    environment::{FilePaths, VARIABLES, Variables},
    render,
    value::{Graph, Key, Secrets},
};

use crate::support::{nasty, tools};

/// Renders values as variables `V0`, `V1`, ….
fn script(values: &[String]) -> String {
    let mut graph = Graph::new();
    let entries: Vec<(Key, _)> = values
        .iter()
        .enumerate()
        .map(|(number, value)| (format!("V{number}").into(), graph.string(value.as_str())))
        .collect();
    let section = graph.object(entries);
    let root = graph.object([(VARIABLES.into(), section)]);
    let variables = Variables::of(graph.view(root), esc_shell::dialect::Dialect::Local).unwrap();
    let paths = FilePaths::new();
    let assignments = variables.assignments(&paths);
    render::shell(&render::entries(&assignments, Secrets::Shown).unwrap_or_default()).unwrap()
}

/// Evaluates a script in a shell as a hook does, and returns its variables `V…`.
fn read_back(shell: &str, script: &str) -> Option<Vec<(String, String)>> {
    let shell = tools::program(shell)?;
    let env = tools::program("env")?;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(script.as_bytes()).unwrap();
    let cat = tools::program("cat")?;
    let command = r#"set -eu; text=$("$1" "$2"); eval "$text"; exec "$3" -0"#;
    let arguments =
        ["-c".as_ref(), command.as_ref(), "sh".as_ref(), cat.as_os_str(), file.path().as_os_str(), env.as_os_str()];
    let output = tools::run::<&OsStr>(&shell, &arguments, &[], b"").unwrap();
    let variables = String::from_utf8(output).unwrap();
    Some(
        variables
            .split_terminator('\0')
            .map(|line| line.split_once('=').unwrap())
            .filter(|(name, _)| name.starts_with('V'))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    )
}

fn reads_every_value(shell: &str) {
    let mut all: Vec<String> = nasty::TABLE.iter().map(|value| (*value).to_owned()).collect();
    all.extend(nasty::generated(10_000));
    for values in all.chunks(500) {
        let Some(mut read) = read_back(shell, &script(values)) else {
            return;
        };
        let mut expected: Vec<_> =
            values.iter().enumerate().map(|(number, value)| (format!("V{number}"), value.clone())).collect();
        read.sort();
        expected.sort();
        for (read, expected) in read.iter().zip(&expected) {
            assert_eq!(read, expected);
        }
        assert_eq!(read.len(), expected.len());
    }
}

#[test]
fn bash_reads_every_value() {
    reads_every_value("bash");
}

#[test]
fn dash_reads_every_value() {
    reads_every_value("dash");
}

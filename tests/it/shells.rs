//! Real shells read back what `export` writes for them, evaluated as the documentation says.

use std::{collections::BTreeMap, ffi::OsStr, fs, path::Path};

use esc_shell::{
    dialect::Dialect,
    environment::{FilePaths, VARIABLES, Variables},
    render::{self, Export, ExportFormat},
    shell::Shell,
    value::{Graph, Key},
};

use crate::support::{nasty, tools};

/// The script that each shell runs with the file of assignments as its argument or in `$FILE`: it evaluates them as the documentation
/// says, and becomes `env -0`. In the shell's own strict mode, where it has one.
const BASH: &str = r#"set -euo pipefail; text=$(cat "$FILE") && eval "$text"; exec env -0"#;
const DASH: &str = r#"set -eu; text=$(cat "$FILE") && eval "$text"; exec env -0"#;
const ZSH: &str =
    r#"setopt err_exit no_unset pipe_fail warn_create_global; text=$(cat "$FILE") && eval "$text"; exec env -0"#;
const FISH: &str = "set -l text (cat $FILE | string collect); and eval $text; and exec env -0";
const ELVISH: &str = "eval (cat $E:FILE | slurp); exec env -0";
const NU: &str = "cat $env.FILE | from json | load-env; exec env -0";
const TCSH: &str = "eval \"`cat $FILE:q`\"; exec env -0";
const XONSH: &str = "execx($(cat $FILE))\nimport os\nos.execvpe('env', ['env', '-0'], __xonsh__.env.detype())";

/// How a shell is asked to run a script.
struct Run {
    shell: Shell,
    program: &'static str,
    arguments: &'static [&'static str],
    script: &'static str,
}

const BASH_RUN: Run = Run { shell: Shell::Bash, program: "bash", arguments: &["--norc", "-c"], script: BASH };
const DASH_RUN: Run = Run { shell: Shell::Bash, program: "dash", arguments: &["-c"], script: DASH };
const ZSH_RUN: Run = Run { shell: Shell::Zsh, program: "zsh", arguments: &["-f", "-c"], script: ZSH };
const FISH_RUN: Run = Run { shell: Shell::Fish, program: "fish", arguments: &["--no-config", "-c"], script: FISH };
const ELVISH_RUN: Run = Run { shell: Shell::Elvish, program: "elvish", arguments: &["-norc", "-c"], script: ELVISH };
const NU_RUN: Run = Run { shell: Shell::Nu, program: "nu", arguments: &["--no-config-file", "-c"], script: NU };
const TCSH_RUN: Run = Run { shell: Shell::Tcsh, program: "tcsh", arguments: &["-f", "-c"], script: TCSH };
const XONSH_RUN: Run = Run { shell: Shell::Xonsh, program: "xonsh", arguments: &["--no-rc", "-c"], script: XONSH };

/// Writes values as variables `V0`, `V1`, ….
fn write(shell: Shell, values: &[String]) -> String {
    let named = |(number, value): (usize, &String)| (format!("V{number}"), value.clone());
    export(shell, &values.iter().enumerate().map(named).collect::<Vec<_>>())
}

fn export(shell: Shell, values: &[(String, String)]) -> String {
    let mut graph = Graph::new();
    let entries: Vec<(Key, _)> =
        values.iter().map(|(name, value)| (name.as_str().into(), graph.string(value.as_str()))).collect();
    let section = graph.object(entries);
    let root = graph.object([(VARIABLES.into(), section)]);
    let variables = Variables::of(graph.view(root), Dialect::Local).unwrap();
    let paths = FilePaths::new();
    let export =
        Export { variables: &variables, paths: &paths, proof: "p/e@1", watched: &[], replaced: None, delimiter: "" };
    let written = render::export(ExportFormat::Shell(shell), &export);
    written.unwrap_or_else(|errors| panic!("{:?}", errors.0)).text
}

/// Evaluates a text in a shell; returns what a program gets. `None` where the shell is not installed.
fn read_back(run: &Run, text: &str) -> Option<Result<BTreeMap<String, String>, String>> {
    let program = tools::program(run.program)?;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text");
    fs::write(&file, text).unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let home = folder.path().as_os_str();
    let environment: &[(&str, &OsStr)] = &[
        ("FILE", file.as_os_str()),
        ("PATH", &path),
        ("HOME", home),
        ("XDG_CONFIG_HOME", home),
        ("XDG_DATA_HOME", home),
        ("XDG_CACHE_HOME", home),
        ("LANG", "C.UTF-8".as_ref()),
    ];
    let arguments: Vec<&str> = run.arguments.iter().copied().chain([run.script]).collect();
    Some(tools::run(&program, &arguments, environment, b"").map(|output| {
        let variables = String::from_utf8(output).unwrap();
        let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        variables.split_terminator('\0').filter_map(pair).collect()
    }))
}

/// Lets a shell read the whole table, and as many strings of special pieces and of any characters.
fn reads_every_value(run: &Run, generated: usize, batch: usize) {
    let mut all: Vec<String> = nasty::TABLE.iter().map(|value| (*value).to_owned()).collect();
    all.extend(nasty::generated(generated / 2));
    all.extend(nasty::arbitrary(generated / 2));
    for values in all.chunks(batch) {
        let Some(read) = read_back(run, &write(run.shell, values)) else { return };
        let read = read.unwrap_or_else(|error| panic!("{}: {error}", run.program));
        for (number, value) in values.iter().enumerate() {
            assert_eq!(read.get(&format!("V{number}")), Some(value), "{}", run.program);
        }
        assert_eq!(read.get("ESC_SHELL_ENVIRONMENT").map(String::as_str), Some("p/e@1"));
    }
}

#[test]
fn bash_reads_every_value() {
    reads_every_value(&BASH_RUN, 100_000, 5_000);
}

#[test]
fn dash_reads_every_value() {
    reads_every_value(&DASH_RUN, 100_000, 5_000);
}

#[test]
fn zsh_reads_every_value() {
    reads_every_value(&ZSH_RUN, 100_000, 5_000);
}

#[test]
fn fish_reads_every_value() {
    reads_every_value(&FISH_RUN, 100_000, 5_000);
}

#[test]
fn elvish_reads_every_value() {
    reads_every_value(&ELVISH_RUN, 10_000, 2_000);
}

#[test]
fn nu_reads_every_value() {
    reads_every_value(&NU_RUN, 10_000, 2_000);
}

#[test]
fn tcsh_reads_every_value() {
    reads_every_value(&TCSH_RUN, 10_000, 500);
}

#[test]
fn xonsh_reads_every_value() {
    reads_every_value(&XONSH_RUN, 2_000, 1_000);
    let paths = ["~/x:$HOME", "a::b:", "$", ""].map(str::to_owned);
    let named: Vec<(String, String)> =
        paths.iter().enumerate().map(|(number, path)| (format!("V{number}_PATH"), path.clone())).collect();
    let Some(read) = read_back(&XONSH_RUN, &export(Shell::Xonsh, &named)) else { return };
    let read = read.unwrap();
    for (name, path) in named {
        assert_eq!(read.get(&name), Some(&path), "{name}");
    }
}

/// Sets each variable that a shell knows of; those that do not come through must be refused.
fn refuses_what_the_shell_keeps(run: &Run, names: &str) {
    let Some(program) = tools::program(run.program) else { return };
    let arguments: Vec<&str> = run.arguments.iter().copied().chain([names]).collect();
    let names = tools::run(&program, &arguments, &[("LANG", "C.UTF-8".as_ref())], b"").unwrap();
    let names = String::from_utf8(names).unwrap();
    let names: Vec<&str> =
        names.split_whitespace().filter(|name| esc_shell::shell::is_name(name) && *name != "PATH").collect();
    assert!(names.len() > 20, "the shell told what it knows of: {names:?}");
    for name in names.into_iter().filter(|name| !run.shell.read_only().contains(name)) {
        let read = read_back(run, &export(run.shell, &[(name.to_owned(), "a_text".to_owned())]));
        let read = read.expect("the shell is there").unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read.get(name).map(String::as_str), Some("a_text"), "{name}");
    }
}

#[test]
fn what_bash_keeps_is_refused() {
    refuses_what_the_shell_keeps(&BASH_RUN, "compgen -v");
}

#[test]
fn what_zsh_keeps_is_refused() {
    refuses_what_the_shell_keeps(&ZSH_RUN, "zmodload zsh/parameter; print -l ${(k)parameters}");
}

#[test]
fn what_fish_keeps_is_refused() {
    refuses_what_the_shell_keeps(&FISH_RUN, "set --names");
}

/// Runs shellcheck over a script; returns the codes that it finds.
fn shellcheck(program: &Path, shell: &str, text: &str) -> Vec<u64> {
    let output = tools::run(program, &["--shell", shell, "--format", "json", "--norc", "-"], &[], text.as_bytes());
    let found = match output {
        Ok(_) => return Vec::new(),
        Err(_) => {
            let mut command = std::process::Command::new(program);
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("script");
            fs::write(&file, text).unwrap();
            command.args(["--shell", shell, "--format", "json", "--norc"]).arg(file).output().unwrap().stdout
        }
    };
    let found: Vec<serde_json::Value> = serde_json::from_slice(&found).unwrap();
    let mut codes: Vec<u64> = found.iter().map(|one| one["code"].as_u64().unwrap()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn shellcheck_finds_nothing() {
    let Some(program) = tools::program("shellcheck") else { return };
    let plain = ["", "plain", "two words", "postgres://localhost:5432/app", "-n", "a:b", "#fff"].map(str::to_owned);
    let mut nasty: Vec<String> = nasty::TABLE.iter().map(|value| (*value).to_owned()).collect();
    nasty.extend(nasty::generated(500));
    // It is wrong about single quotes: it takes what is in them for an attempt at something else.
    let mistaken = [1003, 1112, 2016, 2088];
    for shell in ["sh", "bash"] {
        assert_eq!(shellcheck(&program, shell, &write(Shell::Bash, &plain)), [0; 0]);
        let found = shellcheck(&program, shell, &write(Shell::Bash, &nasty));
        assert!(found.iter().all(|code| mistaken.contains(code)), "{found:?}");
    }
}

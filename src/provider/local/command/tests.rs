//! `local-command` with real programs.

use std::{fs, io::Read as _, os::unix::fs::PermissionsExt as _, path::Path, sync::mpsc, thread, time::Instant};

use super::*;
use crate::{
    provider::testing::{assert_silent, call, call_in, canary, host, inputs, open, open_value, written},
    value::{Graph, Origin},
};

/// The path of this machine, where the programs of the tests are.
fn provider() -> Command {
    let path = option_env!("PATH").unwrap_or("/usr/local/bin:/usr/bin:/bin");
    Command::new(Rc::new(host(&[("PATH", path), ("GIVEN", "by the caller")])))
}

/// Inputs that run a script.
fn script(text: &str, more: &str) -> String {
    format!(r#"{{"command": ["sh", "-c", {text:?}]{more}}}"#)
}

fn run_in(folder: &Path, inputs: &str) -> Result<Value, Failure> {
    open(&provider(), inputs, call_in(folder))
}

fn run_script(text: &str, more: &str) -> Result<Value, Failure> {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &script(text, more))
}

fn text(value: &Value) -> &str {
    value.view().as_str().unwrap()
}

#[test]
fn output_is_read_as_the_format_says() {
    let cases = [
        ("printf 'a'", "", r#"!"a""#),
        (r"printf 'a\n'", "", r#"!"a""#),
        (r"printf 'a\r\n'", "", r#"!"a""#),
        (r"printf 'a\n\n'", "", r#"!"a\n""#),
        (r"printf ' a\r'", "", r#"!" a\r""#),
        ("true", "", r#"!"""#),
        ("echo a", r#", "secret": false"#, r#""a""#),
        ("echo a; echo b >&2", "", r#"!"a""#),
        (r"printf '\377\n'", r#", "format": "base64""#, r#"!"/wo=""#),
        (r#"echo '{"n": 1.50}'"#, r#", "format": "json", "secret": false"#, "{n: 1.50}"),
        ("echo A=1; echo B=2", r#", "format": "dotenv""#, r#"{A: !"1", B: !"2"}"#),
    ];
    for (text, more, want) in cases {
        let value = run_script(text, more).unwrap();
        assert_eq!(written(value.view()), want, "{text} {more}");
    }
}

#[test]
fn arguments_reach_the_program_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let value = run_in(folder.path(), r#"{"command": ["printf", "%s|", "a b", "$HOME", "*", "", "\"'"]}"#).unwrap();
    assert_eq!(text(&value), "a b|$HOME|*||\"'|");
}

#[test]
fn the_program_gets_the_callers_environment_and_nothing_to_read() {
    assert_eq!(
        text(&run_script("env | grep -v '^_=' | grep -v '^PWD=' | cut -d= -f1 | sort | tr '\\n' ' '", "").unwrap()),
        "GIVEN PATH SHLVL ".replace("SHLVL ", shell_level())
    );
    assert_eq!(text(&run_script("cat; echo \"$GIVEN\"", "").unwrap()), "by the caller");
}

/// Bash counts its levels, dash does not.
fn shell_level() -> &'static str {
    if text(&run_script("echo ${SHLVL+yes}", "").unwrap()) == "yes" { "SHLVL " } else { "" }
}

#[test]
fn folders_and_programs_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let sub = folder.path().join("sub");
    fs::create_dir(&sub).unwrap();
    for (folder, says) in [(folder.path(), "above"), (&sub, "below")] {
        let tool = folder.join("tool");
        fs::write(&tool, format!("#!/bin/sh\necho {says}\n")).unwrap();
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::write(folder.path().join("plain"), "").unwrap();
    let absolute = sub.to_str().unwrap();
    let below = sub.canonicalize().unwrap();
    let cases = [
        (r#"{"command": ["./tool"]}"#.to_owned(), "above"),
        (r#"{"command": ["sub/tool"]}"#.to_owned(), "below"),
        (r#"{"command": ["./tool"], "cwd": "sub"}"#.to_owned(), "below"),
        (format!(r#"{{"command": ["./tool"], "cwd": "{absolute}"}}"#), "below"),
        (format!(r#"{{"command": ["{absolute}/tool"]}}"#), "below"),
        (r#"{"command": ["pwd", "-P"], "cwd": "sub/."}"#.to_owned(), below.to_str().unwrap()),
    ];
    for (inputs, want) in cases {
        assert_eq!(text(&run_in(folder.path(), &inputs).unwrap()), want, "{inputs}");
    }
    let provider = FailureKind::Provider;
    let refused = [
        (r#"{"command": ["tool"]}"#, provider, "`tool` was not found on PATH"),
        (r#"{"command": ["no-such-program-anywhere"]}"#, provider, "`no-such-program-anywhere` was not found on PATH"),
        (r#"{"command": [""]}"#, provider, "`` was not found on PATH"),
        (r#"{"command": ["./none"]}"#, provider, "`./none` is no program that can be run"),
        (r#"{"command": ["./plain"]}"#, provider, "`./plain` is no program that can be run"),
        (r#"{"command": ["./sub"]}"#, provider, "`./sub` is no program that can be run"),
        (r#"{"command": ["true"], "cwd": "none"}"#, FailureKind::File, "`none` is no folder to run a command in"),
        (r#"{"command": ["true"], "cwd": "plain"}"#, FailureKind::File, "`plain` is no folder to run a command in"),
    ];
    for (inputs, kind, want) in refused {
        let failure = run_in(folder.path(), inputs).unwrap_err();
        assert_eq!((failure.kind, failure.message.as_str()), (kind, want));
    }
}

#[test]
fn without_a_folder_or_a_path_nothing_is_found() {
    let failure = open(&provider(), r#"{"command": ["true"]}"#, call()).unwrap_err();
    assert_eq!(failure.message, "a command without `cwd` needs a definition that is a local file");
    let failure = open(&provider(), r#"{"command": ["true"], "cwd": "sub"}"#, call()).unwrap_err();
    assert_eq!(failure.message, "a relative path needs a definition that is a local file");
    assert!(open(&provider(), r#"{"command": ["true"], "cwd": "/"}"#, call()).is_ok());
    let bare = Command::new(Rc::new(host(&[])));
    let failure = open(&bare, r#"{"command": ["true"], "cwd": "/"}"#, call()).unwrap_err();
    assert_eq!(failure.message, "`true` was not found on PATH");
}

#[test]
fn a_failing_program_is_told_with_its_last_line() {
    let long = format!("{}…", "x".repeat(MESSAGE));
    let cases = [
        ("exit 3", "`sh` failed with status 3".to_owned()),
        ("echo first >&2; echo last >&2; echo >&2; exit 1", "`sh` failed with status 1: last".to_owned()),
        (r"printf '\033[31mred\033[0m\a\r\n' >&2; exit 1", "`sh` failed with status 1: red".to_owned()),
        (r"printf 'x\377\n' >&2; exit 1", "`sh` failed with status 1: x\u{fffd}".to_owned()),
        ("printf '%0301d' 0 | tr 0 x >&2; exit 1", format!("`sh` failed with status 1: {long}")),
        (
            "head -c 100000 /dev/zero | tr '\\0' y >&2; echo >&2; echo end >&2; exit 1",
            "`sh` failed with status 1: end".to_owned(),
        ),
        ("kill -9 $$", "`sh` was ended by signal 9".to_owned()),
    ];
    for (text, want) in cases {
        let failure = run_script(text, "").unwrap_err();
        assert_eq!(failure, Failure::new(FailureKind::Provider, want), "{text}");
    }
}

#[test]
fn output_never_reaches_a_failure() {
    let secret = canary();
    let scripts = [
        format!("echo {secret}; exit 1"),
        format!("echo {secret}; echo bad {secret} >&2; exit 1"),
        format!("printf '{secret}\\377'"),
        format!("echo {secret}; sleep 60"),
        format!("while :; do echo {secret}; done"),
    ];
    for text in scripts {
        let failure = run_script(&text, r#", "timeout": "2s""#).unwrap_err();
        assert_silent(&failure, &secret);
    }
    for format in ["json", "yaml", "dotenv"] {
        let failure = run_script(&format!("echo {secret}"), &format!(r#", "format": "{format}""#)).unwrap_err();
        assert_silent(&failure, &secret);
    }
}

#[test]
fn secret_arguments_never_reach_a_failure() {
    let secret = canary();
    let value = inputs(&script("echo \"what is $0\" >&2; exit 1", "").replace(']', &format!(r#", "{secret}"]"#)));
    let mut graph = Graph::new();
    let root = graph.graft(value.view(), Origin::NONE, Flags::SECRET);
    let context = CallContext { folder: Some(Path::new("/").into()), ..call() };
    let failure = open_value(&provider(), Value::new(graph, root), context).unwrap_err();
    assert_eq!(failure.message, "[secret] failed with status 1: what is [secret]");
}

#[test]
fn too_much_output_ends_the_program() {
    let started = Instant::now();
    for text in ["head -c 10000000 /dev/zero", "yes"] {
        let failure = run_script(text, "").unwrap_err();
        assert_eq!(failure.message, "`sh` wrote more than 1 MiB", "{text}");
    }
    let exact = run_script("head -c 1048576 /dev/zero | tr '\\0' x", "").unwrap();
    assert_eq!(text(&exact).len(), 1 << 20);
    assert_eq!(text(&run_script("head -c 10000000 /dev/zero >&2; echo ok", "").unwrap()), "ok");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn what_is_left_behind_is_not_waited_for() {
    let started = Instant::now();
    assert_eq!(text(&run_script("sleep 20 & echo done", "").unwrap()), "done");
    let failure = run_script("sleep 20 & echo bad >&2; exit 1", "").unwrap_err();
    assert_eq!(failure.message, "`sh` failed with status 1: bad");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_deadline_ends_the_program_and_what_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let (closed, end) = mpsc::channel();
    // The pipe is read to its end when nobody holds it open any more: neither the shell nor its child.
    thread::spawn(move || {
        let mut text = String::new();
        fs::File::open(pipe).unwrap().read_to_string(&mut text).unwrap();
        closed.send(text).unwrap();
    });
    let started = Instant::now();
    let inputs = script("exec 3>pipe; sleep 60 & trap '' TERM; echo begun >&3; wait", r#", "timeout": "1.5s""#);
    let failure = run_in(folder.path(), &inputs).unwrap_err();
    let want = Failure::new(FailureKind::Provider, "`sh` took longer than 1.5s and was ended");
    assert_eq!(failure, want.hint("give it more time with `timeout`"));
    assert_eq!(end.recv_timeout(Duration::from_secs(20)).as_deref(), Ok("begun\n"));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn timeouts_are_durations() {
    let cases = [
        ("0s", "`timeout`: a command needs more time than none"),
        ("10", "`timeout`: a duration needs a unit, as in `30s`"),
        ("1d", "`timeout`: unknown unit of time, use h, m, s, ms, us or ns"),
    ];
    for (timeout, want) in cases {
        let failure = run_script("true", &format!(r#", "timeout": "{timeout}""#)).unwrap_err();
        assert_eq!(failure, Failure::new(FailureKind::Definition, want));
    }
    assert!(run_script("true", r#", "timeout": "1m""#).is_ok());
}

#[test]
fn a_revision_runs_in_the_working_tree() {
    let folder = tempfile::tempdir().unwrap();
    let context = CallContext { revision: Some("v1".into()), ..call_in(folder.path()) };
    let value = open(&provider(), r#"{"command": ["pwd", "-P"]}"#, context).unwrap();
    assert_eq!(text(&value), folder.path().canonicalize().unwrap().to_str().unwrap());
}

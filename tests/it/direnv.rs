//! The real direnv loads environments through the library and through the lines that `envrc` prints: all variables or none, in
//! every shell, whatever goes wrong, and leaving brings back what was there.

use std::{
    ffi::OsString,
    fmt::Write as _,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::{
    nasty,
    project::{Printed, Project, printed},
    tools,
};

/// What can happen, and what it must come to.
struct Scenario {
    name: &'static str,
    /// The definition `dev`.
    definition: String,
    /// What `A` is given.
    value: String,
    /// What stands behind `use esc` before the environment.
    options: &'static str,
    /// A program to be called instead of `esc-shell`; `@` in it is the real one.
    program: Option<&'static str>,
    /// The value of `A`, or what a refusal says.
    expected: Result<String, &'static str>,
}

/// A definition that replaces a variable which was there before; the value of `A` is what the file `value` holds.
const DEFINITION: &str =
    "values:\n  environmentVariables:\n    A: {fn::open::local-file: {path: ../value}}\n    KEEP: changed\n";

fn scenarios() -> Vec<Scenario> {
    let hostile = nasty::TABLE.join("\n");
    let scenario = |name, value: &str, program, expected| Scenario {
        name,
        definition: DEFINITION.to_owned(),
        value: value.to_owned(),
        options: "",
        program,
        expected,
    };
    let cut = "not all of";
    vec![
        scenario("ok", "fine", None, Ok("fine".to_owned())),
        scenario("hostile value", &hostile, None, Ok(hostile.clone())),
        Scenario {
            name: "provider fails",
            definition: DEFINITION.replace("changed", "{fn::open::local-command: {command: [\"false\"]}}"),
            ..scenario("", "fine", None, Err("KEEP: {fn::open::local-command"))
        },
        Scenario { options: "--require MISSING:url", ..scenario("contract violated", "fine", None, Err("`MISSING`")) },
        scenario("value of 130 KB", &"x".repeat(130_000), None, Err("`A`")),
        Scenario {
            name: "100 KB in total",
            definition: (0..100).fold(DEFINITION.to_owned(), |mut text, n| {
                let _ = writeln!(text, "    V{n}: {}", "x".repeat(1_000));
                text
            }),
            ..scenario("", "", None, Err("KiB"))
        },
        scenario("no program", "fine", Some(""), Err("is not in PATH")),
        scenario("cut after export", "fine", Some("@ \"$@\" | sed '/^export KEEP/{s/ .*//;q}'"), Err(cut)),
        scenario("cut in a value", &hostile, Some("@ \"$@\" | head -c 300"), Err(cut)),
        scenario("nothing written", "fine", Some("exit 0"), Err(cut)),
        scenario("killed", "fine", Some("@ \"$@\"; kill -9 $$"), Err("137")),
        scenario(
            "syntax error",
            "fine",
            Some("echo \"export A=fine; fi\"; echo \"export ESC_SHELL_ENVIRONMENT='p/dev@1'\""),
            Err("can't be evaluated"),
        ),
    ]
}

impl Scenario {
    /// Sets a project up; `ESC_SHELL_BIN` is what it is called with.
    fn set_up(&self, form: &str, strict: bool) -> (Project, Option<OsString>) {
        let project = project(&[("dev", &self.definition)]);
        project.write("value", &self.value);
        let strict = if strict { "strict_env\n" } else { "" };
        let load = match form {
            "library" => format!("use esc {} dev\n", self.options),
            _ => project.prints(&[&["envrc", "dev"], &*self.options.split_whitespace().collect::<Vec<_>>()].concat()),
        };
        envrc(&project, &format!("{strict}export BEFORE=1\n{load}export AFTER=1\n"));
        let program = self.program.map(|text| match text {
            "" => "esc-shell-of-nobody".into(),
            text => project.script("program", &text.replace('@', env!("CARGO_BIN_EXE_esc-shell"))).into_os_string(),
        });
        (project, program)
    }
}

/// Makes a project whose home has the library.
fn project(definitions: &[(&str, &str)]) -> Project {
    let project = Project::with(definitions);
    project.write("esc-shell.yaml", "project: p\nenvironments: esc\n");
    assert_eq!(project.run(&["direnv", "install"]).code, Some(0));
    project
}

/// Writes `.envrc` and allows it.
fn envrc(project: &Project, text: &str) {
    project.write(".envrc", text);
    let allowed = direnv(project, &["allow"]);
    assert_eq!(allowed.code, Some(0), "{}", allowed.err);
}

fn direnv(project: &Project, arguments: &[&str]) -> Printed {
    printed(project.program(Path::new("direnv")).args(arguments))
}

/// Runs a command to its end, with something to read.
fn fed(command: &mut Command, input: &str) -> Printed {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that ends early leaves it unread.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Printed { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// What a shell has of the variables that matter, each as `NAME=value`.
const STATE: &str = "env -0 | grep -z -E '^(A|KEEP|V[0-9]+|BEFORE|AFTER|ESC_SHELL_ENVIRONMENT)='; printf '=\\0'";

/// Splits what was printed by several `STATE`s.
fn states(text: &str) -> Vec<Vec<String>> {
    let mut states = vec![Vec::new()];
    for entry in text.split_terminator('\0') {
        if entry == "=" {
            states.push(Vec::new());
        } else {
            let last = states.last_mut().unwrap();
            last.push(entry.to_owned());
            last.sort();
        }
    }
    assert_eq!(states.pop(), Some(Vec::new()));
    states
}

/// A shell enters the folder and leaves it, once for each scenario.
fn entering_and_leaving(shell: &str, arguments: &[&str], hook: &str, prompt: &str) {
    let (Some(shell), Some(_)) = (tools::program(shell), tools::program("direnv")) else { return };
    let before = vec!["KEEP=before".to_owned()];
    let enter = |scenario: &Scenario, strict: bool| {
        let (project, program) = scenario.set_up("library", strict);
        let folder = project.path();
        let script = format!("{hook}\ncd '{}'\n{prompt}\n{STATE}\ncd /\n{prompt}\n{STATE}\n", folder.display());
        let program = program.map(|program| ("ESC_SHELL_BIN", program));
        let ran =
            printed(project.program(&shell).args(arguments).args(["-c", &script]).env("KEEP", "before").envs(program));
        let what = format!("{}, strict: {strict}: {}", scenario.name, ran.err);
        let states = states(&ran.out);
        assert_eq!(states.len(), 2, "{what}");
        match &scenario.expected {
            Ok(value) => {
                let expected = [format!("A={value}"), "AFTER=1".into(), "BEFORE=1".into()];
                assert_eq!(states[0][..3], expected, "{what}");
                assert!(states[0][3].starts_with("ESC_SHELL_ENVIRONMENT=p/dev@"), "{what}");
                assert_eq!(states[0][4..], ["KEEP=changed"], "{what}");
            }
            Err(reason) => {
                assert_eq!(states[0], before, "{what}");
                assert!(ran.err.contains(reason) && ran.err.contains("direnv reload"), "{what}");
            }
        }
        assert_eq!(states[1], before, "{what}");
    };
    std::thread::scope(|scope| {
        for strict in [false, true] {
            let enter = &enter;
            scope.spawn(move || scenarios().iter().for_each(|scenario| enter(scenario, strict)));
        }
    });
}

#[test]
fn bash_enters_and_leaves() {
    entering_and_leaving("bash", &["--norc", "--noprofile"], "eval \"$(direnv hook bash)\"", "_direnv_hook");
}

#[test]
fn zsh_enters_and_leaves() {
    entering_and_leaving("zsh", &["-f"], "eval \"$(direnv hook zsh)\"", "_direnv_hook");
}

#[test]
fn fish_enters_and_leaves() {
    entering_and_leaving("fish", &["--no-config"], "direnv hook fish | source", "__direnv_export_eval");
}

#[test]
fn a_command_is_not_run_without_its_variables() {
    let Some(direnv) = tools::program("direnv") else { return };
    let execute = |form: &str, strict: bool| {
        for scenario in scenarios() {
            let (project, program) = scenario.set_up(form, strict);
            let program = program.map(|program| ("ESC_SHELL_BIN", program));
            let command = ["exec", ".", "sh", "-c", "printf '%s' \"$A\"; cat"];
            let ran = fed(project.program(&direnv).args(command).envs(program), "|input");
            let what = format!("{}, {form}, strict: {strict}: {}", scenario.name, ran.err);
            // Nothing on the way has eaten what the command is to read.
            let expected = scenario
                .expected
                .as_ref()
                .map_or((Some(1), String::new()), |value| (Some(0), format!("{value}|input")));
            assert_eq!((ran.code, ran.out), expected, "{what}");
            assert_eq!(ran.err.contains("nothing was exported"), scenario.expected.is_err(), "{what}");
        }
    };
    std::thread::scope(|scope| {
        for (form, strict) in [("library", false), ("library", true), ("standalone", false), ("standalone", true)] {
            let execute = &execute;
            scope.spawn(move || execute(form, strict));
        }
    });
}

//! What `use esc` and `esc_require` do beside loading: watching, skipping, being optional, and leaving no trace.

use std::{fs, path::Path};

use esc_shell::direnv::library;

use crate::support::{
    project::{Printed, Project, printed},
    rust_source::files,
    tools,
};

/// Makes a project with the library and an `.envrc` that is allowed; none without direnv.
fn project(definitions: &[(&str, &str)], envrc: &str) -> Option<Project> {
    tools::program("direnv")?;
    let project = Project::with(definitions);
    project.write("esc-shell.yaml", "project: p\nenvironments: esc\nenvironment: dev\n");
    assert_eq!(project.run(&["direnv", "install"]).code, Some(0));
    project.write(".envrc", envrc);
    assert_eq!(direnv(&project, &["allow"]).code, Some(0));
    Some(project)
}

fn direnv(project: &Project, arguments: &[&str]) -> Printed {
    printed(project.program(Path::new("direnv")).args(arguments))
}

/// Runs commands in a bash that direnv hooks into; returns what they print.
fn hooked(project: &Project, commands: &str) -> Printed {
    let script = format!("eval \"$(direnv hook bash)\"\n{commands}");
    printed(project.program(Path::new("bash")).args(["--norc", "-c", &script]))
}

const BASE: (&str, &str) = ("base", "values:\n  b: one\n");
const DEV: (&str, &str) = ("dev", "imports: [base]\nvalues:\n  environmentVariables:\n    A: ${b}\n");
const STAGING: (&str, &str) = ("staging", "values:\n  environmentVariables:\n    A: staging\n");

#[test]
fn what_was_read_is_watched() {
    let Some(project) = project(&[BASE, DEV, STAGING], "use esc\n") else { return };
    // direnv compares times in whole seconds.
    let commands = "
        touch -d 2020-01-01 .envrc; _direnv_hook; echo \"$A\"
        printf 'values: {b: two}' >esc/base.yaml; touch -d 2031-01-01 esc/base.yaml; _direnv_hook; echo \"$A\"
        printf 'environments: esc\\nenvironment: staging\\n' >esc-shell.yaml; touch -d 2031-01-01 esc-shell.yaml
        _direnv_hook; echo \"$A\"
        printf 'values: {' >esc/staging.yaml; touch -d 2031-01-01 esc/staging.yaml; _direnv_hook; echo \"${A-gone}\"
        printf 'values: {environmentVariables: {A: mended}}' >esc/staging.yaml; direnv reload; _direnv_hook; echo \"$A\"
    ";
    let Printed { out, err, .. } = hooked(&project, commands);
    assert_eq!(out, "one\ntwo\nstaging\ngone\nmended\n", "{err}");
}

#[test]
fn the_environment_may_be_a_variable_of_the_file() {
    let envrc = "ESC_ENV=\"${ESC_ENV:-staging}\"\nuse esc\n";
    let Some(project) = project(&[BASE, DEV, STAGING], envrc) else { return };
    let environment = |given: Option<&str>| {
        let given = given.map(|given| ("ESC_ENV", given));
        let mut command = project.program(Path::new("direnv"));
        printed(command.args(["exec", ".", "sh", "-c", "printf '%s' \"$A ${ESC_SHELL_ENVIRONMENT%@*}\""]).envs(given))
            .out
    };
    assert_eq!(environment(None), "staging p/staging");
    assert_eq!(environment(Some("dev")), "one p/dev");
    assert_eq!(environment(Some("p/dev")), "one p/dev");
}

#[test]
fn loading_can_be_skipped_or_optional_and_says_so() {
    let broken = ("dev", "values: {environmentVariables: {A: ${nothing}}}\n");
    let Some(project) = project(&[broken], "use esc --optional dev\nexport AFTER=1\n") else { return };
    let state = |variables: &[(&str, &str)]| {
        let mut command = project.program(Path::new("direnv"));
        command.args(["exec", ".", "sh", "-c", "printf '%s' \"${A-none} $AFTER\""]).envs(variables.iter().copied());
        let Printed { code, out, err } = printed(&mut command);
        assert_eq!((code, out.as_str()), (Some(0), "none 1"), "{err}");
        err
    };
    let said = state(&[]);
    assert!(said.contains("it is optional") && said.contains("direnv reload") && said.contains("nothing"), "{said}");
    let said = state(&[("ESC_SHELL_BIN", "of-nobody")]);
    assert!(said.contains("of-nobody is not in PATH"), "{said}");
    // Also where direnv is told to say nothing.
    let skipped = "esc-shell: ESC_SHELL_SKIP is set: dev is not loaded\n";
    assert_eq!(state(&[("ESC_SHELL_SKIP", "1"), ("DIRENV_LOG_FORMAT", "")]), skipped);
}

#[test]
fn a_library_of_another_version_is_told_what_to_do() {
    let Some(project) = project(&[STAGING], "use esc staging\n") else { return };
    let installed = project.beside("home").join(".config/direnv/lib/esc-shell.sh");
    for (version, remedy) in [("0", "`esc-shell direnv install`"), ("2", "update esc-shell")] {
        fs::write(&installed, library::TEXT.replace("--library 1", &format!("--library {version}"))).unwrap();
        let Printed { code, err, .. } = direnv(&project, &["exec", ".", "true"]);
        assert_eq!(code, Some(1));
        assert!(err.contains(&format!("the library for direnv is of version {version}")), "{err}");
        assert!(err.contains(remedy), "{err}");
    }
}

#[test]
fn required_variables_may_come_from_anywhere() {
    let Some(project) = project(&[STAGING], "") else { return };
    let load = |envrc: &str| {
        project.write(".envrc", envrc);
        assert_eq!(direnv(&project, &["allow"]).code, Some(0));
        let Printed { code, err, .. } = direnv(&project, &["exec", ".", "true"]);
        (code, err)
    };
    assert_eq!(load("use esc staging\nexport B=1\nesc_require A B\n").0, Some(0));
    let (code, said) = load("export EMPTY=\nesc_require HOME EMPTY MISSING\n");
    assert_eq!(code, Some(1));
    assert!(said.contains("required but missing or empty: EMPTY MISSING\n"), "{said}");
    let (code, said) = load("esc_require 'x[$(touch pwned)]'\n");
    assert_eq!(code, Some(1));
    assert!(said.contains("is not a valid variable name"), "{said}");
    assert!(!project.path().join("pwned").exists());
}

/// A value that is nowhere but in the file it is read from.
const CANARY: &str = "canary-51be8d72c0f94a36";
const CANARY_DEFINITION: (&str, &str) =
    ("dev", "values:\n  environmentVariables:\n    A: {fn::open::local-file: {path: ../value}}\n");

/// The two ways to load `dev`.
fn ways(project: &Project) -> [String; 2] {
    ["use esc dev\n".to_owned(), project.prints(&["envrc", "dev"])]
}

#[test]
fn a_trace_shows_no_value_and_goes_on() {
    let Some(project) = project(&[CANARY_DEFINITION], "") else { return };
    project.write("value", CANARY);
    for load in ways(&project) {
        for options in ["-x", "-v", "-xv"] {
            project.write(".envrc", &format!("set {options}\n{load}esc_require A\n: marked\nset +xv\n"));
            assert_eq!(direnv(&project, &["allow"]).code, Some(0));
            let Printed { code, out, err } = direnv(&project, &["exec", ".", "sh", "-c", "printf '%s' \"$A\""]);
            assert_eq!((code, out.as_str()), (Some(0), CANARY), "{err}");
            assert!(!err.contains(CANARY), "{options}: {load}");
            let marks = err.matches(": marked\n").count();
            assert_eq!(marks, options.len() - 1, "{options}: {load}: {err}");
        }
    }
}

#[test]
fn no_value_is_left_in_any_file() {
    let Some(project) = project(&[CANARY_DEFINITION], "") else { return };
    project.write("value", CANARY);
    for load in ways(&project) {
        project.write(".envrc", &format!("mkdir -p \"$(direnv_layout_dir)\"\n{load}"));
        let commands =
            format!("direnv allow; _direnv_hook; [ \"$A\" = {CANARY} ] && echo loaded; direnv status >status");
        let Printed { out, err, .. } = hooked(&project, &commands);
        assert_eq!(out, "loaded\n", "{err}");
        assert!(!err.contains(CANARY), "{err}");
        let root = project.path().parent().unwrap().to_owned();
        let holds = |file: &Path| fs::read(file).unwrap().windows(CANARY.len()).any(|bytes| bytes == CANARY.as_bytes());
        let holders: Vec<_> = files(&root).into_iter().filter(|file| holds(file)).collect();
        assert_eq!(holders, [project.path().join("value")]);
    }
}

#[test]
fn nothing_but_variables_is_left() {
    let Some(bash) = tools::program("bash") else { return };
    let Some(project) = project(&[STAGING], "") else { return };
    let Some(direnv) = tools::program("direnv") else { return };
    let loads = ["use esc staging\n".to_owned(), project.prints(&["envrc", "staging"])];
    for load in loads {
        for options in ["", "set -e\n", "set -u\n", "set -euo pipefail\n", "shopt -s extglob nullglob\n"] {
            // `_` and line numbers change with every command; direnv keeps what is watched in a variable of its own.
            let script = format!(
                "eval \"$('{}' stdlib)\"\n{}\n{options}\
                 state() {{ (set -o posix; set | grep -vE '^(_|LINENO|BASH_LINENO|FUNCNAME|PIPESTATUS|DIRENV_WATCHES)='); \
                 declare -F; shopt; set +o; trap; echo \"$-\"; }}\n\
                 state >\"$TMPDIR/before\"\n{load}\nstate >\"$TMPDIR/after\"\n\
                 diff \"$TMPDIR/before\" \"$TMPDIR/after\" || true\n",
                direnv.display(),
                library::TEXT
            );
            let Printed { code, out, err } = printed(project.program(&bash).args(["--norc", "-c", &script]));
            assert_eq!(code, Some(0), "{err}");
            let changed: Vec<&str> = out.lines().filter(|line| line.starts_with(['<', '>'])).collect();
            assert_eq!(changed.len(), 2, "{options}{load}{out}{err}");
            assert_eq!(changed[0], "> A=staging");
            assert!(changed[1].starts_with("> ESC_SHELL_ENVIRONMENT=p/staging@"), "{out}");
        }
    }
}

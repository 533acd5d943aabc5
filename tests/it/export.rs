//! `esc-shell export`: all of it or nothing, of one or several environments.

use std::fs;

use crate::support::{
    project::{Printed, Project, printed},
    tools,
};

const LOW: &str = "values:\n  environmentVariables:\n    A: low\n    B: it's\n";
const HIGH: &str = "imports: [low]\nvalues:\n  environmentVariables:\n    A: high\n    C: 3\n";

#[test]
fn the_later_environment_wins_and_the_proof_names_all() {
    let project = Project::with(&[("low", LOW), ("other", "values:\n  environmentVariables: {A: other}\n")]);
    let out = project.prints(&["export", "low", "other", "--format", "bash"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[..2], ["export A='other'", r"export B='it'\''s'"]);
    let proof = lines[2].strip_prefix("export ESC_SHELL_ENVIRONMENT='low@").unwrap();
    let (low, other) = proof.strip_suffix('\'').unwrap().split_once(",other@").unwrap();
    assert!(low.len() == 12 && other.len() == 12 && low != other, "{proof}");
    assert!(project.prints(&["export", "other", "low", "--format", "bash"]).starts_with("export A='low'\n"));
}

#[test]
fn the_revision_is_of_everything_that_was_read() {
    let project = Project::with(&[("low", LOW), ("high", HIGH)]);
    let proof = || project.prints(&["export", "high", "--format", "bash"]).lines().last().unwrap().to_owned();
    let before = proof();
    assert_eq!(
        before,
        Project::with(&[("high", HIGH), ("low", LOW)])
            .prints(&["export", "high", "--format", "bash"])
            .lines()
            .last()
            .unwrap()
    );
    project.write("esc/low.yaml", &format!("{LOW}# changed\n"));
    assert_ne!(proof(), before);
}

#[test]
fn direnv_is_told_what_was_read() {
    let project = Project::with(&[("low", LOW), ("high", HIGH)]);
    project.write("esc-shell.yaml", "environment: high\nenvironments: esc\n");
    let Printed { code, out, err } = printed(project.command(&["export"]).env("DIRENV_IN_ENVRC", "1"));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let folder = project.path().display().to_string();
    let watched = ["esc-shell.yaml", "esc/high.yaml", "esc/low.yaml"].map(|file| format!("'{folder}/{file}'"));
    assert_eq!(out.lines().next().unwrap(), format!("watch_file {}", watched.join(" ")));
}

#[test]
fn direnv_is_told_of_files_that_providers_read() {
    let text =
        "values:\n  environmentVariables:\n    A: {fn::open::local-file: {path: ../.env.local, format: dotenv}}\n";
    let project = Project::with(&[("dev", &text.replace("dotenv}}", "string}}"))]);
    project.write(".env.local", "x");
    project.write("guard.json", r#"{"version": 1, "variables": {"A": {}}}"#);
    let out = project.prints(&["export", "dev", "--format", "direnv", "--contract", "guard.json"]);
    let folder = project.path().display().to_string();
    let watched =
        ["esc-shell.yaml", "guard.json", "esc/../.env.local", "esc/dev.yaml"].map(|file| format!("'{folder}/{file}'"));
    assert_eq!(out.lines().next().unwrap(), format!("watch_file {}", watched.join(" ")));
}

#[test]
fn nothing_is_printed_when_anything_is_wrong() {
    let wrong = r#"values: {environmentVariables: {OK: fine, a-b: x, NUL: "a\0b", UID: 7, ESC_SHELL_X: 1}}"#;
    let project = Project::with(&[("low", LOW), ("wrong", wrong), ("typo", "values:\n  a: ${b}\n")]);
    let failing = |status: i32, arguments: &[&str]| {
        let Printed { code, out, err } = project.run(arguments);
        assert_eq!((code, out.as_str()), (Some(status), ""), "{err}");
        err
    };
    let err = failing(1, &["export", "wrong", "--format", "bash", "--diagnostics", "short"]);
    let expected = [
        "error[definition]: esc-shell keeps `ESC_SHELL_X` for itself: give the variable another name",
        "error[definition]: the value of `NUL` contains a NUL byte: move it to `files`, or encode it with `fn::toBase64`",
        "error[definition]: bash keeps `UID` for itself: give the variable another name",
        "error[definition]: `a-b` is not a valid variable name: use letters, digits and `_` only, no digit first",
    ];
    assert_eq!(err.lines().collect::<Vec<_>>(), expected);
    // Problems of all environments are told, the first one's too.
    let err = failing(4, &["export", "typo", "low", "nowhere", "--format", "bash", "--diagnostics", "short"]);
    assert!(err.contains("unknown property `b`") && err.contains("/nowhere`"), "{err}");
}

#[test]
fn sizes_are_bounded() {
    let value = |kib: usize| "x".repeat(kib * 1024);
    let large = format!("values:\n  environmentVariables:\n    OK: fine\n    LONG: {}\n", value(120));
    let many = format!("values:\n  environmentVariables:\n    A: {}\n    B: {}\n    C: c\n", value(40), value(30));
    let project = Project::with(&[("large", &large), ("many", &many)]);
    let Printed { code, out, err } = project.run(&["export", "large", "--format", "bash"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.starts_with("error: the value of `LONG` has 120 KiB"), "{err}");
    let under =
        |old: usize| printed(project.command(&["export", "many"]).env("DIRENV_IN_ENVRC", "1").env("B", value(old)));
    assert_eq!(under(10).code, Some(0));
    let Printed { code, out, err } = under(20);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    let expected = "error: the variables have 91 KiB together with the values that they replace, and direnv can't hold more than 90 KiB: move the largest to `files` (`B`: 51 KiB, `A`: 41 KiB, `C`: 1 KiB)\n";
    assert_eq!(err, expected);
    // Without direnv nobody holds both.
    assert_eq!(project.run(&["export", "many", "--format", "bash"]).code, Some(0));
}

#[test]
fn github_gets_variables_in_its_file_and_masks_in_the_log() {
    let text = "values:\n  environmentVariables:\n    A: plain\n    S: {fn::secret: \"line one\\nline two\"}\n";
    let project = Project::with(&[("dev", text)]);
    let arguments = ["export", "dev", "--format", "github"];
    let Printed { code, out, err } = project.run(&arguments);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: GITHUB_ENV is not set"), "{err}");
    let file = project.beside("tmp").join("github-env");
    fs::write(&file, "BEFORE=1").unwrap();
    let Printed { code, out, err } = printed(project.command(&arguments).env("GITHUB_ENV", &file));
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert_eq!(out, "::add-mask::line one\n::add-mask::line two\n");
    let written = fs::read_to_string(&file).unwrap();
    let (before, rest) = written.split_once("\nA<<").unwrap();
    let delimiter = rest.lines().next().unwrap();
    assert!(before == "BEFORE=1" && delimiter.len() > 32, "{written}");
    assert!(
        rest.starts_with(&format!(
            "{delimiter}\nplain\n{delimiter}\nS<<{delimiter}\nline one\nline two\n{delimiter}\n"
        ))
    );
    let proof = rest.rsplit_once(&format!("\nESC_SHELL_ENVIRONMENT<<{delimiter}\ndev@")).unwrap().1;
    assert!(proof.ends_with(&format!("\n{delimiter}\n")), "{proof}");
    printed(project.command(&arguments).env("GITHUB_ENV", &file));
    assert!(!fs::read_to_string(&file).unwrap().ends_with(&format!("\n{delimiter}\n")), "delimiters are random");
}

#[test]
fn a_secret_of_kubernetes_takes_files_along() {
    let project = Project::with(&[("dev", "values:\n  environmentVariables: {A: a}\n  files: {F: \"x\\0y\"}\n")]);
    let out = project.prints(&["export", "dev", "--format", "k8s"]);
    assert!(out.contains("\ndata:\n  F: eAB5\nstringData:\n  A: a\n"), "{out}");
    assert!(!project.beside("run").join("esc-shell").exists(), "no file is written");
}

#[test]
fn a_template_is_filled_in_or_its_mistake_is_shown() {
    let project = Project::with(&[("low", LOW)]);
    project.write(
        "app.yaml.j2",
        "a: {{ vars.A }}\n{% for variable in variables %}\n- {{ variable.value }}\n{% endfor %}\n",
    );
    let out = project.prints(&["export", "low", "--template", "app.yaml.j2"]);
    assert_eq!(out, "a: \"low\"\n- \"low\"\n- \"it's\"\n");
    project.write("wrong.sh", "a={{ vars.A }}\nb={{ vars.NOPE }}\n");
    let wrong = ["export", "low", "--template", "wrong.sh", "--diagnostics", "short"];
    let Printed { code, out, err } = project.run(&wrong);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(err, "wrong.sh:2:6: error[definition]: the template can't be rendered: `vars.NOPE` is not defined\n");
}

#[test]
fn the_shell_that_asks_is_found_out() {
    let project = Project::with(&[("low", LOW)]);
    for (shell, expected) in [("bash", "export A='low'"), ("zsh", "export A='low'"), ("fish", "set -gx A 'low'")] {
        let Some(program) = tools::program(shell) else { continue };
        // A second command, so that the shell does not become the first one.
        let mut command = project.program(&program);
        let Printed { out, err, .. } = printed(command.args(["-c", "esc-shell export low; true"]));
        assert_eq!(out.lines().next(), Some(expected), "{shell}: {err}");
    }
}

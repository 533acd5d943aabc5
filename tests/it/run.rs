//! `esc-shell run` with real programs: its status, its signals, its output with pipes and at a terminal, its files.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use assert_fs::{TempDir, prelude::*};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, Signal, kill_process},
};

use crate::support::tools;

const TOKEN: &str = "s3cr3t/tok+en value==";

/// A folder with environments, and what the program needs around it.
struct Scene {
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let write = |file: &str, text: &str| folder.child(file).write_str(text).unwrap();
        write("plain.yaml", "values: {environmentVariables: {PLAIN: open}}\n");
        write(
            "dev.yaml",
            &format!("values: {{environmentVariables: {{PLAIN: open, TOKEN: {{fn::secret: '{TOKEN}'}}}}}}\n"),
        );
        write("files.yaml", &format!("values: {{files: {{CERT: {{fn::secret: \"{TOKEN}\\n\"}}}}}}\n"));
        std::fs::create_dir(folder.path().join("run")).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder.path().join("run"), mode).unwrap();
        Self { folder }
    }

    /// Returns `esc-shell run` with arguments, in an environment of its own.
    fn run(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esc-shell"));
        command.arg("run").args(arguments);
        self.around(&mut command);
        command
    }

    fn around(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).env_clear();
        command.env("HOME", self.folder.path()).env("XDG_RUNTIME_DIR", self.folder.path().join("run"));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("TERM", "xterm");
    }

    /// Runs a shell's line with the environment that has a secret.
    fn line(&self, line: &str) -> (String, String, ExitStatus) {
        let output = self.run(&["-q", "./dev.yaml", "--", "sh", "-c", line]).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status)
    }
}

/// Returns the pid that a child wrote as the first line.
fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn secrets_are_masked_in_both_streams_and_the_rest_comes_through() {
    let scene = Scene::new();
    let (out, err, status) = scene.line(
        r#"echo "$PLAIN $TOKEN"; echo "to stderr: $TOKEN" >&2; printf %s "$TOKEN" | base64; printf '\033[1mbold\033[0m'; exit 3"#,
    );
    assert_eq!(out, "open [secret]\n[secret]\n\u{1b}[1mbold\u{1b}[0m");
    assert_eq!((err.as_str(), status.code()), ("to stderr: [secret]\n", Some(3)));
}

#[test]
fn a_mask_announces_itself() {
    let scene = Scene::new();
    let output = scene.run(&["./dev.yaml", "--", "sh", "-c", "echo $TOKEN"]).output().unwrap();
    let expected = "warning: secrets in the output are shown as `[secret]`\n  help: `--no-redact` shows them\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    let output = scene.run(&["./dev.yaml", "--", "sh", "-c", "echo $PLAIN"]).output().unwrap();
    assert_eq!(output.stderr, b"");
}

#[test]
fn the_child_sees_the_proof_and_what_it_inherits() {
    let scene = Scene::new();
    let line = "echo $ESC_SHELL_ENVIRONMENT $OTHER; cat";
    let mut command = scene.run(&["./dev.yaml", "./plain.yaml", "--", "sh", "-c", line]);
    let mut child = command.env("OTHER", "inherited").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"typed").unwrap();
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let (proof, rest) = out.split_once(' ').unwrap();
    let names: Vec<&str> = proof.split(',').map(|one| one.split_once('@').unwrap().0).collect();
    assert_eq!((names, rest), (vec!["dev", "plain"], "inherited\ntyped"));
}

#[test]
fn the_status_is_the_childs() {
    let scene = Scene::new();
    for environment in ["./dev.yaml", "./plain.yaml"] {
        for signal in [
            Signal::HUP,
            Signal::INT,
            Signal::QUIT,
            Signal::KILL,
            Signal::USR1,
            Signal::SEGV,
            Signal::PIPE,
            Signal::ALARM,
            Signal::TERM,
        ] {
            let number = signal.as_raw();
            let line = format!("ulimit -c 0; kill -{number} $$");
            let status = scene.run(&[environment, "--", "sh", "-c", &line]).status().unwrap();
            assert_eq!((status.signal(), status.core_dumped()), (Some(number), false), "{environment}");
        }
        for code in [0, 1, 42, 255] {
            let status = scene.run(&[environment, "--", "sh", "-c", &format!("exit {code}")]).status().unwrap();
            assert_eq!(status.code(), Some(code));
        }
    }
    let line = r#""$0" run ./dev.yaml -- sh -c 'kill -TERM $$'; echo $?"#;
    let mut shell = Command::new("sh");
    scene.around(shell.args(["-c", line, env!("CARGO_BIN_EXE_esc-shell")]));
    assert_eq!(shell.output().unwrap().stdout, b"143\n", "as a shell sees it");
}

#[test]
fn programs_that_do_not_start() {
    let scene = Scene::new();
    scene.folder.child("plain").write_str("#!/bin/sh\n").unwrap();
    scene.folder.child("script").write_str("#!/nowhere/sh\n").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(scene.folder.path().join("script"), mode).unwrap();
    for (program, code, message) in [
        ("nope-nope", 127, "there is no program `nope-nope` on PATH"),
        ("./nope", 127, "there is no program `./nope`"),
        ("./plain", 126, "`./plain` is not executable"),
        ("./run", 126, "`./run` is a folder"),
        ("./script", 126, "`./script` can't be started: what interprets it is not there"),
    ] {
        for environment in ["./dev.yaml", "./plain.yaml"] {
            let output = scene.run(&[environment, "--", program]).output().unwrap();
            let text = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), text.lines().next()), (Some(code), Some(&*format!("error: {message}"))));
        }
    }
}

#[test]
fn the_program_takes_our_place_when_nothing_is_to_be_done_afterwards() {
    let scene = Scene::new();
    for (arguments, same) in [
        (&["./plain.yaml", "--"][..], true),
        (&["--no-redact", "./dev.yaml", "--"], true),
        (&["./dev.yaml", "--"], false),
        (&["--no-redact", "./files.yaml", "--"], false),
    ] {
        let arguments = [arguments, &["sh", "-c", "echo $$; cat"]].concat();
        let mut child = scene.run(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        assert_eq!(first_line(&mut child) == child.id().to_string(), same, "{arguments:?}");
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
    }
    let output = scene.run(&["--no-redact", "./dev.yaml", "--", "sh", "-c", "echo $TOKEN"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{TOKEN}\n"));
}

#[test]
fn signals_reach_the_child() {
    let scene = Scene::new();
    let line = r#"for s in HUP INT QUIT TERM USR1 USR2 ALRM; do trap "echo $s" $s; done
        trap 'exit 9' CONT; echo ready; while :; do sleep 0.02; done"#;
    for arguments in [&["./dev.yaml", "--"][..], &["--no-redact", "./files.yaml", "--"]] {
        let arguments = [arguments, &["sh", "-c", line]].concat();
        let mut child = scene.run(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert_eq!(lines.next().as_deref(), Some("ready"));
        let id = Pid::from_child(&child);
        for (signal, name) in [
            (Signal::HUP, "HUP"),
            (Signal::INT, "INT"),
            (Signal::QUIT, "QUIT"),
            (Signal::TERM, "TERM"),
            (Signal::USR1, "USR1"),
            (Signal::USR2, "USR2"),
            (Signal::ALARM, "ALRM"),
        ] {
            kill_process(id, signal).unwrap();
            assert_eq!(lines.next().as_deref(), Some(name));
        }
        kill_process(id, Signal::CONT).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(9));
    }
}

#[test]
fn under_nohup_a_hangup_ends_neither() {
    let scene = Scene::new();
    let mut command = Command::new("nohup");
    command.arg(env!("CARGO_BIN_EXE_esc-shell")).args(["run", "-q", "./dev.yaml", "--"]);
    command.args(["sh", "-c", "kill -HUP $PPID; kill -HUP $$; echo here"]);
    scene.around(&mut command);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!((output.stdout.as_slice(), output.status.code()), (b"here\n".as_slice(), Some(0)));
}

#[test]
fn a_grandchild_that_keeps_the_output_open_does_not_hold_us_up() {
    let scene = Scene::new();
    let (out, _, status) = scene.line("sleep 300 & echo $!; echo $TOKEN; printf s3cr; exit 4");
    let (grandchild, rest) = out.split_once('\n').unwrap();
    kill_process(Pid::from_raw(grandchild.parse().unwrap()).unwrap(), Signal::KILL).unwrap();
    assert_eq!((rest, status.code()), ("[secret]\ns3cr", Some(4)), "it is still running, and all is there");
}

#[test]
fn much_output_comes_through_unchanged() {
    let scene = Scene::new();
    let (out, err, status) = scene.line("seq 300000; echo $TOKEN; seq 300000 >&2");
    let numbers: Vec<String> = (1..=300_000).map(|number| number.to_string()).collect();
    let numbers = numbers.join("\n") + "\n";
    assert!(out == format!("{numbers}[secret]\n") && err == numbers && status.success());
}

#[test]
fn streams_that_are_closed() {
    let scene = Scene::new();
    let (out, err, status) = scene.line("exec >&-; echo still here >&2; exit 5");
    assert_eq!((out.as_str(), err.as_str(), status.code()), ("", "still here\n", Some(5)));
    let (_, _, status) = scene.line("exec >&- 2>&-; exit 6");
    assert_eq!(status.code(), Some(6));
    // Nobody reads any more: the child is told as it would be without us.
    let mut child = scene.run(&["./dev.yaml", "--", "yes"]).stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(first_line(&mut child), "y");
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().signal(), Some(Signal::PIPE.as_raw()));
}

#[test]
fn files_live_as_long_as_the_child() {
    let scene = Scene::new();
    for end in ["exit 3", "kill -TERM $$"] {
        let line = format!("stat -c %a \"$CERT\" >&2; cat \"$CERT\"; echo \"$CERT\"; {end}");
        let output = scene.run(&["-q", "./files.yaml", "--", "sh", "-c", &line]).output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let (content, path) = out.split_once('\n').unwrap();
        assert_eq!((content, String::from_utf8(output.stderr).unwrap().as_str()), ("[secret]", "600\n"));
        let path = PathBuf::from(path.trim_end());
        assert!(path.starts_with(scene.folder.path().join("run")) && !path.parent().unwrap().exists());
    }
}

#[test]
fn the_secret_is_nowhere_but_in_the_child() {
    let scene = Scene::new();
    let line = "echo ready; cat; cat /proc/$PPID/cmdline /proc/$$/cmdline; env";
    let mut command = scene.run(&["-v", "./dev.yaml", "--", "sh", "-c", line]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    out.read_line(&mut text).unwrap();
    for file in ["cmdline", "environ"] {
        let bytes = std::fs::read(format!("/proc/{}/{file}", child.id())).unwrap();
        text += &String::from_utf8_lossy(&bytes);
    }
    drop(child.stdin.take());
    out.read_to_string(&mut text).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(text.contains("TOKEN=[secret]"));
    assert!(!text.contains(TOKEN), "{text}");
}

/// A program at a terminal that the test types at.
struct Session {
    terminal: pty_process::blocking::Pty,
    child: Child,
    /// What was printed, as far as it was not asked for.
    text: String,
}

impl Session {
    fn start(scene: &Scene, program: &Path, arguments: &[&str]) -> Self {
        let (terminal, other) = pty_process::blocking::open().unwrap();
        terminal.resize(pty_process::Size::new(33, 77)).unwrap();
        let mut command = Command::new(program);
        command.args(arguments);
        scene.around(&mut command);
        command.env("PS1", "> ");
        let child = pty_process::blocking::Command::from(command).spawn(other).unwrap();
        Self { terminal, child, text: String::new() }
    }

    fn run(scene: &Scene, arguments: &[&str]) -> Self {
        Self::start(scene, Path::new(env!("CARGO_BIN_EXE_esc-shell")), &[&["run", "-q"], arguments].concat())
    }

    fn send(&mut self, keys: &str) {
        self.terminal.write_all(keys.as_bytes()).unwrap();
    }

    /// Reads until a text comes; returns what stands before it.
    fn until(&mut self, wanted: &str) -> String {
        let mut bytes = [0; 4096];
        loop {
            if let Some(at) = self.text.find(wanted) {
                let before = self.text[..at].to_owned();
                self.text.drain(..at + wanted.len());
                return before;
            }
            let patience = Timespec { tv_sec: 30, tv_nsec: 0 };
            let ready = poll(&mut [PollFd::new(&self.terminal, PollFlags::IN)], Some(&patience)).unwrap();
            let count = if ready == 0 { 0 } else { self.terminal.read(&mut bytes).unwrap_or(0) };
            assert!(count > 0, "no `{wanted}` in `{}`", self.text);
            self.text += str::from_utf8(&bytes[..count]).unwrap();
        }
    }

    /// Reads until the end.
    fn end(mut self) -> (String, ExitStatus) {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = self.terminal.read(&mut bytes) {
            self.text += str::from_utf8(&bytes[..count]).unwrap();
        }
        (self.text, self.child.wait().unwrap())
    }
}

#[test]
fn at_a_terminal_the_child_is_at_one() {
    let scene = Scene::new();
    let line = r#"test -t 0 && test -t 1 && test -t 2 && : >/dev/tty && stty size; printf '\033[1m%s\033[0m' "$TOKEN"
        printf 'Name: '; read name; echo "hello $name $TOKEN" >&2; exit 7"#;
    let mut session = Session::run(&scene, &["./dev.yaml", "--", "sh", "-c", line]);
    // The prompt has no end of line.
    assert_eq!(session.until("Name: "), "33 77\r\n\u{1b}[1m[secret]\u{1b}[0m");
    session.send("me\r");
    let (text, status) = session.end();
    assert_eq!((text.as_str(), status.code()), ("me\r\nhello me [secret]\r\n", Some(7)));
}

#[test]
fn keys_and_the_window_reach_the_child() {
    let scene = Scene::new();
    let line = r#"trap 'echo interrupted' INT; trap 'sized=1' WINCH; echo ready
        until [ "$sized" ]; do sleep 0.02; done; stty size
        while read line; do echo "<$line>"; done; echo end"#;
    let Some(bash) = tools::program("bash") else { return };
    let mut session = Session::run(&scene, &["./dev.yaml", "--", bash.to_str().unwrap(), "-c", line]);
    session.until("ready\r\n");
    session.send("\u{3}");
    session.until("interrupted\r\n");
    session.terminal.resize(pty_process::Size::new(44, 99)).unwrap();
    session.until("44 99\r\n");
    session.send("abc\r");
    session.until("<abc>\r\n");
    session.send("\u{4}");
    let (text, status) = session.end();
    assert_eq!((text.as_str(), status.code()), ("end\r\n", Some(0)));
}

#[test]
fn a_shell_can_stop_and_continue_it() {
    let scene = Scene::new();
    let Some(bash) = tools::program("bash") else { return };
    let mut shell = Session::start(&scene, &bash, &["--norc", "--noprofile", "--noediting", "-i"]);
    // What is typed before the prompt is there is shown before it.
    let modes = |shell: &mut Session| {
        shell.until("> ");
        shell.send("stty -g; echo modes\r");
        shell.until("echo modes\r\n");
        let modes = shell.until("modes\r\n");
        shell.until("> ");
        modes
    };
    let before = modes(&mut shell);
    // A child that forks nothing: a key that comes between fork and exec is lost to both, at any terminal.
    let line = "echo ready; while read -r line; do echo $line; done; echo $TOKEN";
    let run = format!("{} run -q ./dev.yaml -- bash -c '{line}'\r", env!("CARGO_BIN_EXE_esc-shell"));
    shell.send(&run);
    shell.until("\nready\r\n");
    shell.send("\u{1a}");
    shell.until("Stopped");
    assert_eq!(modes(&mut shell), before, "while it is stopped the terminal is the shell's");
    shell.send("fg\r");
    shell.until("echo $TOKEN'\r\n");
    shell.send("again\r");
    shell.until("again\r\nagain\r\n");
    shell.send("\u{4}");
    shell.until("[secret]\r\n");
    assert_eq!(modes(&mut shell), before);
    // A key that ends the child ends the shell's line as well.
    shell.send(&run);
    shell.until("\nready\r\n");
    shell.send("\u{3}");
    shell.until("> ");
    shell.send("echo status $?\r");
    shell.until("status 130\r\n");
    shell.send("exit\r");
    assert_eq!(shell.end().1.code(), Some(0));
}

#[test]
fn with_one_stream_at_a_terminal_the_other_is_as_it_was() {
    let scene = Scene::new();
    let Some(bash) = tools::program("bash") else { return };
    let mut shell = Session::start(&scene, &bash, &["--norc", "--noprofile", "--noediting", "-i"]);
    let line = "test -t 1 || echo 1; test -t 2 || echo 2 >&2; printf \"$TOKEN\"; printf \"$TOKEN\\n\" >&2";
    let run = format!("{} run -q ./dev.yaml -- sh -c '{line}'", env!("CARGO_BIN_EXE_esc-shell"));
    shell.send(&format!("{run} | cat; echo over\r"));
    shell.until("echo over\r\n");
    let text = shell.until("over\r\n");
    // Stderr is a terminal, stdout is a pipe; their order is not known.
    assert!(text.contains("[secret]\r\n") && text.contains("1\r\n") && !text.contains("2\r\n"), "{text}");
    shell.send(&format!("{run} 2>err </dev/null; echo over\r"));
    shell.until("echo over\r\n");
    assert_eq!(shell.until("over\r\n"), "[secret]");
    assert_eq!(std::fs::read_to_string(scene.folder.path().join("err")).unwrap(), "2\n[secret]\n");
    shell.send("exit\r");
    shell.end();
}

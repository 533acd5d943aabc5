//! Outside programs that tests measure against.

use std::{
    ffi::OsStr,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Returns a program of PATH. Where it is missing the test ends with a line that says so, or fails under CI.
pub fn program(name: &str) -> Option<PathBuf> {
    let found = which::which(name).ok();
    if found.is_none() {
        missing(name);
    }
    found
}

/// Says that a part of a test is skipped because something is not installed; fails when `CI` is `true`.
pub fn missing(what: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{what} is not installed");
    eprintln!("skipped: {what} is not installed");
}

/// Runs a program in an empty environment but for the given variables; returns what it prints, or what it complains of.
pub fn run<S: AsRef<OsStr>>(
    program: &Path,
    arguments: &[S],
    variables: &[(&str, &OsStr)],
    input: &[u8],
) -> Result<Vec<u8>, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program that was found starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("a child that was started can be waited for");
    // A program that fails early does not read its input; its complaint says more than the broken pipe.
    let written = writer.join().expect("writing does not panic");
    if output.status.success() && output.stderr.is_empty() {
        written.expect("a program that succeeds reads its input");
        Ok(output.stdout)
    } else {
        Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)))
    }
}

//! What `use esc` costs on entering a folder: whole processes of direnv, in turn with an `.envrc` that watches one file.
//!
//! Nothing is judged here; the bound is 5 ms above one `watch_file`.

#![allow(clippy::print_stdout, missing_docs, reason = "a benchmark prints")]
#![expect(clippy::disallowed_methods, reason = "whole processes in a folder of their own are what is measured")]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How often each is run.
const RUNS: usize = 101;

fn main() {
    if which::which("direnv").is_err() {
        println!("skipped: direnv is not installed");
        return;
    }
    let definition = "imports: [base]\nvalues:\n  environmentVariables:\n    A: ${a}\n    B: {fn::secret: b}\n";
    let scene = |envrc: &str| {
        let scene = Scene::new();
        scene.write("project/esc-shell.yaml", "environments: esc\n");
        scene.write("project/esc/base.yaml", "values:\n  a: one\n");
        scene.write("project/esc/dev.yaml", definition);
        scene.write("project/.envrc", envrc);
        scene.direnv(&["allow"]);
        scene
    };
    let with_library = || {
        let scene = scene("use esc dev\n");
        scene.write("home/.config/direnv/lib/esc-shell.sh", esc_shell::direnv::library::TEXT);
        scene
    };
    let lines = esc_shell::direnv::snippet(esc_shell::direnv::Form::Standalone, &["dev".to_owned()]);
    let rows = [
        ("empty .envrc", scene("")),
        ("one watch_file", scene("watch_file esc/dev.yaml\n")),
        ("use esc dev", with_library()),
        ("the lines of `envrc dev`", scene(&lines)),
    ];
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..RUNS {
        for ((_, scene), times) in rows.iter().zip(&mut times) {
            times.push(scene.direnv(&["export", "bash"]));
        }
    }
    println!("direnv export bash (median of {RUNS}, in turn; the last column is above one watch_file)");
    let medians = times.map(median);
    for ((name, _), median) in rows.iter().zip(medians) {
        println!("  {name:<26} {median:>7.2} ms {:>+7.2} ms", median - medians[1]);
    }
}

/// A project and a home.
struct Scene {
    root: TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { root: TempDir::new().expect("a temporary folder can be made") }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Runs direnv in the project; returns how long it took.
    fn direnv(&self, arguments: &[&str]) -> Duration {
        let own = Path::new(env!("CARGO_BIN_EXE_esc-shell")).parent().expect("a program lies in a folder");
        let system = std::env::var_os("PATH").unwrap_or_default();
        let path = [own.to_owned()].into_iter().chain(std::env::split_paths(&system));
        let start = Instant::now();
        let output = Command::new("direnv")
            .args(arguments)
            .current_dir(self.root.path().join("project"))
            .env_clear()
            .env("PATH", std::env::join_paths(path).expect("PATH was split before"))
            .env("HOME", self.root.path().join("home"))
            .stdin(Stdio::null())
            .output()
            .expect("direnv starts");
        let took = start.elapsed();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        took
    }
}

/// Returns the median in milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

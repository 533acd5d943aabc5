//! Wall times: medians, and what they are measured against. Nothing is judged here; `instructions` is the gate.

#![allow(clippy::print_stdout, missing_docs, reason = "a benchmark prints")]

mod support;

use std::{
    hint::black_box,
    io::Write as _,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use support::{Scenario, chain, diamonds, imports, interpolations, literals, reference};

fn main() {
    let mut slow_calls = reference();
    slow_calls.call = Duration::from_millis(10);
    let mut slow_loads = reference();
    slow_loads.load = Duration::from_millis(10);
    let mut both = slow_calls.clone();
    both.load = slow_loads.load;
    println!("the reference's benchmark: 26 imports, ten opens (median of 41)");
    row("in process", &reference(), 41, None);
    row("10 ms a call", &slow_calls, 41, Some(10));
    row("10 ms a load", &slow_loads, 41, Some(20));
    row("both", &both, 41, Some(30));

    println!("growth (median of 9; the last column is the time for each)");
    for count in [10, 100, 1_000, 10_000] {
        growth("literals", count, &literals(count));
        growth("references in a chain", count, &chain(count));
        growth("interpolations", count, &interpolations(count));
    }
    for count in [10, 100, 1_000] {
        growth("imports side by side", count, &imports(count));
    }
    for depth in [5, 10, 20] {
        growth("diamonds", depth, &diamonds(depth));
    }

    println!("whole process, in turn with /bin/true (median of 201)");
    let definition = tempfile::Builder::new().suffix(".yaml").tempfile().expect("a file can be made");
    let variable = |text: String, number: i32| format!("{text}    VARIABLE_{number}: \"it's value {number}\"\n");
    let variables = (0..50).fold(String::new(), variable);
    let text = format!("values:\n  environmentVariables:\n{variables}");
    definition.as_file().write_all(text.as_bytes()).expect("a file can be written");
    let file = definition.path().to_str().expect("the name of a temporary file is UTF-8");
    against_nothing("open dev --format dotenv", &["-C", "examples/hybrid", "open", "dev", "--format", "dotenv"]);
    against_nothing("export of 50 variables", &["export", file, "--format", "bash"]);

    println!("an environment of Pulumi Cloud, whole process, 40 ms a request (median of 41)");
    let cloud = support::slow_cloud(Duration::from_millis(40));
    let arguments = ["--source", "cloud", "open", "o/p/e"];
    let variables = [("PULUMI_BACKEND_URL", cloud.as_str()), ("PULUMI_ACCESS_TOKEN", "token")];
    let opens = (0..41).map(|_| command_with(env!("CARGO_BIN_EXE_esc-shell"), &arguments, &variables)).collect();
    println!("  open o/p/e               {:>8.2} ms", millis(median(opens)));
}

/// Compares a command with one that does nothing.
fn against_nothing(name: &str, arguments: &[&str]) {
    let (mut commands, mut nothings) = (Vec::new(), Vec::new());
    for _ in 0..201 {
        commands.push(command(env!("CARGO_BIN_EXE_esc-shell"), arguments));
        nothings.push(command("/bin/true", &[]));
    }
    let (took, nothing) = (millis(median(commands)), millis(median(nothings)));
    println!("  {name:<24} {took:>8.2} ms, /bin/true {nothing:.2} ms, difference {:.2} ms", took - nothing);
}

fn command(program: &str, arguments: &[&str]) -> Duration {
    command_with(program, arguments, &[])
}

#[expect(clippy::disallowed_methods, reason = "a whole process is what is measured")]
fn command_with(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Duration {
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .stdout(Stdio::null())
        .status()
        .expect("the program starts");
    assert!(status.success());
    start.elapsed()
}

fn row(name: &str, scenario: &Scenario, runs: usize, chain: Option<u32>) {
    let took = measure(scenario, runs);
    match chain {
        None => println!("  {name:<14} {:>8.2} ms", millis(took)),
        Some(chain) => println!(
            "  {name:<14} {:>8.2} ms; the longest chain of calls takes {chain} ms, bound 1.3 times and 2 ms: {:.1} ms",
            millis(took),
            f64::from(chain) * 1.3 + 2.0
        ),
    }
}

fn growth(name: &str, count: usize, scenario: &Scenario) {
    let took = measure(scenario, 9);
    let each = took.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).expect("counts are small"));
    println!("  {name:<22} {count:>6} {:>10.3} ms {each:>8.2} µs", millis(took));
}

fn measure(scenario: &Scenario, runs: usize) -> Duration {
    let once = || {
        let start = Instant::now();
        black_box(scenario.run());
        start.elapsed()
    };
    once();
    median((0..runs).map(|_| once()).collect())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

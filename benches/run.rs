//! What redaction costs: how fast a stream goes through it in process, and `run` beside a plain `cat`, with pipes and at a terminal.
//!
//! Nothing is judged here; the bound is 300 MB/s in process for twenty secrets of 32 bytes.

#![allow(clippy::print_stdout, missing_docs, reason = "a benchmark prints")]
#![expect(clippy::disallowed_methods, reason = "whole processes in a folder of their own are what is measured")]

use std::{
    fmt::Write as _,
    fs,
    hint::black_box,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use esc_shell::run::redact::{Redactor, Secrets};
use tempfile::TempDir;

/// What is redacted in process, in bytes.
const IN_PROCESS: usize = 64 << 20;

/// What a child prints, in bytes.
const PRINTED: usize = 32 << 20;

/// As much as `run` reads at once.
const READ: usize = 1 << 16;

fn main() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let values: Vec<String> = (0..20).map(|_| random.text(32)).collect();
    let secrets = Secrets::new(values.iter().map(String::as_bytes));
    println!("twenty secrets of 32 bytes, in process, reads of 64 KiB (median of 9)");
    in_process("log without secrets", &secrets, log(IN_PROCESS, &mut random, &[]).as_bytes());
    in_process("log, one in 100 lines", &secrets, log(IN_PROCESS, &mut random, &values).as_bytes());
    let all_base64: String = (0..IN_PROCESS / 77).map(|_| random.text(76) + "\n").collect();
    in_process("base64, 76 columns", &secrets, all_base64.as_bytes());
    let ready = (0..41).map(|_| timed(|| drop(black_box(Secrets::new(values.iter().map(String::as_bytes))))));
    println!("  getting ready            {:>8.2} ms", median(ready.collect()).as_secs_f64() * 1e3);

    let folder = TempDir::new().expect("a temporary folder can be made");
    let mut definition = "values:\n  environmentVariables:\n".to_owned();
    for (number, value) in values.iter().enumerate() {
        let _ = writeln!(definition, "    SECRET_{number}: {{fn::secret: {value}}}");
    }
    fs::write(folder.path().join("dev.yaml"), definition).expect("a file can be written");
    fs::write(folder.path().join("log"), log(PRINTED, &mut random, &[])).expect("a file can be written");
    println!("`cat` of {} MiB of log (median of 9, in turn)", PRINTED >> 20);
    for (name, at_terminal) in [("with pipes", false), ("at a terminal", true)] {
        let rows: [(&str, &[&str]); 3] = [
            ("cat", &["cat", "log"]),
            ("run", &[env!("CARGO_BIN_EXE_esc-shell"), "run", "-q", "./dev.yaml", "--", "cat", "log"]),
            // It makes a terminal for its child in any case, as `run` does at a terminal, and copies.
            ("script", &["script", "-qec", "cat log", "/dev/null"]),
        ];
        let rows = rows
            .into_iter()
            .filter(|(name, words)| which::which(words[0]).is_ok() && (at_terminal || *name != "script"));
        let rows: Vec<_> = rows.collect();
        let mut times = vec![Vec::new(); rows.len()];
        for _ in 0..9 {
            for ((_, words), times) in rows.iter().zip(&mut times) {
                let command = command(words, folder.path());
                times.push(timed(|| if at_terminal { read_terminal(command) } else { read_pipe(command) }));
            }
        }
        println!("  {name}");
        for ((name, _), times) in rows.iter().zip(times) {
            let median = median(times);
            println!("    {name:<8} {:>8.1} ms {:>6.0} MB/s", median.as_secs_f64() * 1e3, rate(PRINTED, median));
        }
    }
}

fn in_process(name: &str, secrets: &Secrets, text: &[u8]) {
    let mut out = Vec::new();
    let times = (0..9).map(|_| {
        timed(|| {
            let mut redactor = Redactor::new(secrets.clone());
            for part in text.chunks(READ) {
                out.clear();
                redactor.push(part, &mut out);
                black_box(&out);
            }
            redactor.finish(&mut out);
        })
    });
    println!("  {name:<24} {:>8.0} MB/s", rate(text.len(), median(times.collect())));
}

fn command(words: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(folder).env_clear().env("HOME", folder).env("XDG_RUNTIME_DIR", folder);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

fn read_pipe(mut command: Command) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
    let count = read(child.stdout.take().expect("it is a pipe"));
    assert!(child.wait().expect("the child is ours").success() && count >= PRINTED);
}

fn read_terminal(command: Command) {
    let (own, other) = pty_process::blocking::open().expect("a terminal can be made");
    let mut child = pty_process::blocking::Command::from(command).spawn(other).expect("the program starts");
    let count = read(own);
    assert!(child.wait().expect("the child is ours").success() && count >= PRINTED);
}

/// Reads until the end, which a terminal tells by an error; returns how much came.
fn read(mut from: impl Read) -> usize {
    let mut buffer = vec![0; READ];
    let mut all = 0;
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        all += count;
    }
    all
}

/// Makes lines as services write them: plain ones, JSON, and requests; one in a hundred has one of `values`.
fn log(length: usize, random: &mut Random, values: &[String]) -> String {
    let mut text = String::with_capacity(length + 512);
    let mut number = 0;
    while text.len() < length {
        number += 1;
        let (second, id) = (number / 50 % 60, random.next());
        let _ = match number % 4 {
            0 => writeln!(
                text,
                r#"{{"time":"2026-03-14T09:26:{second:02}.535Z","level":"info","msg":"request done","method":"GET","path":"/api/v1/users/{}","status":200,"ms":{},"trace":"{id:016x}"}}"#,
                id % 100_000,
                id % 900
            ),
            1 => writeln!(
                text,
                r#"10.0.{}.{} - - [14/Mar/2026:09:26:{second:02} +0000] "POST /login?next=%2Fhome&q=a+b HTTP/1.1" 302 {} "https://example.org/" "Mozilla/5.0 (X11; Linux x86_64)""#,
                id % 256,
                id / 256 % 256,
                id % 10_000
            ),
            2 => writeln!(text, "   Compiling some-crate v1.{}.{} (/home/user/src/some-crate)", id % 90, id % 7),
            _ => writeln!(
                text,
                "2026-03-14 09:26:{second:02} DEBUG worker-{}: took job {id:x} from queue 'mail'; it's the {number}th",
                id % 16
            ),
        };
        if number % 100 == 0 && !values.is_empty() {
            let value = &values[number / 100 % values.len()];
            let _ = writeln!(text, "connecting with token={value}");
        }
    }
    text
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns characters as base64 has them.
    fn text(&mut self, length: usize) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        (0..length).map(|_| char::from(alphabet[usize::from(self.next().to_le_bytes()[4] & 63)])).collect()
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn rate(bytes: usize, time: Duration) -> f64 {
    let bytes = u32::try_from(bytes).expect("it is below four gigabytes");
    f64::from(bytes) / time.as_secs_f64() / 1e6
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

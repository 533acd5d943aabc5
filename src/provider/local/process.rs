//! Runs a program and collects what it writes, without being held up by anything that it leaves behind.
//!
//! The program leads a process group of its own, without a terminal to read from. Whoever drops the future ends the group.

use std::{
    collections::{BTreeMap, VecDeque},
    ffi::OsString,
    io,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::AsyncReadExt,
    process::{Child, Command},
    time::{Instant, sleep_until},
};

use super::MAX_BYTES;

/// How long output is waited for when the program has ended and something that it started still holds the pipe. What the program
/// itself wrote is there by then.
const GRACE: Duration = Duration::from_millis(200);

/// How much of the standard error is kept: its end.
const TAIL: usize = 4096;

/// What to run.
pub(super) struct Program<'a> {
    /// The file.
    pub(super) path: PathBuf,
    /// What follows the program's name.
    pub(super) arguments: Vec<&'a str>,
    /// Where it runs.
    pub(super) folder: PathBuf,
    /// Its whole environment.
    pub(super) variables: &'a BTreeMap<OsString, OsString>,
}

/// What a program left.
pub(super) struct Ended {
    /// How it ended.
    pub(super) status: ExitStatus,
    /// All of its standard output.
    pub(super) output: Vec<u8>,
    /// The end of its standard error.
    pub(super) errors: Vec<u8>,
}

/// Why a program did not end by itself.
#[derive(Debug)]
pub(super) enum Stopped {
    /// It could not be started, or not be waited for.
    Io(io::Error),
    /// It wrote more than [`MAX_BYTES`] bytes.
    TooMuch,
}

/// Runs a program to its end; the caller bounds the time.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where `local-command` starts programs, each in a group that is ended"
)]
pub(super) async fn run(program: Program<'_>) -> Result<Ended, Stopped> {
    let mut command = Command::new(&program.path);
    command
        .args(&program.arguments)
        .current_dir(&program.folder)
        .env_clear()
        .envs(program.variables)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let child = command.spawn().map_err(Stopped::Io)?;
    let mut running = Running { group: Group::of(&child), child };
    let mut output = running.child.stdout.take().expect("stdout is piped");
    let mut errors = running.child.stderr.take().expect("stderr is piped");

    let mut ended = None;
    let (mut written, mut tail) = (Vec::new(), Tail::default());
    let (mut reads_output, mut reads_errors) = (true, true);
    let mut patience = Instant::now();
    while ended.is_none() || reads_output || reads_errors {
        tokio::select! {
            biased;
            read = output.read_buf(&mut written), if reads_output => {
                reads_output = read.map_err(Stopped::Io)? > 0;
                if written.len() > MAX_BYTES {
                    return Err(Stopped::TooMuch);
                }
            }
            read = errors.read(&mut tail.buffer), if reads_errors => {
                let length = read.map_err(Stopped::Io)?;
                tail.keep(length);
                reads_errors = length > 0;
            }
            status = running.child.wait(), if ended.is_none() => {
                ended = Some(status.map_err(Stopped::Io)?);
                running.group.0 = None;
                patience = Instant::now() + GRACE;
            }
            () = sleep_until(patience), if ended.is_some() => break,
        }
    }
    let status = ended.expect("the loop goes on until the program has ended");
    Ok(Ended { status, output: written, errors: tail.kept.into() })
}

/// A program under way; fields are dropped in their order.
struct Running {
    group: Group,
    child: Child,
}

/// A process group that is killed when it is dropped; nothing once its leader was waited for, as the number may be another's then.
struct Group(Option<Pid>);

impl Group {
    /// Returns the group that a child leads.
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // The only failure is that the group is gone.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// The last bytes of a stream.
struct Tail {
    buffer: [u8; TAIL],
    kept: VecDeque<u8>,
}

impl Default for Tail {
    fn default() -> Self {
        Self { buffer: [0; TAIL], kept: VecDeque::new() }
    }
}

impl Tail {
    /// Adds the first bytes of the buffer to what is kept.
    fn keep(&mut self, length: usize) {
        self.kept.extend(&self.buffer[..length]);
        self.kept.drain(..self.kept.len().saturating_sub(TAIL));
    }
}

//! The signals of this process: which it takes to hand them on, and how it ends by one.

use std::{fs, io};

use rustix::process::{Pid, Resource, Rlimit, Signal, getpgrp, getpid, getppid, getsid, kill_process, setrlimit};
use signal_hook::{
    consts::signal::{
        SIGALRM, SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH,
    },
    iterator::{SignalsInfo, exfiltrator::WithOrigin},
    low_level::{emulate_default_handler, siginfo::Cause},
};

/// What is taken: what the child is to get, and what tells of the child and of the terminal.
const TAKEN: [i32; 11] =
    [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP, SIGCONT, SIGWINCH, SIGCHLD];

/// The signals that arrive.
pub(super) struct Signals(SignalsInfo<WithOrigin>);

/// What has arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Something became of the child.
    Child,
    /// The window has another size.
    Resized,
    /// It is to go on.
    Continued,
    /// It is to stop, because of a key; all of its process group was told.
    Stopped,
    /// Somebody sent this to this process alone.
    Sent(i32),
    /// A key, of which all of the process group was told.
    Key(i32),
}

impl Signals {
    /// Takes signals from now on, but not those that the caller ignores, as `nohup` does.
    pub(super) fn take() -> io::Result<Self> {
        let ignored = ignored("self");
        let taken = TAKEN.iter().filter(|signal| **signal == SIGCHLD || ignored >> (**signal - 1) & 1 == 0);
        Ok(Self(SignalsInfo::new(taken)?))
    }

    /// Waits for the next ones.
    pub(super) fn wait(&mut self) -> Vec<Event> {
        let own = getpid().as_raw_nonzero().get();
        let event = |origin: signal_hook::low_level::siginfo::Origin| match origin.signal {
            SIGCHLD => Some(Event::Child),
            SIGWINCH => Some(Event::Resized),
            SIGCONT => Some(Event::Continued),
            // What this process sent to its own group.
            _ if origin.process.is_some_and(|sender| sender.pid == own) => None,
            SIGTSTP if origin.cause == Cause::Kernel => Some(Event::Stopped),
            signal @ (SIGINT | SIGQUIT) if origin.cause == Cause::Kernel => Some(Event::Key(signal)),
            signal => Some(Event::Sent(signal)),
        };
        self.0.wait().filter_map(event).collect()
    }
}

/// Returns the signals that a process ignores, one a bit, where the system tells.
pub(super) fn ignored(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Stops this process until somebody continues it; does nothing when nobody could.
pub(super) fn stop() {
    let parent = getppid().and_then(|parent| getsid(Some(parent)).ok());
    let session = getsid(None).ok();
    let orphaned = parent != session || session == Some(getpgrp());
    if !orphaned {
        let _ = emulate_default_handler(SIGTSTP);
    }
}

/// Sends a signal by its number; one that the system does not know is not sent.
pub(super) fn send(process: Pid, signal: i32) {
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ = kill_process(process, signal);
    }
}

/// Ends this process by a signal, as the child was, so that the caller sees what it would have seen; leaves no core.
///
/// Returns when the signal ends no process, or this is the first process of a container, which signals don't end.
pub fn die_by(signal: i32) {
    if getpid().is_init() {
        return;
    }
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    let _ = emulate_default_handler(signal);
}

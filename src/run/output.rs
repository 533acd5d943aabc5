//! Threads that carry bytes: what the child prints through a redactor to us, and what is typed to the child.

use std::{
    io::{self, ErrorKind, PipeReader, PipeWriter, Write as _},
    os::fd::{AsFd, OwnedFd},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::{Errno, read, retry_on_intr, write},
    process::{Pid, Signal, kill_process_group},
};

use super::{
    redact::{Redactor, Secrets},
    terminal,
};

/// When nothing comes for so long, what is held back goes out: a prompt is not to wait, and few programs pause within a word.
const QUIET: Duration = Duration::from_millis(30);

/// The child has ended and others hold its output: so long a silence is the end of it.
const SILENCE: Duration = Duration::from_millis(200);

/// The child has ended and others go on printing: that is cut off after this time.
const REST: Duration = Duration::from_secs(2);

/// Where a stream goes.
#[derive(Clone, Copy)]
pub(super) enum Target {
    Stdout,
    Stderr,
}

/// A stream on its way.
pub(super) struct Stream {
    thread: JoinHandle<usize>,
    /// Closed when the child has ended.
    alive: PipeWriter,
}

impl Stream {
    /// Begins to carry what comes from `from`.
    pub(super) fn carry(from: Arc<OwnedFd>, to: Target, secrets: Secrets) -> io::Result<Self> {
        let (ended, alive) = io::pipe()?;
        let thread = thread::Builder::new().name("output".to_owned());
        let thread = thread.spawn(move || carry(from, to, Redactor::new(secrets), &ended))?;
        Ok(Self { thread, alive })
    }

    /// Carries the rest, now that the child has ended; returns how many secrets were masked.
    pub(super) fn finish(self) -> usize {
        drop(self.alive);
        self.thread.join().unwrap_or(0)
    }
}

/// Carries until the end of the stream, or until nobody reads us any more: then the child finds its output closed as well.
fn carry(from: Arc<OwnedFd>, to: Target, mut redactor: Redactor, ended: &PipeReader) -> usize {
    let mut buffer = vec![0; 1 << 16];
    let mut out = Vec::new();
    let mut last: Option<Instant> = None;
    loop {
        let quiet = redactor.holds_back().then_some(QUIET);
        let wait = match last {
            None => quiet,
            Some(last) => Some(quiet.unwrap_or(SILENCE).min(last.saturating_duration_since(Instant::now()))),
        };
        out.clear();
        match wait_for(&from, last.is_none().then_some(ended), wait) {
            Ready::Data => match retry_on_intr(|| read(&*from, &mut buffer)) {
                Ok(0) => break,
                Ok(count) => redactor.push(&buffer[..count], &mut out),
                Err(Errno::AGAIN) => {}
                // A terminal whose other end is closed.
                Err(_) => break,
            },
            Ready::Ended => last = Some(Instant::now() + REST),
            Ready::Nothing if redactor.holds_back() => redactor.flush(&mut out),
            Ready::Nothing => break,
        }
        if last.is_some_and(|last| last <= Instant::now()) {
            break;
        }
        if put(to, &out).is_err() {
            return redactor.marks();
        }
    }
    // Nobody who still prints is to wait for us to read.
    drop(from);
    redactor.finish(&mut out);
    let _ = put(to, &out);
    redactor.marks()
}

enum Ready {
    Data,
    Ended,
    Nothing,
}

/// Waits for data, or for the end of the child.
fn wait_for(from: &OwnedFd, ended: Option<&PipeReader>, wait: Option<Duration>) -> Ready {
    let wait = wait.and_then(|wait| Timespec::try_from(wait).ok());
    let mut all = vec![PollFd::new(from, PollFlags::IN)];
    all.extend(ended.map(|ended| PollFd::new(ended, PollFlags::IN)));
    // Nothing interrupts a thread for long; a failing poll would mean that the stream is gone, and reading tells.
    match retry_on_intr(|| poll(&mut all, wait.as_ref())) {
        Ok(0) => Ready::Nothing,
        Ok(_) if all[0].revents().is_empty() => Ready::Ended,
        _ => Ready::Data,
    }
}

/// Writes to our own output, whole.
fn put(to: Target, bytes: &[u8]) -> io::Result<()> {
    match to {
        Target::Stdout => put_all(io::stdout(), bytes),
        Target::Stderr => put_all(io::stderr(), bytes),
    }
}

fn put_all(to: impl AsFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match write(&to, bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            // Somebody else made it so that it does not wait.
            Err(Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::new(&to, PollFlags::OUT)], None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// What is typed, on its way to the child, until this is dropped.
pub(super) struct Keyboard {
    /// `p` to pause, `r` to go on.
    orders: PipeWriter,
}

impl Keyboard {
    /// Begins to carry what is typed to a terminal that the child is in control of.
    pub(super) fn carry(to: Arc<OwnedFd>, child: Pid) -> io::Result<Self> {
        let (theirs, orders) = io::pipe()?;
        let thread = thread::Builder::new().name("keyboard".to_owned());
        // It is not waited for: a child that reads nothing may hold it up for ever.
        thread.spawn(move || type_on(&to, child, &theirs))?;
        Ok(Self { orders })
    }

    /// Leaves the terminal to others for a while.
    pub(super) fn pause(&mut self) {
        self.order(b"p");
    }

    /// Reads the terminal again.
    pub(super) fn resume(&mut self) {
        self.order(b"r");
    }

    fn order(&mut self, order: &[u8]) {
        let _ = self.orders.write_all(order);
    }
}

fn type_on(to: &OwnedFd, child: Pid, orders: &PipeReader) {
    let mut keys = [0; 4096];
    let mut paused = false;
    loop {
        let stdin = io::stdin();
        let mut all = vec![PollFd::new(orders, PollFlags::IN)];
        if !paused {
            all.push(PollFd::new(&stdin, PollFlags::IN));
        }
        if retry_on_intr(|| poll(&mut all, None)).is_err() {
            return;
        }
        if !all[0].revents().is_empty() {
            let mut order = [0; 1];
            match retry_on_intr(|| read(orders, &mut order)) {
                Ok(1) => paused = order == *b"p",
                _ => return,
            }
            continue;
        }
        let count = match retry_on_intr(|| read(io::stdin(), &mut keys)) {
            Ok(0) if all.iter().any(|one| one.revents().intersects(PollFlags::HUP | PollFlags::ERR)) => return,
            // It was typed while the terminal was not in raw mode yet, and means the same to the child.
            Ok(0) => {
                keys[0] = terminal::end_of_input(to);
                1
            }
            Ok(count) => count,
            Err(Errno::AGAIN) => continue,
            Err(_) => return,
        };
        let stops = terminal::stops(to, child, &keys[..count]);
        match put_all(to, &keys[..count]) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return,
            _ => {}
        }
        if stops {
            let _ = kill_process_group(child, Signal::STOP);
        }
    }
}

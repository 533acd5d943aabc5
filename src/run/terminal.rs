//! The terminal of the caller, and the one that is made for the child.
//!
//! While the child has one of its own, ours hands on every key as it is: it is in raw mode, and is put back whenever this process
//! stops or ends, also by a panic.

use std::{
    fs::{File, OpenOptions},
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::{ffi::OsStrExt as _, fs::OpenOptionsExt as _},
    },
    sync::{Mutex, PoisonError},
};

use pty_process::blocking::{Pts, Pty};
use rustix::{
    process::{Pid, getpgrp},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{
        LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, isatty, tcgetattr, tcgetpgrp,
        tcgetwinsize, tcsetattr, tcsetwinsize,
    },
};

/// How the terminal was before it was put into raw mode.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Tells whether a stream is a terminal.
pub(super) fn is_terminal(stream: impl AsFd) -> bool {
    isatty(stream)
}

/// Tells whether this process may read the terminal and set its modes; one in the background is stopped for it.
pub(super) fn in_foreground() -> bool {
    tcgetpgrp(io::stdin()).is_ok_and(|foreground| foreground == getpgrp())
}

/// Puts the terminal into raw mode, when this process is in the foreground; tells whether it is.
pub(super) fn make_raw() -> bool {
    if !in_foreground() {
        return false;
    }
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    if before.is_none() {
        let Ok(modes) = tcgetattr(io::stdin()) else { return false };
        let mut raw = modes.clone();
        raw.make_raw();
        if tcsetattr(io::stdin(), OptionalActions::Drain, &raw).is_err() {
            return false;
        }
        *before = Some(modes);
    }
    true
}

/// Puts the terminal back as it was; does nothing when it was not changed.
pub fn restore() {
    // Whoever panics may hold the lock.
    let before = match BEFORE.try_lock() {
        Ok(mut before) => before.take(),
        Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner().take(),
        Err(std::sync::TryLockError::WouldBlock) => None,
    };
    if let Some(modes) = before {
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &modes);
    }
}

/// Restores the terminal when it is dropped.
pub(super) struct Restored;

impl Drop for Restored {
    fn drop(&mut self) {
        restore();
    }
}

/// Makes a terminal that the child is in control of, with the modes and the size of ours.
pub(super) fn controlling() -> io::Result<(Pty, Pts)> {
    let (own, other) = pty_process::blocking::open().map_err(io::Error::other)?;
    if let Ok(modes) = tcgetattr(io::stdin()) {
        let _ = tcsetattr(&other, OptionalActions::Now, &modes);
    }
    resize(&own);
    Ok((own, other))
}

/// Makes a terminal for output only, which leaves the ends of lines to ours; returns our end and the child's.
pub(super) fn for_output() -> io::Result<(OwnedFd, File)> {
    let own = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&own)?;
    unlockpt(&own)?;
    let name = ptsname(&own, Vec::new())?;
    let no_control = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).expect("the flags of open are an int");
    let path = std::ffi::OsStr::from_bytes(name.as_bytes());
    let other = OpenOptions::new().read(true).write(true).custom_flags(no_control).open(path)?;
    let mut modes = tcgetattr(&other)?;
    modes.output_modes.remove(OutputModes::OPOST);
    modes.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&other, OptionalActions::Now, &modes)?;
    resize(&own);
    Ok((own, other))
}

/// Gives a terminal the size of ours.
pub(super) fn resize(own: impl AsFd) {
    let size = [tcgetwinsize(io::stdin()), tcgetwinsize(io::stdout()), tcgetwinsize(io::stderr())];
    if let Some(size) = size.into_iter().find_map(Result::ok) {
        let _ = tcsetwinsize(own, size);
    }
}

/// Returns the key that ends the input of a terminal.
pub(super) fn end_of_input(own: impl AsFd) -> u8 {
    tcgetattr(own).map_or(4, |modes| modes.special_codes[SpecialCodeIndex::VEOF])
}

/// Tells whether keys stop the child, and nobody but us can do it: it has the terminal itself, where the system stops nobody since
/// no shell is there to continue it.
pub(super) fn stops(own: impl AsFd, child: Pid, keys: &[u8]) -> bool {
    let Ok(modes) = tcgetattr(&own) else { return false };
    let stop = modes.special_codes[SpecialCodeIndex::VSUSP];
    let tstp = rustix::process::Signal::TSTP.as_raw();
    stop != 0
        && keys.contains(&stop)
        && modes.local_modes.contains(LocalModes::ISIG)
        && tcgetpgrp(&own).is_ok_and(|foreground| foreground == child)
        && super::signals::ignored(&child.to_string()) >> (tstp - 1) & 1 == 0
}

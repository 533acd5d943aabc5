//! Reads files without hanging: regular ones only, on a thread that can be given up.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    thread,
};

use tokio::sync::oneshot;

use crate::diagnostic::{Failure, FailureKind};

/// The most bytes that a file may have: 1 MiB.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// Reads a regular file of at most [`MAX_BYTES`] bytes; `shown` is what messages call it.
///
/// # Errors
/// When it is not there, no regular file, not readable or too large.
pub(super) async fn read_file(path: PathBuf, shown: String) -> Result<Vec<u8>, Failure> {
    on_thread(move || read_now(&path, &shown, MAX_BYTES)).await
}

/// Runs work that blocks on a thread of its own.
///
/// No thread of the runtime: those hold up the end of the process, and a file system that does not answer would, too. A thread
/// whose answer nobody waits for any more is left behind.
///
/// # Errors
/// Those of the work, and when there is no thread to be had.
pub(super) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (answer, answered) = oneshot::channel();
    let thread = move || {
        // Nobody is there to hear an answer that comes after the deadline.
        let _ = answer.send(work());
    };
    thread::Builder::new().name("read".into()).spawn(thread).map_err(|error| {
        Failure::new(FailureKind::File, format!("no thread for reading could be started: {}", error.kind()))
    })?;
    answered.await.expect("the thread answers before it ends")
}

/// Refuses more than so many bytes, which are a whole number of MiB.
pub(super) fn limit(bytes: Vec<u8>, shown: &str, most: usize) -> Result<Vec<u8>, Failure> {
    if bytes.len() > most {
        return Err(Failure::new(FailureKind::File, format!("{shown} is larger than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

/// Reads a regular file of at most so many bytes, on this thread.
///
/// # Errors
/// As [`read_file`].
pub(super) fn read_now(path: &Path, shown: &str, most: usize) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Failure::new(FailureKind::File, format!("{shown} does not exist")),
        kind => Failure::new(FailureKind::File, format!("{shown} cannot be read: {kind}")),
    };
    // Before it is opened: opening a pipe waits for somebody to write to it.
    regular(&fs::metadata(path).map_err(unreadable)?, shown)?;
    let file = File::open(path).map_err(unreadable)?;
    regular(&file.metadata().map_err(unreadable)?, shown)?;
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    limit(bytes, shown, most)
}

fn regular(metadata: &fs::Metadata, shown: &str) -> Result<(), Failure> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = if metadata.is_dir() { "is a folder" } else { "is no regular file" };
    Err(Failure::new(FailureKind::File, format!("{shown} {what}")))
}

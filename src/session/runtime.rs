//! The event queue of a command: made when something has to be waited for, and kept, since connections live in it.

use std::{cell::OnceCell, future::Future, time::Instant};

use tokio::{
    runtime,
    signal::unix::{Signal, SignalKind, signal},
    task::LocalSet,
    time,
};

use super::{Deadlines, Waiting, drive::PATIENCE, late};
use crate::diagnostic::Failure;

/// A signal asked the program to stop; its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted(pub i32);

/// What waits, for everything that a command waits for.
pub struct Runtime {
    queue: OnceCell<runtime::Runtime>,
    start: Instant,
}

impl Default for Runtime {
    /// Begins to count the time that a command may take.
    fn default() -> Self {
        Self { queue: OnceCell::new(), start: Instant::now() }
    }
}

impl Runtime {
    /// Returns when the command began.
    #[must_use]
    pub fn start(&self) -> Instant {
        self.start
    }

    /// Runs what waits to its end, with everything that it starts on this thread.
    ///
    /// # Panics
    /// When the system gives no event queue.
    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let queue = self.queue.get_or_init(|| {
            let queue = runtime::Builder::new_current_thread().enable_all().build();
            queue.expect("a system that runs programs has an event queue")
        });
        LocalSet::new().block_on(queue, future)
    }

    /// Waits for one thing, which has a name for somebody who watches.
    ///
    /// # Errors
    /// When a signal stops the wait.
    pub fn wait<T>(
        &self,
        name: &str,
        deadlines: Deadlines,
        waiting: Option<Waiting<'_>>,
        future: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Result<T, Failure>, Interrupted> {
        let left = (self.start + deadlines.run).saturating_duration_since(Instant::now());
        self.block_on(async {
            let mut signals = Signals::new();
            let mut work = std::pin::pin!(time::timeout(left, future));
            let mut patience = std::pin::pin!(time::sleep(PATIENCE));
            let mut told = false;
            loop {
                tokio::select! {
                    done = &mut work => return Ok(done.unwrap_or_else(|_| Err(late(left)))),
                    signal = signals.next() => return Err(signal),
                    () = &mut patience, if !told => {
                        told = true;
                        if let Some(tell) = waiting {
                            tell(&[name.to_owned()]);
                        }
                    }
                }
            }
        })
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // A blocking call that outlived its deadline must not hold the process.
        if let Some(queue) = self.queue.take() {
            queue.shutdown_background();
        }
    }
}

/// The signals that end a wait.
pub(super) struct Signals([(SignalKind, Option<Signal>); 2]);

impl Signals {
    pub(super) fn new() -> Self {
        Self([SignalKind::interrupt(), SignalKind::terminate()].map(|kind| (kind, signal(kind).ok())))
    }

    pub(super) async fn next(&mut self) -> Interrupted {
        let [(interrupt, first), (terminate, second)] = &mut self.0;
        tokio::select! {
            () = received(first) => Interrupted(interrupt.as_raw_value()),
            () = received(second) => Interrupted(terminate.as_raw_value()),
        }
    }
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::diagnostic::FailureKind;

    #[test]
    fn a_wait_ends_at_the_deadline_of_the_command() {
        let runtime = Runtime::default();
        let deadlines = Deadlines { run: Duration::from_millis(5), ..Deadlines::default() };
        let outcome = runtime.wait("x", deadlines, None, std::future::pending::<Result<(), Failure>>()).unwrap();
        let failure = outcome.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Provider);
        assert!(failure.message.starts_with("no answer within 0.00"), "{}", failure.message);
        let outcome = runtime.wait("x", Deadlines::default(), None, async { Ok(1) });
        assert_eq!(outcome.unwrap().unwrap(), 1);
    }

    #[test]
    fn what_is_started_lives_on_between_waits() {
        let runtime = Runtime::default();
        let (send, receive) = tokio::sync::oneshot::channel();
        runtime.block_on(async {
            tokio::spawn(async move {
                tokio::task::yield_now().await;
                let _ = send.send(7);
            });
        });
        assert_eq!(runtime.block_on(receive), Ok(7));
    }
}

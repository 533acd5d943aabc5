//! Makes the calls that are pending, all at once, and hands each answer on as soon as it is there.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, task::JoinSet, time};

use super::{
    Deadlines, Interrupted, Runtime, Waiting, late,
    runtime::Signals,
    world::{Call, LiveWorld, Question, Reached},
};
use crate::{
    diagnostic::Failure,
    eval::{Machine, Progress},
};

/// Calls that are under way at once, at most.
const AT_ONCE: usize = 64;
/// After this long somebody who watches is told what takes so long.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

type Answers = Vec<(Question, Result<Reached, Failure>)>;

/// Runs a machine that waits to its end.
pub(super) fn drive(
    machine: &mut Machine,
    world: &mut LiveWorld<'_>,
    runtime: &Runtime,
    deadlines: Deadlines,
    waiting: Option<Waiting<'_>>,
) -> Result<(), Interrupted> {
    runtime.block_on(run(machine, world, deadlines, runtime.start() + deadlines.run, waiting))
}

async fn run(
    machine: &mut Machine,
    world: &mut LiveWorld<'_>,
    deadlines: Deadlines,
    end: Instant,
    waiting: Option<Waiting<'_>>,
) -> Result<(), Interrupted> {
    let mut signals = Signals::new();
    let start = Instant::now();
    let permits = Rc::new(Semaphore::new(AT_ONCE));
    let mut calls: JoinSet<(u64, Answers)> = JoinSet::new();
    let mut names: Vec<(u64, String)> = Vec::new();
    let mut next = 0;
    let mut told = false;
    loop {
        world.join_seals();
        for call in world.calls.drain(..) {
            names.push((next, call.name.clone()));
            let (permits, id) = (Rc::clone(&permits), next);
            calls.spawn_local(async move {
                let _permit = permits.acquire().await;
                (id, bounded(call, deadlines, end).await)
            });
            next += 1;
        }
        if calls.is_empty() {
            // Sealed leaves may be answered without a call, when their provider is not there; nothing else may.
            assert!(world.take_news(), "an evaluation that waits has asked something");
        } else {
            let mut finished = tokio::select! {
                finished = calls.join_next() => finished,
                signal = signals.next() => return Err(signal),
                () = time::sleep(PATIENCE.saturating_sub(start.elapsed())), if !told => {
                    told = true;
                    if let Some(tell) = waiting {
                        tell(&names.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>());
                    }
                    continue;
                }
            };
            // Whatever else is there already is handed on in the same round.
            while let Some(done) = finished {
                let (id, answers) = done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
                names.retain(|(name, _)| *name != id);
                world.learn(answers);
                finished = calls.try_join_next();
            }
        }
        if machine.run(world) == Progress::Done {
            return Ok(());
        }
    }
}

/// Makes a call, and answers for it when it takes too long.
async fn bounded(call: Call, deadlines: Deadlines, end: Instant) -> Answers {
    let left = end.saturating_duration_since(Instant::now());
    let limit = if call.keeps_time { left } else { left.min(deadlines.call) };
    match time::timeout(limit, call.work).await {
        Ok(answers) => answers,
        Err(_) => {
            let failure = late(limit);
            call.questions.into_iter().map(|question| (question, Err(failure.clone()))).collect()
        }
    }
}

//! Computations that can't go on yet.

/// The computation needs an answer that is still pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blocked;

/// The outcome of a computation.
pub(super) type Eval<T> = Result<T, Blocked>;

/// Evaluates every item although one is blocked, so that a round finds all questions; in the canonical order the first ends it.
macro_rules! try_all {
    ($machine:expr, $items:expr, |$item:pat_param| $body:expr) => {{
        let mut results = Vec::new();
        let mut blocked = false;
        for $item in $items {
            match $body {
                Ok(result) => results.push(result),
                Err($crate::eval::blocked::Blocked) if $machine.sequential => {
                    return Err($crate::eval::blocked::Blocked);
                }
                Err($crate::eval::blocked::Blocked) => blocked = true,
            }
        }
        if blocked {
            return Err($crate::eval::blocked::Blocked);
        }
        results
    }};
}
pub(super) use try_all;

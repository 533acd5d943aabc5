//! Several failures of one call, told as one.

use crate::diagnostic::{Failure, FailureKind};

/// Joins failures: all messages and hints, each once, and the kind that decides the exit code. Nothing when there are none.
pub(super) fn joined(failures: impl IntoIterator<Item = Failure>) -> Option<Failure> {
    let mut all: Option<Failure> = None;
    let mut messages: Vec<String> = Vec::new();
    for failure in failures {
        let one = all.get_or_insert_with(|| Failure::new(failure.kind, ""));
        if rank(failure.kind) < rank(one.kind) {
            one.kind = failure.kind;
        }
        for hint in failure.hints {
            if !one.hints.contains(&hint) {
                one.hints.push(hint);
            }
        }
        if !messages.contains(&failure.message) {
            messages.push(failure.message);
        }
    }
    all.map(|failure| Failure { message: messages.join("; "), ..failure })
}

fn rank(kind: FailureKind) -> usize {
    match kind {
        FailureKind::Identity => 0,
        FailureKind::Provider => 1,
        FailureKind::File => 2,
        FailureKind::Definition => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_told_once() {
        let provider = Failure::new(FailureKind::Provider, "a").hint("x").hint("y");
        let identity = Failure::new(FailureKind::Identity, "b").hint("y").hint("z");
        let want = Failure::new(FailureKind::Identity, "a; b").hint("x").hint("y").hint("z");
        assert_eq!(joined([provider.clone(), identity, provider.clone()]), Some(want));
        assert_eq!(joined([provider.clone()]), Some(provider));
        assert_eq!(joined([]), None);
    }
}

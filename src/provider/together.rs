//! Futures that are waited for together.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

/// A future under way, or what it came to.
enum Slot<'f, T> {
    Pending(Pin<Box<dyn Future<Output = T> + 'f>>),
    Done(Option<T>),
}

/// Waits for all futures at once; the results come in the order of the futures.
///
/// Each is looked at whenever any of them may go on: meant for a handful, such as the requests of one call.
pub(super) async fn all<'f, T, F>(futures: impl IntoIterator<Item = F>) -> Vec<T>
where
    T: Unpin,
    F: Future<Output = T> + 'f,
{
    let mut slots: Vec<Slot<'f, T>> = futures.into_iter().map(|future| Slot::Pending(Box::pin(future))).collect();
    poll_fn(|context| {
        let mut waits = false;
        for slot in &mut slots {
            if let Slot::Pending(future) = slot {
                match future.as_mut().poll(context) {
                    Poll::Ready(done) => *slot = Slot::Done(Some(done)),
                    Poll::Pending => waits = true,
                }
            }
        }
        if waits { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    let done = |slot| match slot {
        Slot::Done(done) => done,
        Slot::Pending(_) => None,
    };
    slots.into_iter().map(|slot| done(slot).expect("the wait ends when every future is done")).collect()
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use tokio::sync::Barrier;

    use super::*;

    #[test]
    fn all_are_under_way_at_once() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (barrier, log) = (Rc::new(Barrier::new(3)), Rc::new(RefCell::new(Vec::new())));
        let work = |at: usize| {
            let (barrier, log) = (Rc::clone(&barrier), Rc::clone(&log));
            async move {
                log.borrow_mut().push(at);
                // Nobody goes on before all are here.
                barrier.wait().await;
                at * 10
            }
        };
        assert_eq!(runtime.block_on(all([2, 1, 3].map(work))), [20, 10, 30]);
        assert_eq!(*log.borrow(), [2, 1, 3]);
        assert_eq!(runtime.block_on(all([].map(work))), Vec::<usize>::new());
    }
}

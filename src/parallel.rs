//! Work that two threads share: where there is much of it, and only where its results do not depend on who does what.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, ScopedJoinHandle, scope};

/// Both results.
pub fn both<A, B: Send>(first: impl FnOnce() -> A, second: impl FnOnce() -> B + Send) -> (A, B) {
    let second = Mutex::new(Some(second));
    let take = || second.lock().unwrap_or_else(PoisonError::into_inner).take();
    scope(|scope| {
        let other = Builder::new().spawn_scoped(scope, || take().map(|second| second())).ok();
        let first = first();
        let made = other.and_then(finish).or_else(|| take().map(|second| second()));
        (first, made.expect("whoever takes it makes it"))
    })
}

/// What `work` makes of 0 to `count - 1`, in this order. Each thread takes the next number when it is done with one.
pub fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let share = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, work(number)));
        }
    };
    let mut all = scope(|scope| {
        // Where no thread can be started, one does it all.
        let other = if count > 1 { Builder::new().spawn_scoped(scope, share).ok() } else { None };
        let mut own = share();
        own.extend(other.map(finish).unwrap_or_default());
        own
    });
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, made)| made).collect()
}

/// Gives `take` what `work` makes of 0 to `count - 1`, in this order, while the next one is being made.
///
/// # Errors
/// The first one of `take`; nothing more is made then.
pub fn in_turn<T: Send, E>(
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let work = &work;
    scope(|scope| {
        let (send, receive) = sync_channel(1);
        let odd = move || (1..count).step_by(2).try_for_each(|number| send.send(work(number)));
        let mut other = Builder::new().spawn_scoped(scope, odd).ok();
        for number in 0..count {
            let made = match (number % 2, &other) {
                (1, Some(_)) => receive.recv().unwrap_or_else(|_| {
                    // It stops early only where it panics.
                    let _ = other.take().map(finish);
                    work(number)
                }),
                _ => work(number),
            };
            take(made)?;
        }
        Ok(())
    })
}

/// What a thread made; its panic becomes that of this one.
fn finish<T>(thread: ScopedJoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::catch_unwind;

    #[test]
    fn results_are_in_the_order_of_their_numbers() {
        for count in [0, 1, 2, 7, 1000] {
            let squares: Vec<usize> = (0..count).map(|number| number * number).collect();
            assert_eq!(map(count, |number| number * number), squares);
            let mut taken = Vec::new();
            let done: Result<(), ()> = in_turn(
                count,
                |number| number * number,
                |made| {
                    taken.push(made);
                    Ok(())
                },
            );
            assert_eq!((done, taken), (Ok(()), squares));
        }
    }

    #[test]
    fn both_are_made() {
        let mut first = 1;
        assert_eq!(both(|| std::mem::replace(&mut first, 3), || 2), (1, 2));
        assert!(catch_unwind(|| both(|| 1, || -> usize { panic!("as it shall") })).is_err());
    }

    #[test]
    fn nothing_is_taken_after_an_error() {
        let mut taken = Vec::new();
        let done = in_turn(
            100,
            |number| number,
            |made| {
                taken.push(made);
                if made == 4 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!((done, taken), (Err("full"), vec![0, 1, 2, 3, 4]));
    }

    #[test]
    fn a_panic_in_either_thread_is_a_panic() {
        for wrong in [2, 3] {
            let work = |number: usize| assert_ne!(number, wrong);
            assert!(catch_unwind(|| map(8, work)).is_err());
            assert!(catch_unwind(|| in_turn(8, work, |()| Ok::<(), ()>(()))).is_err());
        }
    }
}

//! The threads that read and parse files. Started for the work at hand and gone after it: there are few rounds of it, and threads
//! that wait for the next one cost more than new ones.

use std::panic::resume_unwind;
use std::sync::OnceLock;

use anyhow::{Context, Result};

/// The stack of each thread: Python's parser recurses, and what it reads is not ours. Only what is used costs memory.
pub const STACK_SIZE: usize = 256 << 20;

/// More threads than this wait for each other.
const MOST: usize = 8;

/// Shares the items out among as many threads as get `least` items each, and at least one; the results in the order of the items.
/// The error is the work's, or that the system gives no threads.
pub fn share_out<T: Send, R: Send>(
    items: Vec<T>,
    least: usize,
    work: impl Fn(Vec<T>) -> Result<Vec<R>> + Sync,
) -> Result<Vec<R>> {
    // the system is asked once: the answer takes longer than a small round of work
    static N_CORES: OnceLock<usize> = OnceLock::new();
    let most = *N_CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, |n| n.get().min(MOST)));
    let n_threads = (items.len() / least).clamp(1, most);
    let size = items.len().div_ceil(n_threads);
    let mut items = items.into_iter();
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for _ in 0..n_threads {
            let (share, work): (Vec<T>, _) = (items.by_ref().take(size).collect(), &work);
            let builder = std::thread::Builder::new().stack_size(STACK_SIZE);
            threads.push(builder.spawn_scoped(scope, move || work(share)).context("starting a thread")?);
        }
        let mut res = Vec::new();
        for thread in threads {
            res.append(&mut thread.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(res)
    })
}

/// Does two things at the same time: one on a thread of its own, one here. The error is that of either.
pub fn beside<T: Send, R>(
    there: impl FnOnce() -> Result<T> + Send,
    here: impl FnOnce() -> Result<R>,
) -> Result<(T, R)> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, there).context("starting a thread")?;
        let here = here();
        let there = thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        Ok((there, here?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 2, 99] {
            let double = |items: Vec<usize>| Ok(items.into_iter().map(|item| 2 * item).collect());
            let doubled = share_out((0..count).collect(), 3, double).expect("threads");
            assert_eq!(doubled, (0..count).map(|item| 2 * item).collect::<Vec<_>>());
        }
    }
}

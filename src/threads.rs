//! The threads that read and parse files: one pool for all, started by the first who has work for it.

use std::sync::OnceLock;

use anyhow::{Context, Result};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The stack of each thread: Python's parser recurses, and what it reads is not ours. Only what is used costs memory.
pub const STACK_SIZE: usize = 256 << 20;

/// More threads than this wait for each other.
const MOST: usize = 8;

/// The pool. The error says that the system gives no threads.
pub fn pool() -> Result<&'static ThreadPool> {
    static POOL: OnceLock<ThreadPool> = OnceLock::new();
    if let Some(pool) = POOL.get() {
        return Ok(pool);
    }
    let pool =
        ThreadPoolBuilder::new().num_threads(count()).stack_size(STACK_SIZE).build().context("starting threads")?;
    Ok(POOL.get_or_init(|| pool))
}

/// How many threads the pool has, or would have.
pub fn count() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(MOST))
}

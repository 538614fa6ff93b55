//! The hand of the backstop clock.
//!
//! wasmtime compares an epoch counter at loop heads and function entries; somebody has to advance
//! it. Which tick a plugin meets is a matter of luck, so nothing may rest on it but *withheld*.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Ten milliseconds: fine against a deadline of seconds, and nothing to a processor.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Advances an engine's epoch until it is dropped.
pub(crate) struct Ticker {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: wasmtime::Engine) -> std::io::Result<Self> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let seen = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name("epoch".into()).spawn(move || {
            let (stopped, bell) = &*seen;
            let mut guard = stopped.lock().unwrap_or_else(PoisonError::into_inner);
            while !*guard {
                guard = bell.wait_timeout(guard, TICK).unwrap_or_else(PoisonError::into_inner).0;
                engine.increment_epoch();
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// How many ticks a deadline is, rounded up, and one more for the tick that is under way.
    pub(crate) fn ticks(deadline: Duration) -> u64 {
        let ticks = deadline.as_millis().div_ceil(TICK.as_millis()).saturating_add(1);
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        let (stopped, bell) = &*self.stop;
        *stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        bell.notify_all();
        if let Some(thread) = self.thread.take() {
            // A ticker that panicked has nothing left to say: deadlines are checked in host
            // functions too, and fuel decides.
            drop(thread.join());
        }
    }
}

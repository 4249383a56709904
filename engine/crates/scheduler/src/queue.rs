//! What waits for a slot, and how any of it is cancelled.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use hearth_api::{EngineError, RequestId};

use crate::Job;

/// Seconds after which a caller that found the queue full may try again.
const RETRY_AFTER_S: u32 = 2;

/// A bounded first-in-first-out queue. Shared by the threads that submit and the one that runs.
pub struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    capacity: usize,
    /// The backend's own: ends the batch in progress.
    abort: Arc<AtomicBool>,
}

#[derive(Default)]
struct State {
    /// Every generation that was admitted and has not ended, and whether it is cancelled.
    open: HashMap<RequestId, Arc<AtomicBool>>,
    waiting: VecDeque<Entry>,
    running: HashSet<RequestId>,
    closed: bool,
}

/// A place in the queue; given back when it is dropped.
pub struct Ticket {
    queue: Arc<Queue>,
    id: RequestId,
    cancelled: Arc<AtomicBool>,
}

/// A job with its place.
pub(crate) struct Entry {
    pub(crate) ticket: Ticket,
    pub(crate) job: Job,
}

impl Queue {
    /// A queue for at most `capacity` generations, running ones included. `abort` is the
    /// backend's flag that ends the batch in progress.
    #[must_use]
    pub fn new(capacity: usize, abort: Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            changed: Condvar::new(),
            capacity,
            abort,
        })
    }

    /// Takes a place. From now on the generation can be cancelled.
    ///
    /// # Errors
    /// [`EngineError::Busy`] where every place is taken, [`EngineError::BadRequest`] where a
    /// generation of this id is open.
    pub fn admit(self: &Arc<Self>, id: RequestId) -> Result<Ticket, EngineError> {
        let mut state = self.lock();
        if state.open.len() >= self.capacity {
            return Err(EngineError::Busy {
                retry_after_s: RETRY_AFTER_S,
            });
        }
        let MapEntry::Vacant(place) = state.open.entry(id) else {
            return Err(EngineError::BadRequest {
                message: format!("generation {id} is running already"),
            });
        };
        let cancelled = Arc::clone(place.insert(Arc::default()));
        Ok(Ticket {
            queue: Arc::clone(self),
            id,
            cancelled,
        })
    }

    /// Puts a job at the end of the queue, or ends it where it was cancelled meanwhile.
    pub fn submit(&self, ticket: Ticket, job: Job) {
        let mut state = self.lock();
        if state.closed || ticket.is_cancelled() {
            drop(state);
            job.output.fail(EngineError::Cancelled);
            return;
        }
        state.waiting.push_back(Entry { ticket, job });
        drop(state);
        self.changed.notify_one();
    }

    /// Cancels a generation wherever it is; one that is unknown or has ended is no error.
    ///
    /// A waiting one ends during this call, a running one as soon as the backend stops.
    pub fn cancel(&self, id: RequestId) {
        let mut state = self.lock();
        let Some(cancelled) = state.open.get(&id) else {
            return;
        };
        cancelled.store(true, Ordering::SeqCst);
        let place = state.waiting.iter().position(|entry| entry.ticket.id == id);
        let entry = place.and_then(|place| state.waiting.remove(place));
        // The order matters: a runner first clears this flag and then looks at the first one.
        if state.running.contains(&id) {
            self.abort.store(true, Ordering::SeqCst);
        }
        drop(state);
        if let Some(entry) = entry {
            entry.job.output.fail(EngineError::Cancelled);
        }
    }

    /// Takes no more jobs; [`crate::Scheduler::run`] returns when the waiting ones are done.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    pub(crate) fn abort(&self) -> &AtomicBool {
        &self.abort
    }

    /// The next job, if one waits.
    pub(crate) fn try_next(&self) -> Option<Entry> {
        self.lock().next()
    }

    /// Waits for the next job; `None` where the queue is closed and empty.
    pub(crate) fn next(&self) -> Option<Entry> {
        let mut state = self.lock();
        loop {
            if let Some(entry) = state.next() {
                return Some(entry);
            }
            if state.closed {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so a poisoned state is still whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> Option<Entry> {
        let entry = self.waiting.pop_front()?;
        self.running.insert(entry.ticket.id);
        Some(entry)
    }
}

impl Ticket {
    /// Whether the generation was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.open.remove(&self.id);
        state.running.remove(&self.id);
    }
}

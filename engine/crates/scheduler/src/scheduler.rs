//! The loop of the thread that owns the backend.

use std::sync::Arc;

use hearth_api::Backend;

use crate::Queue;
use crate::slot::Slot;

/// Runs the jobs of a queue on a backend, one slot for each of the backend's sequences.
pub struct Scheduler<B> {
    backend: B,
    queue: Arc<Queue>,
    slots: Vec<Slot>,
}

impl<B: Backend> Scheduler<B> {
    /// Takes the backend over. Its abort flag must be the queue's.
    #[must_use]
    pub fn new(backend: B, queue: Arc<Queue>) -> Self {
        let slots = (0..backend.n_sequences()).map(Slot::new).collect();
        Self {
            backend,
            queue,
            slots,
        }
    }

    /// Runs until the queue is closed and every job has ended.
    pub fn run(&mut self) {
        while self.fill() {
            for slot in &mut self.slots {
                slot.step(&mut self.backend, self.queue.abort());
            }
        }
    }

    /// Hands waiting jobs to idle slots; waits for one where all are idle. Returns whether
    /// there is anything to do.
    fn fill(&mut self) -> bool {
        let mut busy = self.slots.iter().any(Slot::is_busy);
        for slot in self.slots.iter_mut().filter(|slot| !slot.is_busy()) {
            let entry = if busy {
                self.queue.try_next()
            } else {
                self.queue.next()
            };
            let Some(entry) = entry else { break };
            slot.begin(&mut self.backend, entry);
            busy = true;
        }
        busy
    }
}

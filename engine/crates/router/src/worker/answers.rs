//! Carries a worker's events to those who wait for them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hearth_api::{
    EngineError, FinishReason, GenerateRequest, PromptProgress, RequestId, Timings, Usage,
    WorkerCommand,
};
use tokio::sync::mpsc::{self, OwnedPermit};
use tokio_util::sync::CancellationToken;

/// Bytes that may wait for a client that reads slowly. Past them the client is dropped.
const MOST_WAITING_BYTES: usize = 1024 * 1024;

/// What an event costs besides its text.
const EVENT_BYTES: usize = 64;

/// One event of one generation.
#[derive(Debug)]
pub(crate) enum AnswerEvent {
    /// The prompt is being read.
    Prompt(PromptProgress),
    /// New text.
    Delta(String),
    /// It ended by itself; the last event.
    Done {
        /// Why it ended.
        reason: FinishReason,
        /// Tokens.
        usage: Usage,
        /// Speed.
        timings: Timings,
    },
    /// It failed; the last event.
    Failed(EngineError),
}

impl AnswerEvent {
    fn is_last(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Failed(_))
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Delta(text) => EVENT_BYTES + text.len(),
            Self::Prompt(_) | Self::Done { .. } | Self::Failed(_) => EVENT_BYTES,
        }
    }
}

/// The generations of one worker.
#[derive(Debug)]
pub(super) struct Answers {
    commands: mpsc::Sender<WorkerCommand>,
    table: Mutex<Table>,
}

#[derive(Debug)]
struct Table {
    next_id: RequestId,
    waiting: HashMap<RequestId, Waiting>,
    closed: Option<EngineError>,
}

/// The sending end of an [`Answer`].
#[derive(Debug)]
struct Waiting {
    events: mpsc::UnboundedSender<AnswerEvent>,
    unread: Arc<AtomicUsize>,
    too_slow: CancellationToken,
}

impl Answers {
    pub(super) fn new(commands: mpsc::Sender<WorkerCommand>) -> Self {
        let table = Table {
            next_id: 1,
            waiting: HashMap::new(),
            closed: None,
        };
        Self {
            commands,
            table: Mutex::new(table),
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Nothing between lock and unlock can leave the table half changed.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request to the worker.
    pub(super) fn start(
        self: &Arc<Self>,
        request: GenerateRequest,
        too_slow: CancellationToken,
    ) -> Result<Answer, EngineError> {
        let busy = |_| EngineError::Busy { retry_after_s: 1 };
        let generate = self.commands.clone().try_reserve_owned().map_err(busy)?;
        let cancel = self.commands.clone().try_reserve_owned().map_err(busy)?;
        let (sender, events) = mpsc::unbounded_channel();
        let unread = Arc::new(AtomicUsize::new(0));
        let waiting = Waiting {
            events: sender,
            unread: Arc::clone(&unread),
            too_slow,
        };
        let id = {
            let mut table = self.table();
            if let Some(error) = &table.closed {
                return Err(error.clone());
            }
            let id = table.next_id;
            table.next_id += 1;
            table.waiting.insert(id, waiting);
            id
        };
        generate.send(WorkerCommand::Generate {
            id,
            request: Box::new(request),
        });
        Ok(Answer {
            id,
            events,
            unread,
            answers: Arc::clone(self),
            cancel: Some(cancel),
        })
    }

    /// Hands an event on. One that nobody waits for is of a generation that was cancelled.
    pub(super) fn deliver(&self, id: RequestId, event: AnswerEvent) {
        let mut table = self.table();
        let Some(waiting) = table.waiting.get(&id) else {
            return;
        };
        let bytes = event.bytes();
        let unread = waiting.unread.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if unread > MOST_WAITING_BYTES {
            // With its connection goes the answer, and with that the generation.
            waiting.too_slow.cancel();
            table.waiting.remove(&id);
            return;
        }
        let is_last = event.is_last();
        // A failed send means that the answer is just being dropped.
        let _sent = waiting.events.send(event);
        if is_last {
            table.waiting.remove(&id);
        }
    }

    /// Tells everybody who waits, and everybody who will ask, that the worker is gone.
    pub(super) fn close(&self, error: &EngineError) {
        let mut table = self.table();
        table.closed = Some(error.clone());
        for (_, waiting) in table.waiting.drain() {
            let _sent = waiting.events.send(AnswerEvent::Failed(error.clone()));
        }
    }
}

/// One generation as it comes. Dropped before its last event, it is cancelled in the worker.
#[derive(Debug)]
pub(crate) struct Answer {
    id: RequestId,
    events: mpsc::UnboundedReceiver<AnswerEvent>,
    unread: Arc<AtomicUsize>,
    answers: Arc<Answers>,
    cancel: Option<OwnedPermit<WorkerCommand>>,
}

impl Answer {
    /// The next event. After the last one there are only failures.
    pub(crate) async fn next(&mut self) -> AnswerEvent {
        let Some(event) = self.events.recv().await else {
            return AnswerEvent::Failed(EngineError::Cancelled);
        };
        self.unread.fetch_sub(event.bytes(), Ordering::Relaxed);
        if event.is_last() {
            self.cancel = None;
        }
        event
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(cancel) = self.cancel.take() {
            self.answers.table().waiting.remove(&self.id);
            cancel.send(WorkerCommand::Cancel { id: self.id });
        }
    }
}

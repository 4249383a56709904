//! The task that watches one worker from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use hearth_api::{EngineError, WorkerCommand, WorkerEvent};
use tokio::process::Child;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::answers::{AnswerEvent, Answers};
use super::{GRACE, State, pipes};

/// Events that are read ahead; past them the worker waits for the router.
const EVENT_PLACES: usize = 64;

/// How long the last lines of a dead worker are waited for. A grandchild may hold the pipe.
const DRAIN: Duration = Duration::from_millis(500);

/// What the task needs besides the process itself.
pub(super) struct Life {
    pub(super) state: watch::Sender<State>,
    pub(super) answers: Arc<Answers>,
    pub(super) stop: CancellationToken,
    pub(super) unwanted: CancellationToken,
}

/// Why the conversation with a worker is over.
enum End {
    /// It was asked to end.
    Stopped,
    /// Everybody who waited for its load is gone.
    Unwanted,
    /// It could not load its model, and said so.
    LoadFailed(EngineError),
    /// It said something that is no event.
    Broken(String),
    /// It ended, or closed its standard output.
    Died,
}

type Events = mpsc::Receiver<Result<WorkerEvent, String>>;

impl Life {
    /// Talks with the worker until its end, and then tells everybody who still waits.
    pub(super) async fn run(
        self,
        mut child: Child,
        first_line: Vec<u8>,
        commands: mpsc::Receiver<WorkerCommand>,
        on_end: impl FnOnce(),
    ) {
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            // Both are piped, so both are there; without them there is no worker.
            on_end();
            self.close(EngineError::Internal {
                detail: "a worker without pipes".into(),
            });
            return;
        };
        let pid = child.id();
        tracing::info!(pid, "a worker started");
        let (event_sender, mut events) = mpsc::channel(EVENT_PLACES);
        let writer = tokio::spawn(pipes::write_commands(stdin, first_line, commands));
        let reader = tokio::spawn(pipes::read_events(stdout, event_sender));

        let end = self.converse(&mut child, &mut events).await;

        // The writer owns the worker's standard input: with it goes the worker.
        writer.abort();
        let _aborted = writer.await;
        let status = reap(child, &end).await;
        reader.abort();
        tracing::info!(pid, %status, "a worker ended");
        on_end();
        self.close(match end {
            End::Stopped | End::Unwanted => EngineError::Cancelled,
            End::LoadFailed(error) => error,
            End::Broken(detail) => EngineError::WorkerDied { detail },
            End::Died => EngineError::WorkerDied { detail: status },
        });
    }

    fn close(&self, error: EngineError) {
        self.answers.close(&error);
        self.state.send_replace(State::Ended(error));
    }

    async fn converse(&self, child: &mut Child, events: &mut Events) -> End {
        loop {
            let loading = matches!(&*self.state.borrow(), State::Loading(_));
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return End::Stopped,
                () = self.unwanted.cancelled(), if loading => return End::Unwanted,
                event = events.recv() => {
                    if let Some(end) = self.handle(event) {
                        return end;
                    }
                }
                _ = child.wait() => return self.last_words(events).await,
            }
        }
    }

    /// Reads what a dead worker had still written.
    async fn last_words(&self, events: &mut Events) -> End {
        while let Ok(event) = timeout(DRAIN, events.recv()).await {
            if let Some(end) = self.handle(event) {
                return end;
            }
        }
        End::Died
    }

    fn handle(&self, event: Option<Result<WorkerEvent, String>>) -> Option<End> {
        match event {
            None => return Some(End::Died),
            Some(Err(detail)) => return Some(End::Broken(detail)),
            Some(Ok(WorkerEvent::LoadFailed { error })) => return Some(End::LoadFailed(error)),
            Some(Ok(WorkerEvent::Loading { progress })) => self.report(progress),
            Some(Ok(WorkerEvent::Loaded(model))) => {
                self.state.send_replace(State::Ready(Arc::new(model)));
            }
            Some(Ok(WorkerEvent::Prompt { id, progress })) => {
                self.answers.deliver(id, AnswerEvent::Prompt(progress));
            }
            Some(Ok(WorkerEvent::Delta { id, text })) => {
                self.answers.deliver(id, AnswerEvent::Delta(text));
            }
            Some(Ok(WorkerEvent::Done {
                id,
                reason,
                usage,
                timings,
            })) => {
                self.answers.deliver(
                    id,
                    AnswerEvent::Done {
                        reason,
                        usage,
                        timings,
                    },
                );
            }
            Some(Ok(WorkerEvent::Failed { id, error })) => {
                self.answers.deliver(id, AnswerEvent::Failed(error));
            }
        }
        None
    }

    fn report(&self, progress: f32) {
        self.state.send_if_modified(|state| {
            let State::Loading(before) = state else {
                return false;
            };
            let now = progress.clamp(0.0, 1.0).max(*before);
            let changed = now > *before;
            *before = now;
            changed
        });
    }
}

/// Waits until the process is gone and its zombie with it; gives its exit status in words.
async fn reap(mut child: Child, end: &End) -> String {
    let may_end_by_itself = !matches!(end, End::Unwanted | End::Broken(_));
    if may_end_by_itself && let Ok(Ok(status)) = timeout(GRACE, child.wait()).await {
        return status.to_string();
    }
    if let Err(error) = child.start_kill() {
        tracing::warn!(%error, "a worker could not be killed");
    }
    match child.wait().await {
        Ok(status) => status.to_string(),
        Err(error) => format!("its exit status is unknown: {error}"),
    }
}

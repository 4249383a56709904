//! One worker: a child process that runs one model.
//!
//! `process` starts it, `pipes` turns its lines into values, `answers` carries its events to
//! those who wait for them, and `life` is the task that watches it from start to end.

mod answers;
mod life;
mod pipes;
mod process;

use std::sync::Arc;
use std::time::Duration;

use hearth_api::{EngineError, GenerateRequest, LoadSpec, LoadedModel};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use answers::{Answer, AnswerEvent};

use crate::config::WorkerProgram;
use answers::Answers;

/// Commands that can wait for a worker. A generation takes two places: one to start it and one
/// kept back to cancel it, so that a cancel is never lost.
const COMMAND_PLACES: usize = 512;

/// How long a worker may take to end by itself once its standard input has ended. It has nothing
/// to save, and all of the engine must be gone two seconds after the app.
const GRACE: Duration = Duration::from_millis(500);

/// Where a worker is in its life.
#[derive(Debug, Clone)]
pub(crate) enum State {
    /// It reads its model: 0 to 1.
    Loading(f32),
    /// It answers.
    Ready(Arc<LoadedModel>),
    /// It has ended and been reaped; its model is no longer in the table.
    Ended(EngineError),
}

/// The handle of a running worker, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Worker {
    state: watch::Receiver<State>,
    answers: Arc<Answers>,
    stop: CancellationToken,
    unwanted: CancellationToken,
}

impl Worker {
    /// Starts the process and its load. `on_end` is called once, after the process is gone and
    /// before [`State::Ended`] is to be seen.
    pub(crate) fn start(
        program: &WorkerProgram,
        spec: &LoadSpec,
        on_end: impl FnOnce() + Send + 'static,
    ) -> Result<Self, EngineError> {
        let first_line = pipes::line(spec)?;
        let child = process::start(program)?;
        let (commands, command_queue) = mpsc::channel(COMMAND_PLACES);
        let (state_sender, state) = watch::channel(State::Loading(0.0));
        let worker = Self {
            state,
            answers: Arc::new(Answers::new(commands)),
            stop: CancellationToken::new(),
            unwanted: CancellationToken::new(),
        };
        let life = life::Life {
            state: state_sender,
            answers: Arc::clone(&worker.answers),
            stop: worker.stop.clone(),
            unwanted: worker.unwanted.clone(),
        };
        tokio::spawn(life.run(child, first_line, command_queue, on_end));
        Ok(worker)
    }

    /// Where it is, and what it becomes.
    pub(crate) fn state(&self) -> watch::Receiver<State> {
        self.state.clone()
    }

    /// Cancelled, it says that nobody waits for the load any more. A loaded worker takes no
    /// notice.
    pub(crate) fn give_up_load(&self) -> CancellationToken {
        self.unwanted.clone()
    }

    /// Whether it was asked to end.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Completes when a worker that seemed to be on its way out is gone, or has finished its
    /// load just before it was given up.
    pub(crate) async fn left(&self) {
        let mut state = self.state.clone();
        let has_settled = |state: &State| match state {
            State::Loading(_) => false,
            State::Ready(_) => !self.is_stopping(),
            State::Ended(_) => true,
        };
        // An error means that the task is gone, and the worker with it.
        let _outcome = state.wait_for(has_settled).await;
    }

    /// Asks the worker to end, by force if it does not; completes when it is gone.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        let mut state = self.state.clone();
        let _outcome = state
            .wait_for(|state| matches!(state, State::Ended(_)))
            .await;
    }

    /// Starts a generation. `too_slow` is cancelled if its events pile up unread.
    ///
    /// # Errors
    /// [`EngineError::Busy`] while the model loads or the worker's queue is full.
    pub(crate) fn generate(
        &self,
        request: GenerateRequest,
        too_slow: CancellationToken,
    ) -> Result<Answer, EngineError> {
        match &*self.state.borrow() {
            State::Loading(_) => Err(EngineError::Busy { retry_after_s: 1 }),
            State::Ready(_) => self.answers.start(request, too_slow),
            State::Ended(error) => Err(error.clone()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

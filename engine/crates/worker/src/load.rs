//! From a file to a model in memory.

use std::path::Path;
use std::time::{Duration, Instant};

use hearth_api::{EngineError, LoadSpec, WorkerEvent};
use hearth_llama::{LlamaBackend, Runtime};

use crate::events::Events;

/// Least time between two reports of progress.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// Checks a file with our own reader, then loads it, reporting progress.
///
/// # Errors
/// [`EngineError::ModelFile`] where the checker or llama.cpp refuses the file,
/// [`EngineError::OutOfMemory`] where it does not fit.
pub(crate) fn load(
    spec: &LoadSpec,
    backends: &Path,
    events: &Events,
) -> Result<LlamaBackend, EngineError> {
    let started = Instant::now();
    let mut report = Report::new(events);
    report.progress(0.0);
    hearth_gguf::check_file(&spec.path)?;
    let runtime = Runtime::start(backends)?;
    let backend = LlamaBackend::load(runtime, spec, |progress| {
        report.progress(progress);
        true // a load is cancelled by ending the process
    })?;
    let facts = backend.loaded_model();
    let seconds = started.elapsed().as_secs_f64();
    tracing::info!(
        device = facts.device,
        n_ctx = facts.n_ctx,
        seconds,
        "model loaded"
    );
    Ok(backend)
}

/// Sends progress that grows, and not too often.
struct Report<'a> {
    events: &'a Events,
    last: Option<(Instant, f32)>,
}

impl<'a> Report<'a> {
    fn new(events: &'a Events) -> Self {
        Self { events, last: None }
    }

    fn progress(&mut self, progress: f32) {
        let is_news = self.last.is_none_or(|(when, last)| {
            progress > last && (when.elapsed() >= REPORT_EVERY || progress >= 1.0)
        });
        if is_news {
            self.last = Some((Instant::now(), progress));
            self.events.send(WorkerEvent::Loading { progress });
        }
    }
}

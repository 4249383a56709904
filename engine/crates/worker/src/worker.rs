//! Wires template, tokenizer, scheduler and backend together.

use std::error::Error;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use hearth_api::{EngineError, WorkerEvent};
use hearth_llama::{LlamaBackend, end_process};
use hearth_scheduler::{Queue, Scheduler};

use crate::commands::{self, Ready};
use crate::events::Events;
use crate::load::load;
use crate::process::start_thread;
use crate::prompts::Prompts;

/// Generations that may wait or run at once; one more is told that the engine is busy.
const QUEUE: usize = 64;

/// Exit code where a line of the router makes no sense.
const NOT_UNDERSTOOD: i32 = 65;

/// Why a worker that did not fail has come to its end.
pub(crate) enum Ending {
    /// Nobody needs it any more.
    InputEnded,
    /// The model could not be loaded; the router was told.
    NotLoaded,
}

/// Loads what the first line of `input` says, then carries out commands. Once a model is being
/// loaded, the end of the input ends the whole process.
///
/// # Errors
/// Where the first line makes no sense or a thread can't be started.
pub(crate) fn serve(
    mut input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
    program: &Path,
) -> Result<Ending, Box<dyn Error>> {
    let events = Events::start(output)?;
    let Some(spec) = commands::read_spec(&mut input)? else {
        return Ok(Ending::InputEnded);
    };
    let ready = Ready::default();
    read_commands(input, &ready, &events)?;
    let backends = program.parent().unwrap_or(program);
    match load(&spec, backends, &events) {
        Ok(backend) => run(backend, program, &ready, &events),
        Err(error) => Ok(give_up(error, &events)),
    }
}

fn read_commands(
    input: impl BufRead + Send + 'static,
    ready: &Ready,
    events: &Events,
) -> Result<(), Box<dyn Error>> {
    let (ready, events) = (Arc::clone(ready), events.clone());
    start_thread("commands", move || {
        match commands::carry_out(input, &ready, &events) {
            // At once, whatever is being computed: this is how a worker is unloaded, how a load
            // is cancelled, and why no worker outlives its router.
            Ok(()) => end_process(0),
            Err(error) => {
                tracing::error!(%error, "a command makes no sense");
                end_process(NOT_UNDERSTOOD);
            }
        }
    })?;
    Ok(())
}

fn run(
    backend: LlamaBackend,
    program: &Path,
    ready: &Ready,
    events: &Events,
) -> Result<Ending, Box<dyn Error>> {
    let queue = Queue::new(QUEUE, backend.abort_flag());
    let prompts = Prompts::start(backend.prompt_format(), program, &queue, events)?;
    let loaded = backend.loaded_model();
    // In this order: whoever reads `Loaded` may ask at once.
    if ready.set(prompts).is_err() {
        return Err("the worker was started twice".into());
    }
    events.send(WorkerEvent::Loaded(loaded));
    Scheduler::new(backend, queue).run();
    Ok(Ending::InputEnded)
}

fn give_up(error: EngineError, events: &Events) -> Ending {
    tracing::warn!(%error, "the model is not loaded");
    events.send(WorkerEvent::LoadFailed { error });
    events.flush();
    Ending::NotLoaded
}

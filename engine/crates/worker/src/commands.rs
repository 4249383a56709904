//! The way in: lines of JSON on standard input.

use std::io::{self, BufRead};
use std::sync::{Arc, OnceLock};

use hearth_api::{EngineError, LoadSpec, RequestId, WorkerCommand, WorkerEvent};

use crate::events::Events;
use crate::prompts::Prompts;

/// Set when the model is loaded.
pub(crate) type Ready = Arc<OnceLock<Prompts>>;

/// Reads the first line; `None` where there is none.
///
/// # Errors
/// Where the line can't be read or is no [`LoadSpec`].
pub(crate) fn read_spec(input: &mut impl BufRead) -> io::Result<Option<LoadSpec>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&line)?))
}

/// Carries commands out until the input ends.
///
/// # Errors
/// Where a line can't be read or is no [`WorkerCommand`]: then the two sides of the protocol no
/// longer understand each other, and going on would be guessing.
pub(crate) fn carry_out(input: impl BufRead, ready: &Ready, events: &Events) -> io::Result<()> {
    for line in input.lines() {
        let command = serde_json::from_str(&line?)?;
        match (ready.get(), command) {
            (Some(prompts), WorkerCommand::Generate { id, request }) => {
                prompts.generate(id, request);
            }
            (Some(prompts), WorkerCommand::Cancel { id }) => prompts.cancel(id),
            (None, WorkerCommand::Generate { id, .. }) => refuse(events, id),
            (None, WorkerCommand::Cancel { .. }) => {}
        }
    }
    Ok(())
}

fn refuse(events: &Events, id: RequestId) {
    let error = EngineError::BadRequest {
        message: "the model is not loaded yet".into(),
    };
    events.send(WorkerEvent::Failed { id, error });
}

//! Values to lines and lines to values.

use hearth_api::{EngineError, WorkerCommand, WorkerEvent};
use serde::Serialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc;

/// Longest line that a worker may send. Its longest honest one is a piece of text.
const LONGEST_LINE: u64 = 1024 * 1024;

/// A value as one line of JSON.
pub(super) fn line(value: &impl Serialize) -> Result<Vec<u8>, EngineError> {
    let mut line = serde_json::to_vec(value).map_err(|error| EngineError::Internal {
        detail: format!("not JSON: {error}"),
    })?;
    line.push(b'\n');
    Ok(line)
}

/// Writes the first line and then every command. The worker's standard input ends with this.
pub(super) async fn write_commands(
    mut stdin: ChildStdin,
    first_line: Vec<u8>,
    mut commands: mpsc::Receiver<WorkerCommand>,
) {
    let mut next = Some(first_line);
    while let Some(bytes) = next {
        if stdin.write_all(&bytes).await.is_err() || stdin.flush().await.is_err() {
            // The worker closed its end. The task that watches it sees why.
            return;
        }
        next = match commands.recv().await.as_ref().map(line) {
            Some(Ok(bytes)) => Some(bytes),
            Some(Err(_)) | None => None,
        };
    }
}

/// Sends every event that the worker writes, and as its last word what was wrong with a line
/// that is none. It ends when the worker's standard output does.
pub(super) async fn read_events(
    stdout: ChildStdout,
    events: mpsc::Sender<Result<WorkerEvent, String>>,
) {
    let mut reader = BufReader::new(stdout);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut reader)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .await;
        let event = match read {
            Err(_) | Ok(0) => return,
            Ok(_) if line.last() != Some(&b'\n') => Err(broken(line.len())),
            Ok(_) => serde_json::from_slice(&line).map_err(|_| broken(line.len())),
        };
        let is_last = event.is_err();
        if events.send(event).await.is_err() || is_last {
            return;
        }
    }
}

/// Says that a line is no event. What it says is left out: it may be part of an answer.
fn broken(bytes: usize) -> String {
    format!("it sent {bytes} bytes that are no event")
}

//! The helper process as its parent sees it: start, ask within a time limit, end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use hearth_api::EngineError;

use crate::wire::{READY, Reply};

/// How long the process may take to start: its libraries come from a disk that may be slow.
const START_LIMIT: Duration = Duration::from_secs(20);
/// The longest line that is read from it. Its own limit is lower; JSON may write 6 bytes for 1.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The time was up.
    #[error("no answer in time")]
    TimedOut,
    /// The process ended; the text says how.
    #[error("it ended ({0})")]
    Died(String),
    /// The answer makes no sense.
    #[error("{0}")]
    Nonsense(String),
}

/// A running helper. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    pipes: Option<Pipes>,
}

#[derive(Debug)]
struct Pipes {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts `<program> render` and waits until it has set its own limits.
    pub(crate) fn start(program: &Path) -> Result<Self, EngineError> {
        let mut child = Command::new(program)
            .arg("render")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // It has nothing to say there, and prompts must not end up in a log.
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| cannot_start(&error.to_string()))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let pipes = pipes.map(|(input, output)| Pipes {
            input,
            output: BufReader::new(output),
        });
        let mut process = Self { child, pipes };
        match process.exchange(None, START_LIMIT) {
            Ok(line) if line == READY => Ok(process),
            Ok(_) => Err(cannot_start("it is another program")),
            Err(failure) => Err(cannot_start(&failure.to_string())),
        }
    }

    /// Sends a request and gives the answer. After a failure it is of no more use.
    pub(crate) fn ask(&mut self, request: &str, limit: Duration) -> Result<Reply, Failure> {
        let line = self.exchange(Some(request.to_owned()), limit)?;
        // Not the error's own words: they quote the answer, which is a prompt.
        serde_json::from_str(&line).map_err(|error| {
            let what = format!("{:?} error at byte {}", error.classify(), error.column());
            Failure::Nonsense(format!("the template helper's answer has a {what}"))
        })
    }

    /// Writes a line, if any, and reads one. Both can block, so a thread does it; when the time
    /// is up, ending the process also ends that thread.
    fn exchange(&mut self, request: Option<String>, limit: Duration) -> Result<String, Failure> {
        let Some(mut pipes) = self.pipes.take() else {
            return Err(Failure::Died("it has ended before".into()));
        };
        let (answer, answered) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("template-io".into())
            .spawn(move || {
                let line = pipes.exchange(request);
                // Nobody waits any more once the time was up.
                let _ = answer.send((pipes, line));
            })
            .map_err(|error| Failure::Nonsense(format!("no thread for the helper: {error}")))?;
        match answered.recv_timeout(limit) {
            Ok((pipes, Ok(line))) => {
                self.pipes = Some(pipes);
                Ok(line)
            }
            Ok((_, Err(_))) | Err(RecvTimeoutError::Disconnected) => Err(self.how_it_died()),
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Err(Failure::TimedOut)
            }
        }
    }

    fn how_it_died(&mut self) -> Failure {
        // Its pipes are closed: it has ended or is about to.
        match self.end() {
            Some(status) => Failure::Died(status.to_string()),
            None => Failure::Died("no exit status".into()),
        }
    }

    /// Ends and reaps it.
    fn end(&mut self) -> Option<ExitStatus> {
        self.pipes = None;
        // `kill` fails only where it has been reaped; then `wait` gives the known status.
        let _ = self.child.kill();
        self.child.wait().ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

impl Pipes {
    fn exchange(&mut self, request: Option<String>) -> io::Result<String> {
        if let Some(mut line) = request {
            line.push('\n');
            self.input.write_all(line.as_bytes())?;
            self.input.flush()?;
        }
        let mut line = String::new();
        self.output
            .by_ref()
            .take(MAX_LINE_BYTES)
            .read_line(&mut line)?;
        if line.pop() == Some('\n') {
            return Ok(line);
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn cannot_start(detail: &str) -> EngineError {
    EngineError::Internal {
        detail: format!("the template helper can't be started: {detail}"),
    }
}

//! The way out: events become lines of JSON on a thread of their own.

use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{self, Receiver, Sender};

use hearth_api::WorkerEvent;
use hearth_llama::end_process;

use crate::process::start_thread;

/// Exit code where nobody reads the events any more.
const NOBODY_LISTENS: i32 = 74;

/// Sends events. Never waits: a pipe that nobody empties must not hold up the model.
#[derive(Clone)]
pub(crate) struct Events(Sender<Message>);

enum Message {
    Event(WorkerEvent),
    /// Answer when everything before has been written.
    Flush(Sender<()>),
}

impl Events {
    /// Starts the thread that writes.
    pub(crate) fn start(output: impl Write + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        start_thread("events", move || {
            if let Err(error) = write_all(&receiver, BufWriter::new(output)) {
                tracing::error!(%error, "events can't be written");
                end_process(NOBODY_LISTENS);
            }
        })?;
        Ok(Self(sender))
    }

    pub(crate) fn send(&self, event: WorkerEvent) {
        // The receiver is gone only where the process is ending.
        let _gone = self.0.send(Message::Event(event));
    }

    /// Waits until everything that was sent has been written.
    pub(crate) fn flush(&self) {
        let (done, wait) = mpsc::channel();
        if self.0.send(Message::Flush(done)).is_ok() {
            let _gone = wait.recv();
        }
    }
}

/// Writes until every sender is gone. What is there at once goes out at once.
fn write_all(messages: &Receiver<Message>, mut output: impl Write) -> io::Result<()> {
    while let Ok(first) = messages.recv() {
        let mut waiting = Vec::new();
        for message in std::iter::once(first).chain(messages.try_iter()) {
            match message {
                Message::Event(event) => {
                    serde_json::to_writer(&mut output, &event)?;
                    output.write_all(b"\n")?;
                }
                Message::Flush(done) => waiting.push(done),
            }
        }
        output.flush()?;
        for done in waiting {
            let _gone = done.send(());
        }
    }
    Ok(())
}

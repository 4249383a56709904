//! The bytes of one generation become events with whole characters.

use hearth_api::{
    EngineError, FinishReason, PromptProgress, RequestId, Timings, Usage, WorkerEvent,
};
use hearth_chat::{IncrementalUtf8, StopMatcher};
use hearth_scheduler::{Flow, Output};

use crate::events::Events;

pub(crate) struct Answer {
    id: RequestId,
    events: Events,
    characters: IncrementalUtf8,
    stop: StopMatcher,
}

impl Answer {
    pub(crate) fn new(id: RequestId, events: Events, stop: Vec<String>) -> Self {
        Self {
            id,
            events,
            characters: IncrementalUtf8::new(),
            stop: StopMatcher::new(stop),
        }
    }

    fn send(&self, text: String) {
        if !text.is_empty() {
            self.events.send(WorkerEvent::Delta { id: self.id, text });
        }
    }

    fn push(&mut self, text: &str) -> Flow {
        if text.is_empty() {
            return Flow::Continue;
        }
        let found = self.stop.push(text);
        self.send(found.text);
        if found.stopped {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }

    /// Sends what was held back. A character that a limit cut through is left out; bytes that
    /// the model itself ended on show as the replacement character.
    fn send_rest(&mut self, reason: FinishReason) {
        let rest = self.characters.finish();
        if reason == FinishReason::Stop {
            self.push(&rest);
        }
        let held = self.stop.finish();
        self.send(held);
    }
}

impl Output for Answer {
    fn progress(&mut self, progress: PromptProgress) {
        self.events.send(WorkerEvent::Prompt {
            id: self.id,
            progress,
        });
    }

    fn token(&mut self, bytes: &[u8]) -> Flow {
        let text = self.characters.push(bytes);
        self.push(&text)
    }

    fn finish(mut self: Box<Self>, reason: FinishReason, usage: Usage, timings: Timings) {
        self.send_rest(reason);
        self.events.send(WorkerEvent::Done {
            id: self.id,
            reason,
            usage,
            timings,
        });
    }

    fn fail(self: Box<Self>, error: EngineError) {
        self.events.send(WorkerEvent::Failed { id: self.id, error });
    }
}

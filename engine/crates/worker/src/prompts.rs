//! From a request to a job: the chat template, on a thread of its own.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use hearth_api::{
    ChatMessage, EngineError, GenerateRequest, Prompt, RequestId, SampleOptions, TextPiece,
    WorkerEvent,
};
use hearth_chat::{RenderHelper, RenderInput};
use hearth_llama::PromptFormat;
use hearth_scheduler::{Job, Queue, Ticket};

use crate::answer::Answer;
use crate::events::Events;
use crate::process::start_thread;

/// A request that has its place in the queue.
struct Request {
    ticket: Ticket,
    id: RequestId,
    body: Box<GenerateRequest>,
}

/// Admits requests and has their prompts made, in the order in which they came.
pub(crate) struct Prompts {
    queue: Arc<Queue>,
    events: Events,
    requests: Sender<Request>,
}

impl Prompts {
    /// Starts the thread; `program` runs templates when called as `<program> render`.
    pub(crate) fn start(
        format: PromptFormat,
        program: &Path,
        queue: &Arc<Queue>,
        events: &Events,
    ) -> io::Result<Self> {
        let (sender, requests) = mpsc::channel();
        let maker = Maker {
            format,
            helper: RenderHelper::new(program.to_path_buf()),
            queue: Arc::clone(queue),
            events: events.clone(),
        };
        start_thread("prompts", move || maker.run(&requests))?;
        Ok(Self {
            queue: Arc::clone(queue),
            events: events.clone(),
            requests: sender,
        })
    }

    pub(crate) fn generate(&self, id: RequestId, body: Box<GenerateRequest>) {
        match self.queue.admit(id) {
            Ok(ticket) => {
                // The receiver is gone only where the process is ending.
                let _gone = self.requests.send(Request { ticket, id, body });
            }
            Err(error) => self.events.send(WorkerEvent::Failed { id, error }),
        }
    }

    pub(crate) fn cancel(&self, id: RequestId) {
        self.queue.cancel(id);
    }
}

struct Maker {
    format: PromptFormat,
    helper: RenderHelper,
    queue: Arc<Queue>,
    events: Events,
}

impl Maker {
    fn run(&self, requests: &Receiver<Request>) {
        while let Ok(Request { ticket, id, body }) = requests.recv() {
            let pieces = if ticket.is_cancelled() {
                Err(EngineError::Cancelled)
            } else {
                self.pieces(&body)
            };
            match pieces {
                Ok(pieces) => self.queue.submit(ticket, self.job(id, pieces, *body)),
                Err(error) => self.events.send(WorkerEvent::Failed { id, error }),
            }
        }
    }

    fn pieces(&self, body: &GenerateRequest) -> Result<Vec<TextPiece>, EngineError> {
        let messages = match &body.prompt {
            Prompt::Text(text) => return Ok(vec![piece(text.clone(), true)]),
            Prompt::Messages(messages) => messages,
        };
        let Some(template) = &self.format.template else {
            return Ok(plain_pieces(messages));
        };
        self.helper.render(&RenderInput {
            template: template.clone(),
            bos: self.format.bos.clone(),
            eos: self.format.eos.clone(),
            add_bos: self.format.add_bos,
            messages: messages.clone(),
            add_generation_prompt: true,
            kwargs: body.template_kwargs.clone(),
            control_tokens: Arc::clone(&self.format.control_tokens),
        })
    }

    fn job(&self, id: RequestId, pieces: Vec<TextPiece>, body: GenerateRequest) -> Job {
        Job {
            pieces,
            options: SampleOptions {
                seed: body.sampling.seed.unwrap_or_else(random_seed),
                sampling: body.sampling,
                ignore_eos: body.ignore_eos,
            },
            max_tokens: body.max_tokens,
            cache_prompt: body.cache_prompt,
            return_progress: body.return_progress,
            output: Box::new(Answer::new(id, self.events.clone(), body.stop)),
        }
    }
}

fn piece(text: String, parse_special: bool) -> TextPiece {
    TextPiece {
        text,
        parse_special,
    }
}

/// For a model without a chat template: the messages' texts with blank lines between them.
/// Which format such a model was trained on can't be known, so none is made up.
fn plain_pieces(messages: &[ChatMessage]) -> Vec<TextPiece> {
    let texts: Vec<&str> = messages.iter().map(|m| m.content.as_str()).collect();
    vec![piece(texts.join("\n\n"), false)]
}

/// Any number: the standard library draws the keys of its hash maps from the system.
fn random_seed() -> u32 {
    let hash = RandomState::new().hash_one(0_u8);
    u32::try_from(hash >> 32).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_template_texts_are_joined_and_never_parsed() {
        let message = |content: &str| ChatMessage {
            role: "user".into(),
            content: content.into(),
        };
        let pieces = plain_pieces(&[message("Be kind."), message("<s>Hi")]);
        assert_eq!(pieces, [piece("Be kind.\n\n<s>Hi".into(), false)]);
    }

    #[test]
    fn seeds_differ() {
        let seeds: std::collections::HashSet<u32> = (0..8).map(|_| random_seed()).collect();
        assert!(seeds.len() > 1);
    }
}

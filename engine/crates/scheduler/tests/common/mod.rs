//! A backend without a model, and a record of everything that outputs are told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use hearth_api::{
    Backend, BatchToken, EngineError, FinishReason, PromptProgress, RequestId, SampleOptions,
    Sampling, SequenceId, TextPiece, Timings, Token, Usage,
};
use hearth_scheduler::{Flow, Job, Output, Queue, Scheduler};

pub(crate) const N_CTX: u32 = 48;
pub(crate) const N_BATCH: u32 = 4;
pub(crate) const END: Token = 0;

/// What happens during one call of `decode`, the calls being counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Another thread cancels this generation.
    Cancel(RequestId),
    /// The abort flag is set for no reason.
    Abort,
    /// The backend fails.
    Fail,
}

/// Writes tokens that depend on every token its cache holds, and checks every batch.
pub(crate) struct FakeBackend {
    cache: Vec<Token>,
    logits_at: Option<usize>,
    can_cut: bool,
    calls: usize,
    faults: HashMap<usize, Fault>,
    queue: Arc<Queue>,
    abort: Arc<AtomicBool>,
    decoded: Arc<Mutex<Vec<usize>>>,
}

/// The token after these: one of 1 to 9, or now and then the end.
pub(crate) fn next_token(tokens: &[Token]) -> Token {
    let hash = tokens.iter().fold(17_u32, |hash, &token| {
        hash.wrapping_mul(31).wrapping_add(token.unsigned_abs())
    });
    let hash = (hash ^ (hash >> 15)).wrapping_mul(0x85eb_ca6b);
    Token::try_from((hash >> 8) % 19 % 10).expect("one digit")
}

impl Backend for FakeBackend {
    fn n_ctx(&self) -> u32 {
        N_CTX
    }

    fn n_batch(&self) -> u32 {
        N_BATCH
    }

    fn n_sequences(&self) -> u32 {
        1
    }

    fn tokenize(&self, pieces: &[TextPiece]) -> Result<Vec<Token>, EngineError> {
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        text.chars()
            .map(|c| c.to_digit(10).and_then(|digit| Token::try_from(digit).ok()))
            .collect::<Option<_>>()
            .ok_or(EngineError::BadRequest {
                message: "not a digit".into(),
            })
    }

    fn token_bytes(&self, token: Token) -> Vec<u8> {
        token.to_string().into_bytes()
    }

    fn is_end(&self, token: Token) -> bool {
        token == END
    }

    fn decode(&mut self, batch: &[BatchToken]) -> Result<(), EngineError> {
        assert!(!batch.is_empty() && batch.len() <= N_BATCH as usize);
        let fault = self.faults.remove(&self.calls);
        self.calls += 1;
        match fault {
            Some(Fault::Cancel(id)) => self.queue.cancel(id),
            Some(Fault::Abort) => self.abort.store(true, Ordering::SeqCst),
            Some(Fault::Fail) => {
                self.fail();
                return Err(EngineError::Internal {
                    detail: "broken".into(),
                });
            }
            None => {}
        }
        if self.abort.load(Ordering::SeqCst) {
            self.fail();
            return Err(EngineError::Cancelled);
        }
        self.logits_at = None;
        for (at, token) in batch.iter().enumerate() {
            assert_eq!(
                token.position as usize,
                self.cache.len(),
                "no hole, no overlap"
            );
            assert_eq!(token.sequence, 0);
            self.cache.push(token.token);
            if token.logits {
                self.logits_at = Some(at);
            }
        }
        assert!(self.cache.len() <= N_CTX as usize);
        self.decoded.lock().expect("whole").push(batch.len());
        Ok(())
    }

    fn start_sampling(
        &mut self,
        _sequence: SequenceId,
        options: &SampleOptions,
        history: &[Token],
    ) -> Result<(), EngineError> {
        assert!(!history.is_empty());
        if options.sampling.temperature < 0.0 {
            return Err(EngineError::BadRequest {
                message: "temperature".into(),
            });
        }
        Ok(())
    }

    fn sample(&mut self, _sequence: SequenceId, index: usize) -> Result<Token, EngineError> {
        assert_eq!(self.logits_at, Some(index), "logits were asked for there");
        Ok(next_token(&self.cache))
    }

    fn truncate(&mut self, _sequence: SequenceId, from: u32) -> u32 {
        let from = from as usize;
        if from < self.cache.len() {
            self.cache.truncate(if self.can_cut { from } else { 0 });
        }
        u32::try_from(self.cache.len()).expect("small")
    }
}

impl FakeBackend {
    /// A failed batch of a model that can't be cut leaves nothing.
    fn fail(&mut self) {
        if !self.can_cut {
            self.cache.clear();
        }
    }
}

/// What an output was told.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    Progress(PromptProgress),
    Token(String),
    Done(FinishReason, Usage, Timings),
    Failed(EngineError),
}

/// Everything that outputs were told, in order.
pub(crate) type Record = Arc<Mutex<Vec<(RequestId, Event)>>>;

struct Recorder {
    id: RequestId,
    record: Record,
    stop_at: Option<String>,
}

impl Recorder {
    fn push(&self, event: Event) {
        self.record.lock().expect("whole").push((self.id, event));
    }
}

impl Output for Recorder {
    fn progress(&mut self, progress: PromptProgress) {
        self.push(Event::Progress(progress));
    }

    fn token(&mut self, bytes: &[u8]) -> Flow {
        let text = String::from_utf8(bytes.to_vec()).expect("digits");
        let stop = self.stop_at.as_deref() == Some(&text);
        self.push(Event::Token(text));
        if stop { Flow::Stop } else { Flow::Continue }
    }

    fn finish(self: Box<Self>, reason: FinishReason, usage: Usage, timings: Timings) {
        self.push(Event::Done(reason, usage, timings));
    }

    fn fail(self: Box<Self>, error: EngineError) {
        self.push(Event::Failed(error));
    }
}

/// A generation to be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) prompt: String,
    pub(crate) max_tokens: Option<u32>,
    pub(crate) cache_prompt: bool,
    pub(crate) return_progress: bool,
    pub(crate) stop_at: Option<String>,
    pub(crate) temperature: f32,
}

impl Ask {
    pub(crate) fn new(prompt: &str) -> Self {
        Self {
            prompt: prompt.into(),
            max_tokens: None,
            cache_prompt: true,
            return_progress: false,
            stop_at: None,
            temperature: 1.0,
        }
    }
}

/// A queue, a backend and the record of what came out.
pub(crate) struct Bench {
    pub(crate) queue: Arc<Queue>,
    pub(crate) record: Record,
    pub(crate) decoded: Arc<Mutex<Vec<usize>>>,
    backend: FakeBackend,
}

impl Bench {
    pub(crate) fn new(can_cut: bool, faults: &[(usize, Fault)]) -> Self {
        let abort = Arc::new(AtomicBool::new(false));
        let queue = Queue::new(64, Arc::clone(&abort));
        let decoded = Arc::default();
        let backend = FakeBackend {
            cache: Vec::new(),
            logits_at: None,
            can_cut,
            calls: 0,
            faults: faults.iter().copied().collect(),
            queue: Arc::clone(&queue),
            abort,
            decoded: Arc::clone(&decoded),
        };
        Self {
            queue,
            record: Record::default(),
            decoded,
            backend,
        }
    }

    pub(crate) fn job(&self, id: RequestId, ask: &Ask) -> Job {
        let sampling = Sampling {
            temperature: ask.temperature,
            ..Sampling::default()
        };
        Job {
            pieces: vec![TextPiece {
                text: ask.prompt.clone(),
                parse_special: true,
            }],
            options: SampleOptions {
                sampling,
                seed: 7,
                ignore_eos: false,
            },
            max_tokens: ask.max_tokens,
            cache_prompt: ask.cache_prompt,
            return_progress: ask.return_progress,
            output: Box::new(Recorder {
                id,
                record: Arc::clone(&self.record),
                stop_at: ask.stop_at.clone(),
            }),
        }
    }

    pub(crate) fn submit(&self, id: RequestId, ask: &Ask) {
        let ticket = self.queue.admit(id).expect("a free place");
        self.queue.submit(ticket, self.job(id, ask));
    }

    /// Runs everything that was submitted; gives all that outputs were told.
    pub(crate) fn run(self) -> Vec<(RequestId, Event)> {
        self.queue.close();
        Scheduler::new(self.backend, self.queue).run();
        let record = self.record.lock().expect("whole");
        record.clone()
    }
}

/// The answer's text, from the events of one generation.
pub(crate) fn text(events: &[(RequestId, Event)], id: RequestId) -> String {
    let tokens = events.iter().filter(|(of, _)| *of == id);
    tokens
        .filter_map(|(_, event)| match event {
            Event::Token(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// The last event of a generation; it must be an ending, and the only one.
pub(crate) fn ending(events: &[(RequestId, Event)], id: RequestId) -> Event {
    let own: Vec<&Event> = events
        .iter()
        .filter(|(of, _)| *of == id)
        .map(|(_, e)| e)
        .collect();
    let is_end = |event: &Event| matches!(event, Event::Done(..) | Event::Failed(_));
    assert_eq!(
        own.iter().filter(|event| is_end(event)).count(),
        1,
        "{own:?}"
    );
    let last = own.last().expect("an event");
    assert!(is_end(last), "{own:?}");
    (*last).clone()
}

/// What a model without any cache would answer.
pub(crate) fn fresh_answer(ask: &Ask) -> (String, FinishReason) {
    let digit = |c: char| Token::try_from(c.to_digit(10).expect("a digit")).expect("small");
    let mut tokens: Vec<Token> = ask.prompt.chars().map(digit).collect();
    let mut text = String::new();
    let mut written = 0;
    loop {
        if ask.max_tokens.is_some_and(|most| written >= most) {
            return (text, FinishReason::Length);
        }
        let token = next_token(&tokens);
        written += 1;
        if token == END {
            return (text, FinishReason::Stop);
        }
        text.push_str(&token.to_string());
        if ask.stop_at == Some(token.to_string()) {
            return (text, FinishReason::Stop);
        }
        if tokens.len() >= N_CTX as usize {
            return (text, FinishReason::Length);
        }
        tokens.push(token);
    }
}

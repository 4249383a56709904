//! One sequence of the KV cache and the job that it is computed for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use hearth_api::{Backend, BatchToken, EngineError, FinishReason, SequenceId, Token};

use crate::Flow;
use crate::queue::Entry;
use crate::work::Work;

pub(crate) struct Slot {
    sequence: SequenceId,
    /// The tokens that the backend's cache holds for the sequence, exactly.
    held: Vec<Token>,
    work: Option<Work>,
}

impl Slot {
    pub(crate) fn new(sequence: SequenceId) -> Self {
        Self {
            sequence,
            held: Vec::new(),
            work: None,
        }
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    /// Takes a job on, or ends it where its prompt can't be computed.
    pub(crate) fn begin(&mut self, backend: &mut impl Backend, entry: Entry) {
        let started = Instant::now();
        match self.prepare(backend, &entry) {
            Ok(prompt) => {
                let mut work = Work::new(entry, prompt, self.held.len(), started);
                work.report_progress(self.held.len());
                self.work = Some(work);
            }
            Err(error) => entry.job.output.fail(error),
        }
    }

    /// Tokenises the prompt and keeps what the cache holds of it.
    fn prepare(
        &mut self,
        backend: &mut impl Backend,
        entry: &Entry,
    ) -> Result<Vec<Token>, EngineError> {
        let job = &entry.job;
        let prompt = backend.tokenize(&job.pieces)?;
        if prompt.is_empty() {
            return Err(EngineError::BadRequest {
                message: "the prompt is empty".into(),
            });
        }
        // One place at least must be left for the answer.
        if prompt.len() >= backend.n_ctx() as usize {
            return Err(EngineError::ContextExceeded {
                prompt_tokens: count(prompt.len()),
                context_tokens: backend.n_ctx(),
            });
        }
        backend.start_sampling(self.sequence, &job.options, &prompt)?;
        let keep = if job.cache_prompt {
            // The last token is computed in any case: its logits are needed.
            common_prefix(&self.held, &prompt).min(prompt.len() - 1)
        } else {
            0
        };
        self.cut(backend, keep);
        Ok(prompt)
    }

    /// Forgets everything from `length` on, or all where the backend can't cut there.
    fn cut(&mut self, backend: &mut impl Backend, length: usize) {
        let left = backend.truncate(self.sequence, count(length)) as usize;
        self.held.truncate(left.min(length));
    }

    /// Computes the next batch of the job, if there is one, and ends it when it is done.
    pub(crate) fn step(&mut self, backend: &mut impl Backend, abort: &AtomicBool) {
        let Some(mut work) = self.work.take() else {
            return;
        };
        match self.advance(&mut work, backend, abort) {
            Ok(None) => self.work = Some(work),
            Ok(Some(reason)) => work.finish(reason),
            Err(error) => work.fail(error),
        }
    }

    fn advance(
        &mut self,
        work: &mut Work,
        backend: &mut impl Backend,
        abort: &AtomicBool,
    ) -> Result<Option<FinishReason>, EngineError> {
        let Some(index) = self.compute(work, backend, abort)? else {
            return Ok(None);
        };
        if work.is_long_enough() {
            return Ok(Some(FinishReason::Length));
        }
        let token = backend.sample(self.sequence, index)?;
        work.count_token();
        if backend.is_end(token) {
            return Ok(Some(FinishReason::Stop));
        }
        if work.send(&backend.token_bytes(token)) == Flow::Stop {
            return Ok(Some(FinishReason::Stop));
        }
        if work.is_long_enough() || self.held.len() >= backend.n_ctx() as usize {
            return Ok(Some(FinishReason::Length));
        }
        work.tokens.push(token);
        Ok(None)
    }

    /// Computes one batch of what the cache lacks. Returns where in the batch the last token
    /// is, once the cache holds them all.
    fn compute(
        &mut self,
        work: &mut Work,
        backend: &mut impl Backend,
        abort: &AtomicBool,
    ) -> Result<Option<usize>, EngineError> {
        abort.store(false, Ordering::SeqCst);
        if work.is_cancelled() {
            return Err(EngineError::Cancelled);
        }
        let missing = &work.tokens[self.held.len()..];
        let chunk = &missing[..missing.len().min(backend.n_batch() as usize)];
        let is_last = chunk.len() == missing.len();
        if let Err(error) = backend.decode(&self.batch(chunk, is_last)) {
            self.cut(backend, self.held.len());
            // Aborted for another generation, or too late for an earlier one: once more.
            let once_more = error == EngineError::Cancelled && !work.is_cancelled();
            return if once_more { Ok(None) } else { Err(error) };
        }
        self.held.extend_from_slice(chunk);
        let last = chunk.len() - 1;
        work.report_progress(self.held.len());
        Ok(is_last.then_some(last))
    }

    fn batch(&self, chunk: &[Token], is_last: bool) -> Vec<BatchToken> {
        let place = |(at, &token): (usize, &Token)| BatchToken {
            token,
            position: count(self.held.len() + at),
            sequence: self.sequence,
            logits: is_last && at + 1 == chunk.len(),
        };
        chunk.iter().enumerate().map(place).collect()
    }
}

fn common_prefix(a: &[Token], b: &[Token]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// Lengths here are bounded by the context, which is a `u32`, or by a text's length.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

//! A job in progress: its tokens, its counts and its clock.

use std::time::{Duration, Instant};

use hearth_api::{EngineError, FinishReason, PromptProgress, Timings, Token, Usage};

use crate::Flow;
use crate::queue::Entry;
use crate::slot::count;

pub(crate) struct Work {
    entry: Entry,
    /// The prompt and what was written after it, as far as it is to be computed.
    pub(crate) tokens: Vec<Token>,
    n_prompt: usize,
    n_cached: usize,
    n_written: u32,
    /// Prompt tokens reported last.
    reported: Option<usize>,
    started: Instant,
    /// When the first token was chosen, as llama-server counts: the prompt's time ends there.
    first_token: Option<Instant>,
}

impl Work {
    pub(crate) fn new(entry: Entry, prompt: Vec<Token>, n_cached: usize, started: Instant) -> Self {
        Self {
            entry,
            n_prompt: prompt.len(),
            tokens: prompt,
            n_cached,
            n_written: 0,
            reported: None,
            started,
            first_token: None,
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.entry.ticket.is_cancelled()
    }

    pub(crate) fn is_long_enough(&self) -> bool {
        self.entry
            .job
            .max_tokens
            .is_some_and(|most| self.n_written >= most)
    }

    /// Reports how much of the prompt the cache holds, where that is wanted and new.
    pub(crate) fn report_progress(&mut self, held: usize) {
        let processed = held.min(self.n_prompt);
        if !self.entry.job.return_progress || self.reported.is_some_and(|last| last >= processed) {
            return;
        }
        self.reported = Some(processed);
        let time_ms = self.started.elapsed().as_millis();
        self.entry.job.output.progress(PromptProgress {
            total: count(self.n_prompt),
            cache: count(self.n_cached),
            processed: count(processed),
            time_ms: u64::try_from(time_ms).unwrap_or(u64::MAX),
        });
    }

    pub(crate) fn count_token(&mut self) {
        self.n_written += 1;
        self.first_token.get_or_insert_with(Instant::now);
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> Flow {
        self.entry.job.output.token(bytes)
    }

    pub(crate) fn fail(self, error: EngineError) {
        self.entry.job.output.fail(error);
    }

    pub(crate) fn finish(self, reason: FinishReason) {
        let usage = Usage {
            prompt_tokens: count(self.n_prompt),
            completion_tokens: self.n_written,
            seed: self.entry.job.options.seed,
        };
        let timings = self.timings(Instant::now());
        self.entry.job.output.finish(reason, usage, timings);
    }

    fn timings(&self, now: Instant) -> Timings {
        let first_token = self.first_token.unwrap_or(now);
        let prompt_n = count(self.n_prompt - self.n_cached);
        let prompt = Rate::new(prompt_n, first_token.duration_since(self.started));
        let predicted = Rate::new(self.n_written, now.duration_since(first_token));
        Timings {
            cache_n: count(self.n_cached),
            prompt_n,
            prompt_ms: prompt.ms,
            prompt_per_token_ms: prompt.per_token_ms,
            prompt_per_second: prompt.per_second,
            predicted_n: self.n_written,
            predicted_ms: predicted.ms,
            predicted_per_token_ms: predicted.per_token_ms,
            predicted_per_second: predicted.per_second,
        }
    }
}

struct Rate {
    ms: f64,
    per_token_ms: f64,
    per_second: f64,
}

impl Rate {
    /// 0 where nothing can be divided: infinity and not-a-number have no JSON.
    fn new(tokens: u32, time: Duration) -> Self {
        let ms = time.as_secs_f64() * 1e3;
        let n = f64::from(tokens);
        Self {
            ms,
            per_token_ms: if tokens > 0 { ms / n } else { 0.0 },
            per_second: if ms > 0.0 { n / ms * 1e3 } else { 0.0 },
        }
    }
}

//! One generation, as the scheduler gets it.

use hearth_api::{
    EngineError, FinishReason, PromptProgress, SampleOptions, TextPiece, Timings, Usage,
};

/// Whether an answer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Write on.
    Continue,
    /// A stop text was written: end with [`FinishReason::Stop`].
    Stop,
}

/// Where a generation's events go. Exactly one of `finish` and `fail` is called, as the last.
///
/// It is called on the thread that computes (`fail` also on one that cancels), so it must not
/// wait for anything.
pub trait Output: Send {
    /// The prompt is read so far.
    fn progress(&mut self, progress: PromptProgress);
    /// The bytes of a new token: any part of a character, or none.
    fn token(&mut self, bytes: &[u8]) -> Flow;
    /// The generation ended by itself.
    fn finish(self: Box<Self>, reason: FinishReason, usage: Usage, timings: Timings);
    /// The generation failed or was cancelled.
    fn fail(self: Box<Self>, error: EngineError);
}

/// One generation.
pub struct Job {
    /// The prompt.
    pub pieces: Vec<TextPiece>,
    /// How tokens are chosen.
    pub options: SampleOptions,
    /// Most tokens to write. 0 only reads the prompt into the cache.
    pub max_tokens: Option<u32>,
    /// Whether what the cache holds of the prompt is used.
    pub cache_prompt: bool,
    /// Whether [`Output::progress`] is called.
    pub return_progress: bool,
    /// Where the events go.
    pub output: Box<dyn Output>,
}

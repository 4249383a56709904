//! What a scheduler needs from an inference backend.

use crate::{EngineError, Sampling};

/// A token's number in the vocabulary of the loaded model.
pub type Token = i32;

/// Names one sequence in the KV cache, from 0 to [`Backend::n_sequences`] - 1.
pub type SequenceId = u32;

/// A stretch of prompt text and whether control tokens in it are to be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPiece {
    /// The text.
    pub text: String,
    /// `true` for what a template wrote, `false` for what a user wrote.
    pub parse_special: bool,
}

/// One token of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchToken {
    /// The token.
    pub token: Token,
    /// Its position in its sequence, from 0.
    pub position: u32,
    /// Its sequence.
    pub sequence: SequenceId,
    /// Whether logits are wanted after it, so that the next token can be sampled there.
    pub logits: bool,
}

/// How a sequence's tokens are chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleOptions {
    /// The chain of samplers.
    pub sampling: Sampling,
    /// The seed in force (never `None` here).
    pub seed: u32,
    /// Whether end-of-text tokens are kept from being chosen.
    pub ignore_eos: bool,
}

/// A loaded model. One thread owns it and makes every call.
pub trait Backend {
    /// Tokens that one sequence can hold.
    fn n_ctx(&self) -> u32;
    /// Most tokens in one [`Backend::decode`].
    fn n_batch(&self) -> u32;
    /// Sequences that can be active at once.
    fn n_sequences(&self) -> u32;
    /// The tokens of a prompt, beginning-of-text token included where the model wants one.
    ///
    /// # Errors
    /// [`EngineError::BadRequest`] where the tokenizer refuses the text.
    fn tokenize(&self, pieces: &[TextPiece]) -> Result<Vec<Token>, EngineError>;
    /// The bytes that a token stands for; empty for control tokens.
    fn token_bytes(&self, token: Token) -> Vec<u8>;
    /// Whether the token ends the model's turn.
    fn is_end(&self, token: Token) -> bool;
    /// Computes a batch. It can be cut short from another thread through the backend's own
    /// abort handle; then it returns [`EngineError::Cancelled`] and the sequences keep the
    /// tokens that were there before.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`], or [`EngineError::Internal`] where the backend failed.
    fn decode(&mut self, batch: &[BatchToken]) -> Result<(), EngineError>;
    /// Prepares the samplers of a sequence, `history` being its prompt (for penalties).
    ///
    /// # Errors
    /// [`EngineError::BadRequest`] where an option is out of its range.
    fn start_sampling(
        &mut self,
        sequence: SequenceId,
        options: &SampleOptions,
        history: &[Token],
    ) -> Result<(), EngineError>;
    /// Chooses the next token of a sequence from the logits at `index` of the last batch.
    ///
    /// # Errors
    /// [`EngineError::Internal`] where the logits are not numbers.
    fn sample(&mut self, sequence: SequenceId, index: usize) -> Result<Token, EngineError>;
    /// Forgets everything from position `from` on; returns from where on it really is empty
    /// (0 for models whose state can't be cut).
    fn truncate(&mut self, sequence: SequenceId, from: u32) -> u32;
}

//! The one error type that crosses the engine's process borders.

use serde::{Deserialize, Serialize};

/// What can go wrong in the engine, with the facts a caller needs to say it plainly.
///
/// It travels as JSON from a worker to the router, which maps it to an HTTP status and the
/// `OpenAI` error object by one exhaustive match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineError {
    /// The request can't be understood or a value is out of its range.
    #[error("{message}")]
    BadRequest {
        /// Which field, and what is wrong with it.
        message: String,
    },
    /// The prompt does not fit the context.
    #[error("the prompt has {prompt_tokens} tokens, but the context holds {context_tokens}")]
    ContextExceeded {
        /// Tokens in the prompt, control tokens included.
        prompt_tokens: u32,
        /// Tokens that the loaded context holds.
        context_tokens: u32,
    },
    /// No model of this name is known to the router.
    #[error("no model is loaded under the name '{model}'")]
    ModelNotFound {
        /// The name that the caller gave.
        model: String,
    },
    /// The file is not a model that can be run: found by our own checker, or refused by the backend.
    #[error("the model file can't be used: {reason}")]
    ModelFile {
        /// What is wrong, and where in the file.
        reason: String,
    },
    /// The model can't fit in the memory of this machine.
    #[error("the model needs {needed_bytes} bytes of memory, but {available_bytes} are available")]
    OutOfMemory {
        /// Bytes that weights, KV cache and buffers need together.
        needed_bytes: u64,
        /// Bytes that can be had now.
        available_bytes: u64,
    },
    /// The chat template failed, ran too long or took too much memory.
    #[error("the model's chat template failed: {reason}")]
    Template {
        /// The template engine's own words, or the limit that was hit.
        reason: String,
    },
    /// The queue is full; try again later.
    #[error("the engine is busy")]
    Busy {
        /// Seconds after which a new try makes sense.
        retry_after_s: u32,
    },
    /// The worker process ended while it was needed.
    #[error("the process that ran the model ended unexpectedly ({detail})")]
    WorkerDied {
        /// The exit status or signal.
        detail: String,
    },
    /// The work was cancelled by the caller.
    #[error("cancelled")]
    Cancelled,
    /// A fault of ours or of the backend; the text is for a report, not for a user.
    #[error("internal error: {detail}")]
    Internal {
        /// What failed.
        detail: String,
    },
}

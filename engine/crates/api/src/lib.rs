//! Request, event and error types that the router, the workers and the backends share.
//!
//! Nothing here does work: the router speaks JSON and HTTP, a worker speaks [`protocol`] on its
//! pipes, and a backend implements [`backend::Backend`]. This crate is what they agree on.

#![forbid(unsafe_code)]

pub mod backend;
pub mod error;
pub mod generate;
pub mod protocol;

pub use backend::{Backend, BatchToken, SampleOptions, SequenceId, TextPiece, Token};
pub use error::EngineError;
pub use generate::{
    ChatMessage, FinishReason, GenerateRequest, Prompt, PromptProgress, Sampling, Timings, Usage,
};
pub use protocol::{LoadSpec, LoadedModel, RequestId, WorkerCommand, WorkerEvent};

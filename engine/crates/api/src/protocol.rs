//! What the router and a worker say to each other: JSON values, one per line, on the worker's
//! standard input and output.
//!
//! The first line to a worker is a [`LoadSpec`]; it answers with [`WorkerEvent::Loading`] until
//! [`WorkerEvent::Loaded`] or [`WorkerEvent::LoadFailed`]. After that come [`WorkerCommand`]s in
//! any number at a time. When its standard input ends, a worker ends at once: that is how it is
//! unloaded, how a load is cancelled, and why no worker outlives its router.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{EngineError, FinishReason, GenerateRequest, PromptProgress, Timings, Usage};

/// Names a generation within one worker. The router never uses a number twice.
pub type RequestId = u64;

/// What a worker is to load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadSpec {
    /// The GGUF file; of a split model, its first part.
    pub path: PathBuf,
    /// Context size in tokens; `None`: what the model was trained with, at most 8,192, less
    /// where memory is short.
    #[serde(default)]
    pub n_ctx: Option<u32>,
    /// Threads for decoding; `None`: one per physical core.
    #[serde(default)]
    pub n_threads: Option<u32>,
    /// Layers on the GPU; `None`: as many as fit.
    #[serde(default)]
    pub n_gpu_layers: Option<u32>,
}

/// What the router tells a worker that has loaded its model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum WorkerCommand {
    /// Start a generation.
    Generate {
        /// The name under which its events come back.
        id: RequestId,
        /// What is asked.
        request: Box<GenerateRequest>,
    },
    /// Stop a generation. Its last event is then `Failed` with [`EngineError::Cancelled`].
    Cancel {
        /// Which one; an unknown or ended one is no error.
        id: RequestId,
    },
}

/// What a worker tells the router.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WorkerEvent {
    /// The load goes on.
    Loading {
        /// 0 to 1.
        progress: f32,
    },
    /// The model is ready.
    Loaded(LoadedModel),
    /// The model can't be loaded; the worker ends after this line.
    LoadFailed {
        /// Why.
        error: EngineError,
    },
    /// A prompt is being read (only where `return_progress` was asked for).
    Prompt {
        /// Whose.
        id: RequestId,
        /// How far.
        progress: PromptProgress,
    },
    /// New text. Never half a character.
    Delta {
        /// Whose.
        id: RequestId,
        /// The text.
        text: String,
    },
    /// A generation ended by itself. The last event of its id.
    Done {
        /// Whose.
        id: RequestId,
        /// Why it ended.
        reason: FinishReason,
        /// Tokens.
        usage: Usage,
        /// Speed.
        timings: Timings,
    },
    /// A generation failed or was cancelled. The last event of its id.
    Failed {
        /// Whose.
        id: RequestId,
        /// Why.
        error: EngineError,
    },
}

/// Facts about a loaded model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedModel {
    /// Context size in tokens, as loaded.
    pub n_ctx: u32,
    /// Context size that the model was trained with.
    pub n_ctx_train: u32,
    /// Tokens in its vocabulary.
    pub n_vocab: u32,
    /// Parameters.
    pub n_params: u64,
    /// Bytes of its tensors.
    pub size_bytes: u64,
    /// llama.cpp's one-line description: architecture, size, quantisation.
    pub description: String,
    /// Whether the file carries a chat template.
    pub has_chat_template: bool,
    /// Name of the CPU or GPU backend in use.
    pub device: String,
}

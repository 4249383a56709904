//! One generation: what is asked, and what is counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What the model is to continue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// A conversation, rendered through the model's own chat template.
    Messages(Vec<ChatMessage>),
    /// Raw text. Control tokens in it are parsed: the caller owns every byte of it.
    Text(String),
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// `system`, `user`, `assistant` or `tool`.
    pub role: String,
    /// Its text. Control tokens in it never reach the model as such.
    pub content: String,
}

/// How the next token is chosen. The defaults are llama-server's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sampling {
    /// 0 is greedy.
    pub temperature: f32,
    /// Keep the k most likely tokens; 0 keeps all.
    pub top_k: i32,
    /// Keep the smallest set of tokens whose probabilities sum to this; 1 keeps all.
    pub top_p: f32,
    /// Drop tokens less likely than this share of the best one; 0 keeps all.
    pub min_p: f32,
    /// Above 1: tokens of the last `repeat_last_n` become less likely.
    pub repeat_penalty: f32,
    /// How many tokens `repeat_penalty`, `presence_penalty` and `frequency_penalty` look back.
    pub repeat_last_n: i32,
    /// `OpenAI`'s presence penalty, -2 to 2.
    pub presence_penalty: f32,
    /// `OpenAI`'s frequency penalty, -2 to 2.
    pub frequency_penalty: f32,
    /// Random seed; `None` picks one, which [`Usage::seed`] reports.
    pub seed: Option<u32>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.8,
            top_k: 40,
            top_p: 0.95,
            min_p: 0.05,
            repeat_penalty: 1.0,
            repeat_last_n: 64,
            presence_penalty: 0.0,
            frequency_penalty: 0.0,
            seed: None,
        }
    }
}

/// One generation, as the router hands it to a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenerateRequest {
    /// What to continue.
    pub prompt: Prompt,
    /// How to choose tokens.
    #[serde(default)]
    pub sampling: Sampling,
    /// Most tokens to write; `None` writes until the model stops or the context is full.
    #[serde(default)]
    pub max_tokens: Option<u32>,
    /// Texts that end the answer; they are not part of it.
    #[serde(default)]
    pub stop: Vec<String>,
    /// Write on past the model's own end of text (for measuring).
    #[serde(default)]
    pub ignore_eos: bool,
    /// Reuse what an earlier prompt left in the KV cache.
    #[serde(default = "yes")]
    pub cache_prompt: bool,
    /// Send [`PromptProgress`] while the prompt is read.
    #[serde(default)]
    pub return_progress: bool,
    /// Extra variables for the chat template (`enable_thinking`, ...).
    #[serde(default)]
    pub template_kwargs: BTreeMap<String, serde_json::Value>,
}

const fn yes() -> bool {
    true
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model ended its turn, or a stop text was written.
    Stop,
    /// `max_tokens` were written, or the context is full.
    Length,
}

/// Tokens of one generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens in the prompt, cached ones included.
    pub prompt_tokens: u32,
    /// Tokens written, the end-of-text token included.
    pub completion_tokens: u32,
    /// The seed that was in force.
    pub seed: u32,
}

/// Speed of one generation, in llama-server's field names.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Timings {
    /// Prompt tokens taken from the KV cache.
    pub cache_n: u32,
    /// Prompt tokens computed.
    pub prompt_n: u32,
    /// Milliseconds spent on them.
    pub prompt_ms: f64,
    /// Milliseconds for each.
    pub prompt_per_token_ms: f64,
    /// Prompt tokens per second.
    pub prompt_per_second: f64,
    /// Tokens written.
    pub predicted_n: u32,
    /// Milliseconds spent on them.
    pub predicted_ms: f64,
    /// Milliseconds for each.
    pub predicted_per_token_ms: f64,
    /// Tokens written per second.
    pub predicted_per_second: f64,
}

/// How far the prompt is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptProgress {
    /// Tokens in the prompt.
    pub total: u32,
    /// Of those, taken from the KV cache.
    pub cache: u32,
    /// Of those, done so far, cached ones included.
    pub processed: u32,
    /// Milliseconds since the prompt was begun.
    pub time_ms: u64,
}

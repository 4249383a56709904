//! The JSON of an answer: `OpenAI`'s objects with llama-server's `timings` in them.

use std::time::{SystemTime, UNIX_EPOCH};

use hearth_api::{EngineError, FinishReason, PromptProgress, Timings, Usage};
use serde_json::{Value, json};

/// Which of the two routes asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `/v1/chat/completions`.
    Chat,
    /// `/v1/completions`.
    Text,
}

/// What all objects of one answer have in common.
#[derive(Debug)]
pub(super) struct Envelope {
    shape: Shape,
    id: String,
    created: u64,
    model: String,
    include_usage: bool,
}

impl Envelope {
    /// Opens an answer under a fresh random name.
    pub(super) fn new(
        shape: Shape,
        model: String,
        include_usage: bool,
    ) -> Result<Self, EngineError> {
        let random = getrandom::u64().map_err(|error| EngineError::Internal {
            detail: format!("no random numbers: {error}"),
        })?;
        let prefix = match shape {
            Shape::Chat => "chatcmpl",
            Shape::Text => "cmpl",
        };
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Ok(Self {
            shape,
            id: format!("{prefix}-{random:016x}"),
            created: since_epoch.as_secs(),
            model,
            include_usage,
        })
    }

    /// What a stream begins with: in a chat, who speaks.
    pub(super) fn opening(&self) -> Option<Value> {
        (self.shape == Shape::Chat)
            .then(|| self.chunk(&json!({"role": "assistant", "content": ""}), None))
    }

    /// New text.
    pub(super) fn delta(&self, text: &str) -> Value {
        match self.shape {
            Shape::Chat => self.chunk(&json!({"content": text}), None),
            Shape::Text => self.chunk(&json!(text), None),
        }
    }

    /// How far the prompt is read.
    pub(super) fn progress(&self, progress: &PromptProgress) -> Value {
        let mut chunk = self.chunk(&self.nothing(), None);
        chunk["prompt_progress"] = json!(progress);
        chunk
    }

    /// What a stream ends with: why and how fast, and then the tokens where they were asked for.
    pub(super) fn closing(
        &self,
        reason: FinishReason,
        usage: &Usage,
        timings: &Timings,
    ) -> Vec<Value> {
        let mut last = self.chunk(&self.nothing(), Some(reason));
        last["timings"] = json!(timings);
        if !self.include_usage {
            return vec![last];
        }
        let mut tokens = self.object(&json!([]), true);
        tokens["usage"] = usage_object(usage, timings);
        vec![last, tokens]
    }

    /// A whole answer.
    pub(super) fn whole(
        &self,
        text: &str,
        reason: FinishReason,
        usage: &Usage,
        timings: &Timings,
    ) -> Value {
        let mut choice = json!({"index": 0, "logprobs": null, "finish_reason": reason});
        match self.shape {
            Shape::Chat => choice["message"] = json!({"role": "assistant", "content": text}),
            Shape::Text => choice["text"] = json!(text),
        }
        let mut whole = self.object(&json!([choice]), false);
        whole["usage"] = usage_object(usage, timings);
        whole["timings"] = json!(timings);
        whole
    }

    fn nothing(&self) -> Value {
        match self.shape {
            Shape::Chat => json!({}),
            Shape::Text => json!(""),
        }
    }

    fn chunk(&self, content: &Value, reason: Option<FinishReason>) -> Value {
        let mut choice = json!({"index": 0, "logprobs": null, "finish_reason": reason});
        let field = match self.shape {
            Shape::Chat => "delta",
            Shape::Text => "text",
        };
        choice[field] = content.clone();
        let mut chunk = self.object(&json!([choice]), true);
        if self.include_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    }

    fn object(&self, choices: &Value, in_stream: bool) -> Value {
        let kind = match (self.shape, in_stream) {
            (Shape::Chat, true) => "chat.completion.chunk",
            (Shape::Chat, false) => "chat.completion",
            (Shape::Text, _) => "text_completion",
        };
        json!({
            "id": self.id, "object": kind, "created": self.created, "model": self.model,
            "choices": choices,
        })
    }
}

fn usage_object(usage: &Usage, timings: &Timings) -> Value {
    json!({
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": u64::from(usage.prompt_tokens) + u64::from(usage.completion_tokens),
        "prompt_tokens_details": {"cached_tokens": timings.cache_n},
        "seed": usage.seed,
    })
}

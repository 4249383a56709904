//! What [`RenderHelper`](crate::RenderHelper) and the helper process say to each other: one JSON
//! value per line. The C++ shim reads and writes the same values.

use std::collections::BTreeMap;

use hearth_api::ChatMessage;
use serde::{Deserialize, Serialize};

/// The helper's first line: its limits are set and it waits for requests.
pub(crate) const READY: &str = "ready";

/// One template to render.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) template: String,
    pub(crate) bos: String,
    pub(crate) eos: String,
    pub(crate) messages: Vec<ChatMessage>,
    pub(crate) add_generation_prompt: bool,
    pub(crate) kwargs: BTreeMap<String, serde_json::Value>,
    pub(crate) max_prompt_bytes: usize,
}

/// What came of it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reply {
    /// The rendered text.
    Prompt(String),
    /// llama.cpp's words on what is wrong.
    Failed(String),
    /// The text has more than `max_prompt_bytes`.
    TooLong,
    /// The memory that the helper may take was not enough.
    OutOfMemory,
}

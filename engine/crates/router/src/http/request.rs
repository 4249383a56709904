//! What clients send for a generation, in `OpenAI`'s fields and llama-server's.
//!
//! Fields that are not known are left alone: clients send many that mean nothing here. Those
//! that ask for something which this engine would then silently not do are refused.

use std::collections::BTreeMap;

use hearth_api::{ChatMessage, EngineError, GenerateRequest, Prompt};
use serde::Deserialize;
use serde_json::Value;

use super::validate::{self, wrong};

/// The body of `/v1/chat/completions` (`messages`) and `/v1/completions` (`prompt`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GenerationBody {
    pub(super) model: Option<String>,
    pub(super) messages: Option<Vec<Message>>,
    pub(super) prompt: Option<String>,
    pub(super) stream: Option<bool>,
    pub(super) stream_options: Option<StreamOptions>,
    pub(super) temperature: Option<f32>,
    pub(super) top_p: Option<f32>,
    pub(super) top_k: Option<i32>,
    pub(super) min_p: Option<f32>,
    pub(super) repeat_penalty: Option<f32>,
    pub(super) repeat_last_n: Option<i32>,
    pub(super) presence_penalty: Option<f32>,
    pub(super) frequency_penalty: Option<f32>,
    pub(super) seed: Option<i64>,
    pub(super) max_tokens: Option<u32>,
    pub(super) max_completion_tokens: Option<u32>,
    pub(super) stop: Option<Stop>,
    pub(super) ignore_eos: Option<bool>,
    pub(super) cache_prompt: Option<bool>,
    pub(super) return_progress: Option<bool>,
    pub(super) chat_template_kwargs: Option<BTreeMap<String, Value>>,
    // What follows is only read to be refused.
    pub(super) n: Option<u32>,
    pub(super) best_of: Option<u32>,
    pub(super) echo: Option<bool>,
    pub(super) suffix: Option<String>,
    pub(super) logprobs: Option<Value>,
    pub(super) tools: Option<Vec<Value>>,
    pub(super) functions: Option<Vec<Value>>,
    pub(super) response_format: Option<ResponseFormat>,
    pub(super) logit_bias: Option<BTreeMap<String, Value>>,
    pub(super) grammar: Option<String>,
    pub(super) json_schema: Option<Value>,
}

/// `stream_options`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct StreamOptions {
    #[serde(default)]
    include_usage: Option<bool>,
}

/// `response_format`.
#[derive(Debug, Deserialize)]
pub(super) struct ResponseFormat {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// `stop`: one text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub(super) enum Stop {
    One(String),
    Several(Vec<String>),
}

/// One message.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    role: String,
    #[serde(default)]
    content: Option<Content>,
}

/// The content of a message: a text, or parts.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a string or a list of parts")]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Debug, Deserialize)]
struct Part {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: Option<String>,
}

/// A generation that a client asked for, checked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) model: String,
    pub(super) stream: bool,
    pub(super) include_usage: bool,
    pub(super) request: GenerateRequest,
}

impl GenerationBody {
    /// Reads `messages`.
    ///
    /// # Errors
    /// [`EngineError::BadRequest`], which names the field.
    pub(super) fn into_chat(mut self) -> Result<Asked, EngineError> {
        let messages = self
            .messages
            .take()
            .ok_or_else(|| wrong("messages", "is missing"))?;
        if messages.is_empty() {
            return Err(wrong("messages", "must have at least one message"));
        }
        let messages = messages
            .into_iter()
            .enumerate()
            .map(|(index, message)| message.read(index));
        let messages = messages.collect::<Result<Vec<_>, _>>()?;
        self.into_asked(Prompt::Messages(messages))
    }

    /// Reads `prompt`.
    ///
    /// # Errors
    /// [`EngineError::BadRequest`], which names the field.
    pub(super) fn into_text(mut self) -> Result<Asked, EngineError> {
        let prompt = self
            .prompt
            .take()
            .ok_or_else(|| wrong("prompt", "is missing"))?;
        self.into_asked(Prompt::Text(prompt))
    }

    fn into_asked(self, prompt: Prompt) -> Result<Asked, EngineError> {
        validate::refuse_unsupported(&self)?;
        let request = GenerateRequest {
            prompt,
            sampling: validate::sampling(&self)?,
            max_tokens: validate::max_tokens(&self)?,
            stop: validate::stop(self.stop)?,
            ignore_eos: self.ignore_eos.unwrap_or(false),
            cache_prompt: self.cache_prompt.unwrap_or(true),
            return_progress: self.return_progress.unwrap_or(false),
            template_kwargs: self.chat_template_kwargs.unwrap_or_default(),
        };
        Ok(Asked {
            model: self.model.ok_or_else(|| wrong("model", "is missing"))?,
            stream: self.stream.unwrap_or(false),
            include_usage: self
                .stream_options
                .and_then(|it| it.include_usage)
                .unwrap_or(false),
            request,
        })
    }
}

impl Message {
    fn read(self, index: usize) -> Result<ChatMessage, EngineError> {
        let role = match self.role.as_str() {
            // OpenAI's newer name of the same.
            "developer" => "system".to_owned(),
            "system" | "user" | "assistant" | "tool" => self.role,
            _ => {
                let field = format!("messages[{index}].role");
                return Err(wrong(&field, "must be system, user, assistant or tool"));
            }
        };
        let content = match self.content {
            Some(Content::Text(text)) => text,
            Some(Content::Parts(parts)) => join(parts, index)?,
            None if role == "assistant" => String::new(),
            None => return Err(wrong(&format!("messages[{index}].content"), "is missing")),
        };
        Ok(ChatMessage { role, content })
    }
}

fn join(parts: Vec<Part>, index: usize) -> Result<String, EngineError> {
    let mut whole = String::new();
    for (place, part) in parts.into_iter().enumerate() {
        let text = part.text.filter(|_| part.kind == "text").ok_or_else(|| {
            let field = format!("messages[{index}].content[{place}]");
            wrong(&field, "must be a part of type 'text' with a text")
        })?;
        whole.push_str(&text);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use hearth_api::{ChatMessage, EngineError, Prompt};
    use serde_json::{Value, json};

    use super::{Asked, GenerationBody};

    fn chat(body: &Value) -> Result<Asked, EngineError> {
        let body: GenerationBody = serde_json::from_value(body.clone()).expect("types are right");
        body.into_chat()
    }

    fn message(role: &str, content: &str) -> ChatMessage {
        ChatMessage {
            role: role.into(),
            content: content.into(),
        }
    }

    #[test]
    fn messages_come_as_strings_as_parts_or_empty() {
        let asked = chat(&json!({"model": "m", "messages": [
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "سلام "}, {"type": "text", "text": "你好"}]},
            {"role": "assistant", "content": null},
            {"role": "tool", "content": "42", "tool_call_id": "x"},
        ]}))
        .expect("understood");
        let expected = vec![
            message("system", "Be brief."),
            message("user", "سلام 你好"),
            message("assistant", ""),
            message("tool", "42"),
        ];
        assert_eq!(asked.request.prompt, Prompt::Messages(expected));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let user = json!([{"role": "user", "content": "x"}]);
        let cases = [
            (json!({"model": "m"}), "messages: "),
            (json!({"model": "m", "messages": []}), "messages: "),
            (json!({"messages": user}), "model: "),
            (
                json!({"model": "m", "messages": [{"role": "root", "content": "x"}]}),
                "messages[0].role: ",
            ),
            (
                json!({"model": "m", "messages": [{"role": "user"}]}),
                "messages[0].content: ",
            ),
            (
                json!({"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url"}]}]}),
                "messages[0].content[0]: ",
            ),
        ];
        for (body, start) in cases {
            let EngineError::BadRequest { message } = chat(&body).expect_err("refused") else {
                panic!("another error for {body}");
            };
            assert!(message.starts_with(start), "{message}");
        }
    }

    #[test]
    fn defaults_are_those_of_the_protocol() {
        let body = json!({"model": "m", "prompt": "x", "user": "u", "logit_bias": {}});
        let body: GenerationBody = serde_json::from_value(body).expect("unknown fields pass");
        let asked = body.into_text().expect("understood");
        assert_eq!(
            asked.request,
            serde_json::from_value(json!({"prompt": {"text": "x"}})).expect("defaults")
        );
        assert!(!asked.stream && !asked.include_usage);
    }
}

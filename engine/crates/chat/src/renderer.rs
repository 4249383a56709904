//! Renders chat templates in a helper process that can be ended at any time.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hearth_api::{ChatMessage, EngineError, TextPiece};
use serde_json::Value;

use crate::masking::Masker;
use crate::process::{Failure, Process};
use crate::wire::{Reply, Request};

/// The longest a template may take.
const TIME_LIMIT: Duration = Duration::from_secs(1);
/// The most bytes of a template's source.
const MAX_TEMPLATE_BYTES: usize = 256 << 10;
/// The most bytes of a rendered prompt.
const MAX_PROMPT_BYTES: usize = 2 << 20;
/// The same while markers, which are longer, stand for control tokens in it.
const MAX_MARKED_BYTES: usize = 4 * MAX_PROMPT_BYTES;
/// The most bytes of an error that a template makes up.
const MAX_REASON_BYTES: usize = 500;
/// The roles that `OpenAI`'s interface knows. Templates write roles between control tokens, and
/// some build control tokens out of them, so nothing else may stand there.
const ROLES: [&str; 6] = [
    "system",
    "developer",
    "user",
    "assistant",
    "tool",
    "function",
];

/// Variables that the conversation sets: whoever sets them otherwise writes their own prompt.
const RESERVED: [&str; 4] = [
    "messages",
    "bos_token",
    "eos_token",
    "add_generation_prompt",
];

/// A conversation and the template that makes a prompt of it.
#[derive(Debug, Clone, Default)]
pub struct RenderInput {
    /// The source of the model's Jinja template. Not empty.
    pub template: String,
    /// The text of the model's beginning-of-text token; empty where it has none.
    pub bos: String,
    /// The text of the model's end-of-text token; empty where it has none.
    pub eos: String,
    /// Whether the tokenizer puts the beginning-of-text token before a prompt by itself
    /// (`llama_vocab_get_add_bos`). Then the one that most templates write is taken away, so
    /// that there is exactly one; llama-server does the same.
    pub add_bos: bool,
    /// The conversation, oldest first.
    pub messages: Vec<ChatMessage>,
    /// Whether the prompt is to end where the assistant begins to speak.
    pub add_generation_prompt: bool,
    /// Extra variables for the template (`enable_thinking`, ...).
    pub kwargs: BTreeMap<String, Value>,
    /// The texts of all tokens that a message must not be able to forge: those that
    /// `llama_tokenize` finds only with `parse_special` (attribute *control* or *unknown*), and
    /// *user-defined* ones that are control tokens all the same.
    pub control_tokens: Arc<[String]>,
}

/// The parent's side of the helper process: started when first needed, ended when it takes too
/// long, and started again after that. Every call has its own 1 s.
///
/// On Linux the helper ends together with the thread that started it (a parent-death signal
/// is the thread's, not the process's); it is then started anew.
#[derive(Debug)]
pub struct RenderHelper {
    program: PathBuf,
    process: Mutex<Option<Process>>,
}

impl RenderHelper {
    /// A helper that is started as `<program> render`, which must call
    /// [`helper::run`](crate::helper::run).
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self {
            program,
            process: Mutex::new(None),
        }
    }

    /// The prompt: what the template wrote, and between it what users wrote that looks like
    /// control tokens.
    ///
    /// # Errors
    /// [`EngineError::Template`] where the template fails, takes more than 1 s or more than
    /// 256 MiB, or where it or the prompt is too long; [`EngineError::BadRequest`] for an unknown
    /// role or a variable that is not free; [`EngineError::Internal`] where the helper can't be started.
    pub fn render(&self, input: &RenderInput) -> Result<Vec<TextPiece>, EngineError> {
        check(input)?;
        let mut masker = Masker::new(&input.control_tokens, |nonce| occurs(input, nonce))?;
        let request = Request {
            template: input.template.clone(),
            bos: input.bos.clone(),
            eos: input.eos.clone(),
            messages: masker.mask_messages(&input.messages),
            add_generation_prompt: input.add_generation_prompt,
            kwargs: masker.mask_kwargs(&input.kwargs),
            max_prompt_bytes: MAX_MARKED_BYTES,
        };
        let prompt = self.prompt(&request)?;
        let prompt = match prompt.strip_prefix(input.bos.as_str()) {
            Some(rest) if input.add_bos => rest,
            _ => &prompt,
        };
        let pieces = masker.split(prompt);
        if pieces.iter().map(|piece| piece.text.len()).sum::<usize>() > MAX_PROMPT_BYTES {
            return Err(too_long());
        }
        Ok(pieces)
    }

    fn prompt(&self, request: &Request) -> Result<String, EngineError> {
        let line = serde_json::to_string(request).map_err(|error| EngineError::Internal {
            detail: error.to_string(),
        })?;
        // A panic while it was locked leaves at worst a process that gets replaced.
        let mut slot = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let (process, reply) = self.ask(slot.take(), &line)?;
        // The process goes back into its slot only after an answer in good health.
        match reply {
            Reply::Prompt(prompt) => {
                *slot = Some(process);
                Ok(prompt)
            }
            Reply::Failed(reason) => {
                *slot = Some(process);
                Err(template_error(plain(&reason)))
            }
            Reply::TooLong => {
                *slot = Some(process);
                Err(too_long())
            }
            Reply::OutOfMemory => Err(template_error("it took more than 256 MiB of memory".into())),
        }
    }

    /// An answer from the process that is there, or from a new one.
    fn ask(&self, old: Option<Process>, line: &str) -> Result<(Process, Reply), EngineError> {
        if let Some(mut process) = old {
            match process.ask(line, TIME_LIMIT) {
                Ok(reply) => return Ok((process, reply)),
                // It may have ended since its last answer, through no fault of this template.
                Err(Failure::Died(how)) => tracing::info!(how, "the template helper starts again"),
                Err(failure) => return Err(in_words(failure)),
            }
        }
        let mut process = Process::start(&self.program)?;
        let reply = process.ask(line, TIME_LIMIT).map_err(in_words)?;
        Ok((process, reply))
    }
}

fn check(input: &RenderInput) -> Result<(), EngineError> {
    if input.template.is_empty() {
        return Err(template_error("it is empty".into()));
    }
    if input.template.len() > MAX_TEMPLATE_BYTES {
        return Err(template_error("its source is longer than 256 KiB".into()));
    }
    if let Some(name) = RESERVED
        .iter()
        .find(|name| input.kwargs.contains_key(**name))
    {
        let message = format!("chat_template_kwargs: '{name}' comes from the conversation");
        return Err(EngineError::BadRequest { message });
    }
    let unknown = input
        .messages
        .iter()
        .find(|message| !ROLES.contains(&message.role.as_str()));
    unknown.map_or(Ok(()), |message| {
        let (role, known) = (shortened(&message.role, 40), ROLES.join(", "));
        let message = format!("messages: the role '{role}' is not one of {known}");
        Err(EngineError::BadRequest { message })
    })
}

/// Whether a nonce occurs anywhere that a template can take text from.
fn occurs(input: &RenderInput, nonce: &str) -> bool {
    input.template.contains(nonce)
        || input.bos.contains(nonce)
        || input.eos.contains(nonce)
        || input
            .messages
            .iter()
            .any(|message| message.content.contains(nonce))
        || input
            .kwargs
            .iter()
            .any(|(name, value)| name.contains(nonce) || value.to_string().contains(nonce))
}

fn in_words(failure: Failure) -> EngineError {
    tracing::warn!(%failure, "the template helper is ended");
    match failure {
        Failure::TimedOut => template_error("it took longer than 1 s".into()),
        Failure::Died(how) => template_error(format!(
            "it crashed its process ({how}); it nests too deeply or takes too much memory"
        )),
        Failure::Nonsense(detail) => EngineError::Internal { detail },
    }
}

const fn template_error(reason: String) -> EngineError {
    EngineError::Template { reason }
}

fn too_long() -> EngineError {
    template_error("the prompt that it made is longer than 2 MiB".into())
}

/// llama.cpp's error without the excerpt of the source that it draws: the words after the last
/// `Error: `, and where that was. Without such a mark (a syntax error), the first line.
fn plain(reason: &str) -> String {
    let reason = reason.trim();
    let Some((before, words)) = reason.rsplit_once("Error: ") else {
        return shortened(reason.lines().next().unwrap_or_default(), MAX_REASON_BYTES);
    };
    let words = shortened(words.lines().next().unwrap_or_default(), MAX_REASON_BYTES);
    let words = words.strip_prefix("Jinja Exception: ").unwrap_or(&words);
    let place = before
        .rsplit_once(" at line ")
        .and_then(|(_, place)| place.split_once(" in source"))
        .map(|(place, _)| place);
    match place {
        Some(place) => format!("{words} (line {place})"),
        None => words.to_owned(),
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most)
        .rev()
        .find(|end| text.is_char_boundary(*end))
        .unwrap_or(0);
    format!("{}…", &text[..end])
}

//! Keeps control tokens that users wrote from becoming control tokens.
//!
//! Before a template is rendered, such a text inside a message becomes a marker: digits that
//! nobody can foresee. After it, the markers are turned back, as pieces of their own that are
//! tokenised without control tokens. Digits survive what templates do to messages: trimming,
//! upper case, JSON. A marker that a template dropped is just gone.

mod control_tokens;

use std::collections::{BTreeMap, HashMap};

use hearth_api::{ChatMessage, EngineError, TextPiece};
use serde_json::Value;

use control_tokens::ControlTokens;
pub(crate) use control_tokens::Origin;

/// Digits after the nonce: the number of the masked text.
const INDEX_DIGITS: usize = 8;

/// Replaces control tokens by markers, and knows what each marker stands for.
#[derive(Debug)]
pub(crate) struct Masker<'a> {
    tokens: ControlTokens<'a>,
    nonce: String,
    /// What the markers stand for, by number.
    texts: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl<'a> Masker<'a> {
    /// A masker with a fresh nonce that occurs in none of `inputs`.
    ///
    /// # Errors
    /// [`EngineError::Internal`] where the system has no random numbers.
    pub(crate) fn new(
        control_tokens: &'a [String],
        occurs: impl Fn(&str) -> bool,
    ) -> Result<Self, EngineError> {
        let mut nonce = fresh_nonce()?;
        while occurs(&nonce) {
            nonce = fresh_nonce()?;
        }
        Ok(Self {
            tokens: ControlTokens::new(control_tokens),
            nonce,
            texts: Vec::new(),
            numbers: HashMap::new(),
        })
    }

    /// The text with markers.
    pub(crate) fn mask(&mut self, text: &str, origin: Origin) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut done = 0;
        for stretch in self.tokens.stretches(text, origin) {
            masked.push_str(&text[done..stretch.start]);
            let number = self.number_of(&text[stretch.clone()]);
            masked.push_str(&self.marker(number));
            done = stretch.end;
        }
        masked.push_str(&text[done..]);
        masked
    }

    /// The messages with markers in their contents.
    pub(crate) fn mask_messages(&mut self, messages: &[ChatMessage]) -> Vec<ChatMessage> {
        messages
            .iter()
            .map(|message| ChatMessage {
                role: message.role.clone(),
                content: self.mask(&message.content, Origin::Message),
            })
            .collect()
    }

    /// The template's extra variables with markers in their texts: some carry documents.
    pub(crate) fn mask_kwargs(
        &mut self,
        kwargs: &BTreeMap<String, Value>,
    ) -> BTreeMap<String, Value> {
        kwargs
            .iter()
            .map(|(name, value)| (name.clone(), self.mask_value(value)))
            .collect()
    }

    fn mask_value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.mask(text, Origin::Variable)),
            Value::Array(items) => items.iter().map(|item| self.mask_value(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| (self.mask(name, Origin::Variable), self.mask_value(field)))
                .collect(),
            other => other.clone(),
        }
    }

    /// Turns the markers in a rendered prompt back.
    pub(crate) fn split(&self, prompt: &str) -> Vec<TextPiece> {
        let mut pieces = Vec::new();
        let mut rest = prompt;
        let mut searched = 0;
        while let Some(at) = rest[searched..].find(&self.nonce).map(|at| searched + at) {
            let after = at + self.nonce.len();
            let text = rest
                .get(after..after + INDEX_DIGITS)
                .and_then(|digits| digits.parse::<usize>().ok())
                .and_then(|number| self.texts.get(number));
            if let Some(text) = text {
                add(&mut pieces, &rest[..at], true);
                add(&mut pieces, text, false);
                rest = &rest[after + INDEX_DIGITS..];
                searched = 0;
            } else {
                // A template cut the marker: what is left of it is harmless digits.
                searched = after;
            }
        }
        add(&mut pieces, rest, true);
        pieces
    }

    fn marker(&self, number: usize) -> String {
        format!("{}{number:0INDEX_DIGITS$}", self.nonce)
    }

    fn number_of(&mut self, text: &str) -> usize {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len();
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

fn add(pieces: &mut Vec<TextPiece>, text: &str, parse_special: bool) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.parse_special == parse_special => last.text.push_str(text),
        _ => pieces.push(TextPiece {
            text: text.to_owned(),
            parse_special,
        }),
    }
}

/// 64 random bits as 20 digits.
fn fresh_nonce() -> Result<String, EngineError> {
    let number = getrandom::u64().map_err(|error| EngineError::Internal {
        detail: format!("no random numbers: {error}"),
    })?;
    Ok(format!("{number:020}"))
}

#[cfg(test)]
mod tests;

//! Keeps control tokens that users wrote from becoming control tokens.
//!
//! Before a template is rendered, such a text inside a message becomes a marker: digits that
//! nobody can foresee. After it, the markers are turned back, as pieces of their own that are
//! tokenised without control tokens. Digits survive what templates do to messages: trimming,
//! upper case, JSON. A marker that a template dropped is just gone.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use hearth_api::{ChatMessage, EngineError, TextPiece};
use serde_json::Value;

/// Digits after the nonce: the number of the masked text.
const INDEX_DIGITS: usize = 8;

/// The texts that the tokenizer turns into control tokens, ready to be searched.
#[derive(Debug)]
pub(crate) struct ControlTokens<'a> {
    whole: HashSet<&'a str>,
    /// Their lengths in bytes, longest first.
    lengths: Vec<usize>,
    /// Sorted, to find those that begin with a text.
    sorted: Vec<&'a str>,
    /// Backwards and sorted, to find those that end with a text.
    backwards: Vec<Vec<u8>>,
}

impl<'a> ControlTokens<'a> {
    pub(crate) fn new(texts: &'a [String]) -> Self {
        let sorted: BTreeSet<&str> = texts
            .iter()
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .collect();
        let lengths: BTreeSet<usize> = sorted.iter().map(|text| text.len()).collect();
        let mut backwards: Vec<Vec<u8>> = sorted
            .iter()
            .map(|text| text.bytes().rev().collect())
            .collect();
        backwards.sort_unstable();
        Self {
            whole: sorted.iter().copied().collect(),
            lengths: lengths.into_iter().rev().collect(),
            sorted: sorted.into_iter().collect(),
            backwards,
        }
    }

    /// The stretches of a text that must not be parsed: in order, none touching another.
    ///
    /// Besides whole control tokens these are a begin and an end that would be one together with
    /// what the template or the neighbouring message puts there, with and without the white space
    /// that templates trim; in a [`Origin::Message`] also a text that is the middle of one.
    fn stretches(&self, text: &str, origin: Origin) -> Vec<Range<usize>> {
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len().max(start);
        let mut found = self.whole_tokens(text);
        for within in [0..text.len(), start..end] {
            let part = &text[within.clone()];
            if origin == Origin::Message && self.any_surrounds(part) {
                found.push(within);
                continue;
            }
            found.extend(
                self.begin(part)
                    .map(|length| within.start..within.start + length),
            );
            found.extend(self.end(part).map(|at| within.start + at..within.end));
        }
        joined(found)
    }

    /// Every control token; where two begin at the same place, the longer one.
    fn whole_tokens(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let longest = self.lengths.iter().copied().find(|length| {
                text.get(at..at + length)
                    .is_some_and(|part| self.whole.contains(part))
            });
            if let Some(length) = longest {
                found.push(at..at + length);
            }
            at += longest.unwrap_or_else(|| text[at..].chars().next().map_or(1, char::len_utf8));
        }
        found
    }

    /// The length of the longest begin of `part` that is the end of a control token.
    fn begin(&self, part: &str) -> Option<usize> {
        self.parts_of_tokens(part).find(|length| {
            part.get(..*length)
                .is_some_and(|begin| self.any_ends_with(begin))
        })
    }

    /// Where the longest end of `part` starts that is the begin of a control token.
    fn end(&self, part: &str) -> Option<usize> {
        self.parts_of_tokens(part)
            .map(|length| part.len() - length)
            .find(|at| part.get(*at..).is_some_and(|end| self.any_begins_with(end)))
    }

    /// Lengths that a stretch of `part` and a part of a control token can share, longest first.
    fn parts_of_tokens(&self, part: &str) -> impl Iterator<Item = usize> + use<> {
        let longest = self.lengths.first().copied().unwrap_or(0);
        (1..longest.min(part.len() + 1)).rev()
    }

    fn any_surrounds(&self, part: &str) -> bool {
        let longest = self.lengths.first().copied().unwrap_or(0);
        !part.is_empty()
            && part.len() < longest
            && self.sorted.iter().any(|token| token.contains(part))
    }

    fn any_begins_with(&self, part: &str) -> bool {
        let at = self.sorted.partition_point(|token| *token < part);
        self.sorted
            .get(at)
            .is_some_and(|token| token.starts_with(part))
    }

    fn any_ends_with(&self, part: &str) -> bool {
        let part: Vec<u8> = part.bytes().rev().collect();
        let at = self.backwards.partition_point(|token| *token < part);
        self.backwards
            .get(at)
            .is_some_and(|token| token.starts_with(&part))
    }
}

/// Where a text comes from that a template gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The content of a message.
    Message,
    /// An extra variable of the template. Templates compare those (`reasoning_effort == 'low'`),
    /// so a short one must not be masked for being the middle of some control token.
    Variable,
}

fn joined(mut stretches: Vec<Range<usize>>) -> Vec<Range<usize>> {
    stretches.sort_by_key(|stretch| stretch.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        match joined.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => joined.push(stretch),
        }
    }
    joined
}

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

//! Where control tokens, or parts of them, stand in a text.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// Where a text comes from that a template gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The content of a message.
    Message,
    /// An extra variable of the template. Templates compare those (`reasoning_effort == 'low'`),
    /// so a short one must not be masked for being the middle of some control token.
    Variable,
}

/// The texts that the tokenizer turns into control tokens, ready to be searched.
#[derive(Debug)]
pub(super) struct ControlTokens<'a> {
    whole: HashSet<&'a str>,
    /// Their lengths in bytes, longest first.
    lengths: Vec<usize>,
    /// The bytes that they begin with: most texts have few of those.
    firsts: HashSet<u8>,
    /// Sorted, to find those that begin with a text.
    sorted: Vec<&'a str>,
    /// Backwards and sorted, to find those that end with a text.
    backwards: Vec<Vec<u8>>,
}

impl<'a> ControlTokens<'a> {
    pub(super) fn new(texts: &'a [String]) -> Self {
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
            firsts: sorted
                .iter()
                .filter_map(|text| text.bytes().next())
                .collect(),
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
    pub(super) fn stretches(&self, text: &str, origin: Origin) -> Vec<Range<usize>> {
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
        while let Some(first) = text.as_bytes().get(at) {
            let longest = self.lengths_of(*first).find(|length| {
                text.get(at..at + length)
                    .is_some_and(|part| self.whole.contains(part))
            });
            found.extend(longest.map(|length| at..at + length));
            at += longest.unwrap_or(1);
        }
        found
    }

    fn lengths_of(&self, first: u8) -> impl Iterator<Item = usize> {
        let lengths: &[usize] = if self.firsts.contains(&first) {
            &self.lengths
        } else {
            &[]
        };
        lengths.iter().copied()
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

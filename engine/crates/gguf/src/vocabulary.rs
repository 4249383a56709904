//! Finds vocabulary entries that llama.cpp would take for equal: it ends its process over them.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::error::{GgufError, GgufErrorKind};

/// The entries so far, as 128-bit hashes under keys that no file can know beforehand. (Two
/// different entries of a million look equal with a chance of 10^-27.)
#[derive(Default)]
pub(crate) struct Vocabulary {
    first: RandomState,
    second: RandomState,
    seen: HashSet<u128>,
    /// Indices of empty entries, ascending; llama.cpp calls them `[EMPTY_<index>]`.
    empty: Vec<u64>,
    /// Indices of which an entry bears the name already.
    named_empty: HashSet<u64>,
}

impl Vocabulary {
    /// Adds an entry the way llama.cpp reads it: up to its first zero byte.
    pub(crate) fn add(&mut self, index: u64, text: &str) -> Result<(), GgufError> {
        let text = text.split('\0').next().unwrap_or_default();
        let new = if text.is_empty() {
            self.empty.push(index);
            !self.named_empty.contains(&index)
        } else {
            self.insert(text)
        };
        if new {
            return Ok(());
        }
        let shown: String = text.chars().take(40).collect();
        let reason = format!("its vocabulary holds “{}” twice", shown.escape_debug());
        Err(GgufError::new(GgufErrorKind::Duplicate, reason))
    }

    fn insert(&mut self, text: &str) -> bool {
        let high = u128::from(self.first.hash_one(text));
        let low = u128::from(self.second.hash_one(text));
        let index = text
            .strip_prefix("[EMPTY_")
            .and_then(|rest| rest.strip_suffix(']'))
            .and_then(|index| index.parse().ok())
            .filter(|index| text == format!("[EMPTY_{index}]"));
        if let Some(index) = index {
            self.named_empty.insert(index);
            if self.empty.binary_search(&index).is_ok() {
                return false;
            }
        }
        self.seen.insert(high << 64 | low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_double(entries: &[&str]) -> Option<usize> {
        let mut vocabulary = Vocabulary::default();
        (0_u64..)
            .zip(entries)
            .position(|(index, text)| vocabulary.add(index, text).is_err())
    }

    #[test]
    fn finds_what_llama_cpp_takes_for_equal() {
        assert_eq!(first_double(&["a", "b", "a"]), Some(2));
        assert_eq!(first_double(&["a\0b", "a\0c"]), Some(1));
        assert_eq!(first_double(&["[EMPTY_1]", ""]), Some(1));
        assert_eq!(first_double(&["", "[EMPTY_0]"]), Some(1));
    }

    #[test]
    fn passes_empty_entries_and_near_misses() {
        assert_eq!(first_double(&["", "", "\0", " ", "a", "A", "a "]), None);
        assert_eq!(first_double(&["", "[EMPTY_00]", "[EMPTY_1]"]), None);
    }
}

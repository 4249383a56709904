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
}

impl Vocabulary {
    /// Adds an entry the way llama.cpp reads it: up to its first zero byte, and by a made-up
    /// name where nothing is left.
    pub(crate) fn add(&mut self, index: u64, text: &str) -> Result<(), GgufError> {
        let text = text.split('\0').next().unwrap_or_default();
        let new = if text.is_empty() {
            self.insert(&format!("[EMPTY_{index}]"))
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
    }

    #[test]
    fn passes_empty_entries_and_near_misses() {
        assert_eq!(first_double(&["", "", "\0", " ", "a", "A", "a "]), None);
    }
}

//! Text out of bytes that arrive in pieces.

/// Turns a stream of bytes into text without ever giving out half a character.
///
/// A token can end in the middle of a Persian letter, a Chinese character or an emoji; what is
/// incomplete waits for its other bytes. Bytes that can't be UTF-8 become U+FFFD, so that all
/// pieces together are exactly what [`String::from_utf8_lossy`] makes of all bytes together.
#[derive(Debug, Default, Clone)]
pub struct IncrementalUtf8 {
    /// The begin of a character, at most three bytes.
    pending: Vec<u8>,
}

impl IncrementalUtf8 {
    /// An empty stream.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            pending: Vec::new(),
        }
    }

    /// Takes more bytes and gives the characters that are now whole.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.pending.len());
        let mut rest = self.pending.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    rest = after;
                    let Some(length) = error.error_len() else {
                        break;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &rest[length..];
                }
            }
        }
        let done = self.pending.len() - rest.len();
        self.pending.drain(..done);
        text
    }

    /// Ends the stream: an incomplete character becomes one U+FFFD.
    pub fn finish(&mut self) -> String {
        let text = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::IncrementalUtf8;

    /// Feeds `bytes` in pieces; `cuts` are the lengths of the pieces, repeated as needed.
    fn in_pieces(bytes: &[u8], cuts: &[usize]) -> Vec<String> {
        let mut stream = IncrementalUtf8::new();
        let mut pieces = Vec::new();
        let mut rest = bytes;
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            pieces.push(stream.push(piece));
            rest = after;
        }
        pieces.push(stream.finish());
        pieces
    }

    #[test]
    fn a_character_waits_for_its_last_byte() {
        for character in ["س", "你", "👨", "é"] {
            let mut stream = IncrementalUtf8::new();
            let (last, first) = character.as_bytes().split_last().expect("not empty");
            for byte in first {
                assert_eq!(stream.push(&[*byte]), "");
            }
            assert_eq!(stream.push(&[*last]), character);
            assert_eq!(stream.finish(), "");
        }
    }

    #[test]
    fn lone_bytes_become_replacement_characters() {
        let mut stream = IncrementalUtf8::new();
        assert_eq!(stream.push(b"a\xFFb"), "a\u{FFFD}b");
        assert_eq!(stream.push(b"\xE4\xBD"), "");
        assert_eq!(stream.push(b"c"), "\u{FFFD}c");
        assert_eq!(stream.push(b"\xF0\x9F\x91"), "");
        assert_eq!(stream.finish(), "\u{FFFD}");
        assert_eq!(stream.finish(), "");
    }

    fn foreign_text() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            Just("سلام دنیا! می‌خواهم کتابِ تازه‌ای بخوانم. ".to_owned()),
            Just("从前有一个小女孩，她喜欢在公园里玩。".to_owned()),
            Just("👩‍👩‍👧‍👦🏳️‍🌈🇮🇷👍🏽".to_owned()),
            any::<String>(),
        ];
        proptest::collection::vec(word, 0..6).prop_map(|words| words.concat())
    }

    fn cuts() -> impl Strategy<Value = Vec<usize>> {
        proptest::collection::vec(1_usize..7, 1..40)
    }

    // 2 x 1,000 cases with 50 ways to split each: 100,000 splits.
    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn text_survives_any_split(
            text in foreign_text(),
            splits in proptest::collection::vec(cuts(), 50),
        ) {
            for cuts in &splits {
                let pieces = in_pieces(text.as_bytes(), cuts);
                let broken = pieces.concat().contains(char::REPLACEMENT_CHARACTER);
                prop_assert_eq!(broken, text.contains(char::REPLACEMENT_CHARACTER));
                prop_assert_eq!(pieces.concat(), text.as_str());
            }
        }

        #[test]
        fn any_bytes_decode_as_the_whole_does(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), 0x80_u8..=0xBF, 0xC0_u8..=0xFF], 0..60),
            splits in proptest::collection::vec(cuts(), 50),
        ) {
            let whole = String::from_utf8_lossy(&bytes);
            for cuts in &splits {
                prop_assert_eq!(in_pieces(&bytes, cuts).concat(), whole.as_ref());
            }
        }
    }
}

//! Stop texts in an answer that arrives in pieces.

/// What [`StopMatcher::push`] gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Text that is surely part of the answer.
    pub text: String,
    /// Whether a stop text was found. The answer ends before it.
    pub stopped: bool,
}

/// Finds stop texts across the borders of pieces.
///
/// The answer ends as soon as a stop text is complete; where two are complete at the same
/// character, the longer one is cut off. That does not depend on how the answer was split. Only
/// what could still become a stop text is held back.
#[derive(Debug, Clone)]
pub struct StopMatcher {
    stops: Vec<String>,
    held: String,
    stopped: bool,
}

impl StopMatcher {
    /// A matcher of these texts; empty ones are left out.
    #[must_use]
    pub fn new(mut stops: Vec<String>) -> Self {
        stops.retain(|stop| !stop.is_empty());
        Self {
            stops,
            held: String::new(),
            stopped: false,
        }
    }

    /// Takes the next piece of the answer. After a stop text was found it gives nothing more.
    pub fn push(&mut self, piece: &str) -> Stopped {
        if self.stopped {
            return Stopped {
                text: String::new(),
                stopped: true,
            };
        }
        self.held.push_str(piece);
        if let Some(end) = self.first_stop() {
            self.stopped = true;
            let mut text = std::mem::take(&mut self.held);
            text.truncate(end);
            return Stopped {
                text,
                stopped: true,
            };
        }
        let keep = self.possible_start();
        let held = self.held.split_off(keep);
        Stopped {
            text: std::mem::replace(&mut self.held, held),
            stopped: false,
        }
    }

    /// Ends the answer and gives what was held back.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// Where the first complete stop text begins.
    fn first_stop(&self) -> Option<usize> {
        self.stops
            .iter()
            .filter_map(|stop| {
                self.held
                    .find(stop.as_str())
                    .map(|start| (start + stop.len(), start))
            })
            .min()
            .map(|(_, start)| start)
    }

    /// Where the longest end of the text begins that begins a stop text.
    fn possible_start(&self) -> usize {
        let longest = self.stops.iter().map(String::len).max().unwrap_or(0);
        let earliest = self.held.len().saturating_sub(longest.saturating_sub(1));
        self.held
            .char_indices()
            .map(|(start, _)| start)
            .filter(|start| *start >= earliest)
            .find(|start| {
                self.stops
                    .iter()
                    .any(|stop| stop.starts_with(&self.held[*start..]))
            })
            .unwrap_or(self.held.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{StopMatcher, Stopped};

    /// The rule, on the whole text: the first end, then the longest stop text.
    fn naive(text: &str, stops: &[String]) -> (String, bool) {
        for end in text.char_indices().map(|(at, c)| at + c.len_utf8()) {
            let longest = stops
                .iter()
                .filter(|stop| !stop.is_empty() && text[..end].ends_with(stop.as_str()))
                .map(String::len)
                .max();
            if let Some(length) = longest {
                return (text[..end - length].to_owned(), true);
            }
        }
        (text.to_owned(), false)
    }

    fn matched(pieces: &[String], stops: &[String]) -> (String, bool) {
        let mut matcher = StopMatcher::new(stops.to_vec());
        let mut answer = String::new();
        let mut ended = false;
        for piece in pieces {
            let Stopped { text, stopped } = matcher.push(piece);
            answer.push_str(&text);
            ended = stopped;
        }
        answer.push_str(&matcher.finish());
        (answer, ended)
    }

    #[test]
    fn a_stop_text_is_found_across_pieces() {
        let mut matcher = StopMatcher::new(vec!["###".into(), "پایان".into()]);
        assert_eq!(
            matcher.push("Hello #"),
            Stopped {
                text: "Hello ".into(),
                stopped: false
            }
        );
        assert_eq!(
            matcher.push("#"),
            Stopped {
                text: String::new(),
                stopped: false
            }
        );
        assert_eq!(
            matcher.push(" x پای"),
            Stopped {
                text: "## x ".into(),
                stopped: false
            }
        );
        assert_eq!(
            matcher.push("ان و"),
            Stopped {
                text: String::new(),
                stopped: true
            }
        );
        assert_eq!(
            matcher.push("more"),
            Stopped {
                text: String::new(),
                stopped: true
            }
        );
        assert_eq!(matcher.finish(), "");
    }

    #[test]
    fn the_end_gives_what_was_held_back() {
        let mut matcher = StopMatcher::new(vec!["</s>".into()]);
        assert_eq!(matcher.push("a </").text, "a ");
        assert_eq!(matcher.finish(), "</");
    }

    #[test]
    fn nothing_is_held_back_without_stop_texts() {
        let mut matcher = StopMatcher::new(vec![String::new()]);
        assert_eq!(
            matcher.push("abc"),
            Stopped {
                text: "abc".into(),
                stopped: false
            }
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn any_split_gives_what_the_whole_gives(
            pieces in proptest::collection::vec("[ab#س你]{0,4}", 0..12),
            stops in proptest::collection::vec("[ab#س你]{0,4}", 0..4),
        ) {
            prop_assert_eq!(matched(&pieces, &stops), naive(&pieces.concat(), &stops));
        }

        #[test]
        fn only_the_begin_of_a_stop_text_is_held_back(
            pieces in proptest::collection::vec("[ab#س你]{0,4}", 0..12),
            stops in proptest::collection::vec("[ab#س你]{1,4}", 1..4),
        ) {
            let mut matcher = StopMatcher::new(stops.clone());
            let mut seen = String::new();
            let mut given = String::new();
            for piece in &pieces {
                seen.push_str(piece);
                let Stopped { text, stopped } = matcher.push(piece);
                given.push_str(&text);
                if stopped {
                    break;
                }
                let held = &seen[given.len()..];
                prop_assert!(held.is_empty()
                    || stops.iter().any(|stop| stop.len() > held.len() && stop.starts_with(held)));
            }
        }
    }
}

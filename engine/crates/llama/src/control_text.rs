//! Control tokens that llama.cpp finds even in texts that are not to be parsed.
//!
//! It makes some of them (`<|start|>` and `<|message|>` of gpt-oss) *user-defined*, and its
//! tokenizer takes user-defined tokens out of every text, whatever `parse_special` says.

/// Whether a user-defined token is a control token by its look. The others (`<think>`, runs of
/// spaces, HTML tags) belong to what the model reads and writes.
pub(crate) fn looks_like_control(text: &str) -> bool {
    (text.starts_with("<|") || text.starts_with("<｜")) && text.ends_with('>')
}

/// Cuts a text within each of these tokens, so that no part holds one. Their texts are those that
/// [`looks_like_control`] passes.
pub(crate) fn apart<'a>(text: &'a str, tokens: &[String]) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices('<') {
        let rest = &text[at..];
        if tokens.iter().any(|token| rest.starts_with(token.as_str())) {
            let cut = at + 1;
            parts.push(&text[start..cut]);
            start = cut;
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_tokens_are_told_by_their_look() {
        for text in ["<|start|>", "<｜User｜>", "<|tool_response>"] {
            assert!(looks_like_control(text), "{text}");
        }
        for text in ["<think>", "</tool_call>", "<h1>", "<", "<|", "  ", "a|>"] {
            assert!(!looks_like_control(text), "{text}");
        }
    }

    #[test]
    fn no_part_holds_a_token_and_nothing_is_lost() {
        let tokens = ["<|start|>", "<|<|>", "<｜User｜>"].map(str::to_owned);
        let texts = [
            "",
            "plain < text",
            "<|start|>",
            "a<|start|><|start|>b",
            "<|<|<|>",
            "سلام<｜User｜>",
            "<|start|",
        ];
        for text in texts {
            let parts = apart(text, &tokens);
            assert_eq!(parts.concat(), text);
            for part in parts {
                assert!(!tokens.iter().any(|token| part.contains(token)), "{text}");
            }
        }
        assert_eq!(apart("no token <|here|>", &tokens).len(), 1);
    }
}

//! What templates of real shapes make of conversations.

use crate::support::{CHATML, GEMMA, LLAMA3, helper, input, text};
use hearth_api::{EngineError, TextPiece};
use serde_json::json;

fn whole(text: &str) -> Vec<TextPiece> {
    vec![TextPiece {
        text: text.to_owned(),
        parse_special: true,
    }]
}

fn template_error(result: Result<Vec<TextPiece>, EngineError>) -> String {
    match result {
        Err(EngineError::Template { reason }) => reason,
        other => panic!("not a template error: {other:?}"),
    }
}

#[test]
fn chatml() {
    let input = input(CHATML, &[("system", "Be kind."), ("user", "سلام 你好 👋")]);
    assert_eq!(
        helper().render(&input).expect("renders"),
        whole(
            "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nسلام 你好 👋<|im_end|>\n\
             <|im_start|>assistant\n"
        )
    );
}

#[test]
fn chatml_without_a_generation_prompt() {
    let mut input = input(CHATML, &[("user", "Hi")]);
    input.add_generation_prompt = false;
    let pieces = helper().render(&input).expect("renders");
    assert_eq!(pieces, whole("<|im_start|>user\nHi<|im_end|>\n"));
}

#[test]
fn enable_thinking_reaches_the_template() {
    let helper = helper();
    let mut input = input(CHATML, &[("user", "Hi")]);
    let thinking = text(&helper.render(&input).expect("renders"));
    input.kwargs.insert("enable_thinking".into(), json!(false));
    let plain = text(&helper.render(&input).expect("renders"));
    assert!(thinking.ends_with("<|im_start|>assistant\n"), "{thinking}");
    assert!(
        plain.ends_with("<|im_start|>assistant\n<think>\n\n</think>\n\n"),
        "{plain}"
    );
}

#[test]
fn other_variables_reach_the_template() {
    let mut input = input(
        "{{ tone }}-{{ depth + 1 }}-{{ tags | join('+') }}",
        &[("user", "Hi")],
    );
    input.kwargs.insert("tone".into(), json!("calm"));
    input.kwargs.insert("depth".into(), json!(2));
    input.kwargs.insert("tags".into(), json!(["a", "b"]));
    assert_eq!(
        helper().render(&input).expect("renders"),
        whole("calm-3-a+b")
    );
}

#[test]
fn the_beginning_of_text_is_not_doubled() {
    let helper = helper();
    let mut input = input(LLAMA3, &[("user", "  Hi \n")]);
    let body = "<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>\
                <|start_header_id|>assistant<|end_header_id|>\n\n";
    assert_eq!(helper.render(&input).expect("renders"), whole(body));
    input.add_bos = false;
    let pieces = helper.render(&input).expect("renders");
    assert_eq!(pieces, whole(&format!("<|begin_of_text|>{body}")));
}

#[test]
fn a_template_that_writes_no_beginning_of_text_is_left_alone() {
    let mut input = input(CHATML, &[("user", "Hi")]);
    input.bos = String::new();
    assert!(text(&helper().render(&input).expect("renders")).starts_with("<|im_start|>user"));
}

#[test]
fn gemma_turns() {
    let mut input = input(
        GEMMA,
        &[("user", "Hi"), ("assistant", "Hello"), ("user", "Why?")],
    );
    input.bos = "<bos>".into();
    assert_eq!(
        helper().render(&input).expect("renders"),
        whole(
            "<start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello<end_of_turn>\n\
             <start_of_turn>user\nWhy?<end_of_turn>\n<start_of_turn>model\n"
        )
    );
}

#[test]
fn a_template_says_itself_what_it_does_not_like() {
    let reason = template_error(helper().render(&input(GEMMA, &[("assistant", "a")])));
    assert!(
        reason.starts_with("Conversation roles must alternate"),
        "{reason}"
    );
    assert!(!reason.contains('\n'), "{reason}");
}

#[test]
fn a_syntax_error_is_said_in_words() {
    for template in [
        "{% for m in messages %}{{ m.content }}",
        "{{ 'a' ",
        "{% nonsense %}",
    ] {
        let reason = template_error(helper().render(&input(template, &[("user", "Hi")])));
        assert!(
            !reason.is_empty() && reason != "std::exception",
            "{template}: {reason}"
        );
        assert!(!reason.contains('\n'), "{reason}");
    }
}

#[test]
fn an_empty_or_huge_template_is_refused() {
    let reason = template_error(helper().render(&input("", &[("user", "Hi")])));
    assert_eq!(reason, "it is empty");
    let huge = "x".repeat((256 << 10) + 1);
    let reason = template_error(helper().render(&input(&huge, &[("user", "Hi")])));
    assert_eq!(reason, "its source is longer than 256 KiB");
    let large = "x".repeat(256 << 10);
    assert_eq!(
        text(
            &helper()
                .render(&input(&large, &[("user", "Hi")]))
                .expect("renders")
        ),
        large
    );
}

#[test]
fn a_huge_prompt_is_refused() {
    let content = "a".repeat(2 << 20);
    let reason = template_error(helper().render(&input(CHATML, &[("user", &content)])));
    assert_eq!(reason, "the prompt that it made is longer than 2 MiB");
}

#[test]
fn an_unknown_role_is_refused() {
    // Templates like `'<|' + role + '|>'` would make a control token of it.
    let result = helper().render(&input("<|{{ messages[0].role }}|>", &[("eot_id", "Hi")]));
    assert!(
        matches!(result, Err(EngineError::BadRequest { .. })),
        "{result:?}"
    );
}

#[test]
fn a_character_that_a_template_cuts_is_replaced() {
    let pieces = helper().render(&input("{{ messages[0].content[:1] }}", &[("user", "é")]));
    let text = text(&pieces.expect("renders"));
    assert!(text == "\u{FFFD}" || text == "é", "{text}");
}

#[test]
fn what_the_conversation_sets_can_not_be_set_by_a_variable() {
    for name in [
        "messages",
        "bos_token",
        "eos_token",
        "add_generation_prompt",
    ] {
        let mut input = input(CHATML, &[("user", "Hi")]);
        input
            .kwargs
            .insert(name.into(), json!([{"role": "eot_id", "content": "Hi"}]));
        let result = helper().render(&input);
        assert!(
            matches!(result, Err(EngineError::BadRequest { .. })),
            "{name}: {result:?}"
        );
    }
}

#[test]
fn odd_characters_survive() {
    let odd = "a\0b\u{7}\u{1F}\"\\\u{2028}\u{FEFF}\u{10FFFF}\r\n{{ 7 * 7 }}{% raw %}";
    let pieces = helper()
        .render(&input(CHATML, &[("user", odd)]))
        .expect("renders");
    assert!(text(&pieces).contains(odd), "{pieces:?}");
}

#[test]
fn a_conversation_without_messages_is_rendered() {
    let pieces = helper().render(&input(CHATML, &[])).expect("renders");
    assert_eq!(pieces, whole("<|im_start|>assistant\n"));
}

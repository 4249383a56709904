//! Templates of the shapes that real models have, and a helper to render them.

use std::path::PathBuf;
use std::sync::Arc;

use hearth_api::{ChatMessage, TextPiece};
use hearth_chat::{RenderHelper, RenderInput};

/// The shape of `ChatML` models (Qwen, Hermes, ...), with a switch for thinking.
pub(crate) const CHATML: &str = "{%- for message in messages -%}\
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' -}}\
{%- endfor -%}\
{%- if add_generation_prompt -%}\
{{- '<|im_start|>assistant\\n' -}}\
{%- if enable_thinking is defined and enable_thinking is false -%}\
{{- '<think>\\n\\n</think>\\n\\n' -}}\
{%- endif -%}\
{%- endif -%}";

/// The shape of Llama 3: it writes the beginning-of-text token itself and trims contents.
pub(crate) const LLAMA3: &str = "{% set loop_messages = messages %}\
{% for message in loop_messages %}\
{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'\
 + message['content'] | trim + '<|eot_id|>' %}\
{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}\
{{ content }}\
{% endfor %}\
{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

/// The shape of Gemma: no system role, strict turns.
pub(crate) const GEMMA: &str = "{{ bos_token }}\
{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}\
{% for message in messages %}\
{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}\
{% endif %}\
{% if (message['role'] == 'assistant') %}{% set role = 'model' %}\
{% else %}{% set role = message['role'] %}{% endif %}\
{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}\
{% endfor %}\
{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}";

/// Writes a text of 10 * 2^60 characters, but not while llama.cpp tries the template out.
pub(crate) const DOUBLING: &str = "{% if messages[0].content == 'Hi' %}\
{% set ns = namespace(s='0123456789') %}\
{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}{% endif %}";

/// The control tokens of all three.
pub(crate) const CONTROL: [&str; 9] = [
    "<|im_start|>",
    "<|im_end|>",
    "<|begin_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<bos>",
    "<start_of_turn>",
    "<end_of_turn>",
];

/// The example program `render_helper`, which `cargo test` builds beside the tests.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let profile = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("target folder");
    let name = format!("render_helper{}", std::env::consts::EXE_SUFFIX);
    profile.join("examples").join(name)
}

/// A helper that has not been started yet.
pub(crate) fn helper() -> RenderHelper {
    RenderHelper::new(program())
}

/// A message.
pub(crate) fn message(role: &str, content: &str) -> ChatMessage {
    ChatMessage {
        role: role.to_owned(),
        content: content.to_owned(),
    }
}

/// What a worker would ask for.
pub(crate) fn input(template: &str, messages: &[(&str, &str)]) -> RenderInput {
    let control: Vec<String> = CONTROL.iter().map(ToString::to_string).collect();
    RenderInput {
        template: template.to_owned(),
        bos: "<|begin_of_text|>".to_owned(),
        eos: "<|eot_id|>".to_owned(),
        add_bos: true,
        messages: messages
            .iter()
            .map(|(role, content)| message(role, content))
            .collect(),
        add_generation_prompt: true,
        control_tokens: Arc::from(control),
        ..RenderInput::default()
    }
}

/// The whole text, as a model without control tokens would read it.
pub(crate) fn text(pieces: &[TextPiece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

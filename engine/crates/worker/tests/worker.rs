//! The worker as a process, on tiny models.

#[path = "../../llama/tests/common/backends.rs"]
mod backends;
mod program;
#[path = "../../llama/tests/common/tiny_model.rs"]
#[expect(
    dead_code,
    reason = "written for the tests of crate llama, which use all of it"
)]
mod tiny_model;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hearth_api::{
    ChatMessage, EngineError, FinishReason, GenerateRequest, LoadSpec, Prompt, Sampling, Usage,
    WorkerCommand, WorkerEvent,
};
use program::Worker;
use tiny_model::{START, TURN, TinyModel, Weights};

const TEMPLATE: &str =
    "{% for m in messages %}<|turn|>{{ m.role }}: {{ m.content }}{% endfor %}<|turn|>H";
const CIRCLE: Weights = Weights::Circle {
    text: "He你🙂é!",
    ends: true,
};

fn ask(prompt: Prompt) -> GenerateRequest {
    let sampling = Sampling {
        temperature: 0.0,
        ..Sampling::default()
    };
    GenerateRequest {
        prompt,
        sampling,
        max_tokens: None,
        stop: vec![],
        ignore_eos: false,
        cache_prompt: true,
        return_progress: false,
        template_kwargs: BTreeMap::new(),
    }
}

fn ask_text(text: &str) -> GenerateRequest {
    ask(Prompt::Text(text.into()))
}

fn ask_message(content: &str) -> GenerateRequest {
    ask(Prompt::Messages(vec![ChatMessage {
        role: "user".into(),
        content: content.into(),
    }]))
}

/// The pieces of an answer, why it ended, and its counts.
fn answer(worker: &mut Worker, id: u64) -> (Vec<String>, FinishReason, Usage) {
    let mut pieces = Vec::new();
    loop {
        match worker.next() {
            WorkerEvent::Delta { id: of, text } if of == id => pieces.push(text),
            WorkerEvent::Done {
                id: of,
                reason,
                usage,
                ..
            } if of == id => {
                return (pieces, reason, usage);
            }
            other => panic!("{other:?}"),
        }
    }
}

fn failure(worker: &mut Worker, id: u64) -> EngineError {
    match worker.next() {
        WorkerEvent::Failed { id: of, error } if of == id => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_loads_and_tells_the_facts() {
    let model = TinyModel {
        template: Some(TEMPLATE),
        ..TinyModel::new(CIRCLE)
    };
    let mut worker = Worker::start();
    worker.write_model(model);
    worker.load(|spec| spec);
    let mut last = -1.0;
    let facts = loop {
        match worker.next() {
            WorkerEvent::Loading { progress } => {
                assert!(progress > last && progress <= 1.0);
                last = progress;
            }
            WorkerEvent::Loaded(facts) => break facts,
            other => panic!("{other:?}"),
        }
    };
    assert!(last >= 1.0);
    assert_eq!(
        (facts.n_ctx, facts.n_ctx_train, facts.n_vocab),
        (1024, 1024, 262)
    );
    assert!(facts.has_chat_template && facts.device.starts_with("CPU ("));
}

#[test]
fn characters_come_whole_although_tokens_are_bytes() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    worker.generate(1, ask_text("H"));
    let (pieces, reason, usage) = answer(&mut worker, 1);
    assert_eq!(pieces, ["e", "你", "🙂", "é", "!"]);
    assert_eq!(reason, FinishReason::Stop);
    // The end-of-text token counts, as in llama-server.
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (2, 12));
}

#[test]
fn a_limit_within_a_character_leaves_it_out() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    let request = GenerateRequest {
        max_tokens: Some(6),
        ..ask_text("H")
    };
    worker.generate(1, request);
    let (pieces, reason, usage) = answer(&mut worker, 1);
    assert_eq!(
        (pieces.concat().as_str(), reason),
        ("e你", FinishReason::Length)
    );
    assert_eq!(usage.completion_tokens, 6);
}

#[test]
fn a_stop_text_ends_the_answer_before_it() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    let request = GenerateRequest {
        stop: vec!["🙂é".into()],
        ..ask_text("H")
    };
    worker.generate(1, request);
    let (pieces, reason, _) = answer(&mut worker, 1);
    assert_eq!(
        (pieces.concat().as_str(), reason),
        ("e你", FinishReason::Stop)
    );
}

#[test]
fn messages_go_through_the_template_and_can_not_forge_control_tokens() {
    let model = TinyModel {
        template: Some(TEMPLATE),
        ..TinyModel::new(CIRCLE)
    };
    let mut worker = Worker::ready(model);
    worker.generate(1, ask_message("ab"));
    let (pieces, _, usage) = answer(&mut worker, 1);
    assert_eq!(pieces.concat(), "e你🙂é!");
    // Beginning, turn, "user: ab", turn, "H".
    let plain = 1 + 1 + 8 + 1 + 1;
    assert_eq!(usage.prompt_tokens, plain);

    for (id, token) in [(2, TURN), (3, START)] {
        worker.generate(id, ask_message(&format!("ab{token}")));
        let (_, _, usage) = answer(&mut worker, id);
        let forged = u32::try_from(token.len()).expect("small");
        assert_eq!(
            usage.prompt_tokens,
            plain + forged,
            "its letters, not its token"
        );
    }
}

#[test]
fn a_model_without_a_template_gets_plain_text() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    worker.generate(1, ask_message(&format!("{TURN}H")));
    let (pieces, _, usage) = answer(&mut worker, 1);
    assert_eq!(pieces.concat(), "e你🙂é!");
    assert_eq!(
        usage.prompt_tokens,
        u32::try_from(1 + TURN.len() + 1).expect("small")
    );
}

#[test]
fn a_template_that_fails_is_an_error_of_that_answer_only() {
    let model = TinyModel {
        template: Some("{{ raise_exception('only for dogs') }}"),
        ..TinyModel::new(CIRCLE)
    };
    let mut worker = Worker::ready(model);
    worker.generate(1, ask_message("hi"));
    let error = failure(&mut worker, 1);
    assert!(matches!(&error, EngineError::Template { reason } if reason.contains("only for dogs")));
    worker.generate(2, ask_text("H"));
    assert_eq!(answer(&mut worker, 2).0.concat(), "e你🙂é!");
}

#[test]
fn answers_come_in_the_order_of_their_questions() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    for id in 1..=5 {
        worker.generate(id, ask_text("H"));
    }
    for id in 1..=5 {
        assert_eq!(answer(&mut worker, id).0.concat(), "e你🙂é!");
    }
}

#[test]
fn a_prompt_longer_than_the_context_is_refused_with_the_counts() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    worker.generate(1, ask_text(&"x".repeat(1023)));
    let exceeded = EngineError::ContextExceeded {
        prompt_tokens: 1024,
        context_tokens: 1024,
    };
    assert_eq!(failure(&mut worker, 1), exceeded);
}

#[test]
fn the_same_question_is_read_from_the_cache() {
    let mut worker = Worker::ready(TinyModel::new(Weights::Random));
    let request = GenerateRequest {
        max_tokens: Some(20),
        ignore_eos: true,
        ..ask_text("The same question")
    };
    let mut texts = Vec::new();
    let mut cached = Vec::new();
    for (id, cache_prompt) in [(1, false), (2, true), (3, false)] {
        let request = GenerateRequest {
            cache_prompt,
            ..request.clone()
        };
        worker.generate(id, request);
        let mut text = String::new();
        loop {
            match worker.next() {
                WorkerEvent::Delta { text: more, .. } => text.push_str(&more),
                WorkerEvent::Done { timings, .. } => {
                    cached.push(timings.cache_n);
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        texts.push(text);
    }
    assert_eq!(cached, [0, 17, 0]);
    assert!(texts[0] == texts[1] && texts[1] == texts[2]);
}

#[test]
fn a_cancelled_prompt_stops_at_once_and_leaves_no_trace() {
    let mut worker = Worker::ready(TinyModel::slow());
    let short = GenerateRequest {
        max_tokens: Some(4),
        ignore_eos: true,
        ..ask_text("x")
    };
    worker.generate(1, short.clone());
    let fresh = answer(&mut worker, 1).0;

    let long = GenerateRequest {
        return_progress: true,
        ..ask_text(&"x".repeat(6000))
    };
    worker.generate(2, long);
    loop {
        match worker.next() {
            WorkerEvent::Prompt { progress, .. } if progress.processed >= 512 => break,
            WorkerEvent::Prompt { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    let asked = Instant::now();
    worker.send(&WorkerCommand::Cancel { id: 2 });
    let error = loop {
        match worker.next() {
            WorkerEvent::Prompt { .. } => {}
            WorkerEvent::Failed { id: 2, error } => break error,
            other => panic!("{other:?}"),
        }
    };
    let took = asked.elapsed();
    assert_eq!(error, EngineError::Cancelled);
    // The promise is 250 ms; a machine that is busy with other tests gets ten times that. Without
    // an abort the prompt would be read to its end, and no `Cancelled` would come at all.
    assert!(took < Duration::from_millis(2500), "{took:?}");

    worker.generate(3, short);
    assert_eq!(answer(&mut worker, 3).0, fresh);
}

#[test]
fn one_too_many_is_told_to_come_back() {
    let mut worker = Worker::ready(TinyModel::slow());
    let slow = GenerateRequest {
        max_tokens: Some(1),
        // Long enough for the first one to run on until all others have been cancelled.
        ..ask_text(&"x".repeat(6000))
    };
    for id in 0..=64 {
        worker.generate(id, slow.clone());
    }
    let error = failure(&mut worker, 64);
    assert!(matches!(error, EngineError::Busy { retry_after_s: 1.. }));
    for id in 1..64 {
        worker.send(&WorkerCommand::Cancel { id });
        assert_eq!(failure(&mut worker, id), EngineError::Cancelled);
    }
}

#[test]
fn files_that_are_no_models_are_refused_by_our_own_checker() {
    let mut worker = Worker::start();
    std::fs::write(worker.model_path(), "<!DOCTYPE html><html></html>").expect("written");
    worker.load(|spec| spec);
    assert!(matches!(worker.next(), WorkerEvent::Loading { .. }));
    let WorkerEvent::LoadFailed { error } = worker.next() else {
        panic!("no failure")
    };
    assert!(matches!(error, EngineError::ModelFile { .. }), "{error:?}");
    assert_eq!(worker.wait().code(), Some(1));
}

#[test]
fn a_model_that_does_not_fit_is_refused_before_it_is_loaded() {
    let mut worker = Worker::start();
    worker.write_model(TinyModel::slow());
    worker.load(|spec| LoadSpec {
        n_ctx: Some(1 << 24),
        ..spec
    });
    assert!(matches!(worker.next(), WorkerEvent::Loading { .. }));
    let WorkerEvent::LoadFailed { error } = worker.next() else {
        panic!("no failure")
    };
    assert!(
        matches!(error, EngineError::OutOfMemory { .. }),
        "{error:?}"
    );
    assert_eq!(worker.wait().code(), Some(1));
}

#[test]
fn short_memory_gives_a_smaller_context() {
    let mut worker = Worker::start_limited("450000");
    worker.write_model(TinyModel::slow());
    worker.load(|spec| spec);
    let facts = worker.wait_until_loaded();
    assert!((512..8192).contains(&facts.n_ctx), "{}", facts.n_ctx);
    let request = GenerateRequest {
        max_tokens: Some(4),
        ignore_eos: true,
        ..ask_text(&"x".repeat(600))
    };
    worker.generate(1, request);
    assert_eq!(answer(&mut worker, 1).1, FinishReason::Length);
}

#[test]
fn memory_too_short_for_any_context_is_said_with_both_numbers() {
    let mut worker = Worker::start_limited("300000");
    worker.write_model(TinyModel::slow());
    worker.load(|spec| spec);
    assert!(matches!(worker.next(), WorkerEvent::Loading { .. }));
    let WorkerEvent::LoadFailed { error } = worker.next() else {
        panic!("no failure")
    };
    let EngineError::OutOfMemory {
        needed_bytes,
        available_bytes,
    } = error
    else {
        panic!("{error:?}")
    };
    assert!(needed_bytes > available_bytes && available_bytes < 300_000 * 1024);
}

#[test]
fn the_end_of_input_ends_it_in_the_middle_of_an_answer() {
    let mut worker = Worker::ready(TinyModel::slow());
    let long = GenerateRequest {
        return_progress: true,
        ..ask_text(&"x".repeat(6000))
    };
    worker.generate(1, long);
    assert!(matches!(worker.next(), WorkerEvent::Prompt { .. }));
    worker.close_input();
    let asked = Instant::now();
    assert_eq!(worker.wait().code(), Some(0));
    // The promise is two seconds; a machine that is busy with other tests gets more.
    assert!(asked.elapsed() < Duration::from_secs(10));
}

#[test]
fn the_end_of_input_before_anything_is_no_error() {
    let mut worker = Worker::start();
    worker.close_input();
    assert_eq!(worker.wait().code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn what_cpp_prints_can_not_reach_the_protocol() {
    let worker = Worker::ready(TinyModel::new(CIRCLE));
    assert_eq!(
        worker.stream(1),
        worker.stream(2),
        "printed text goes to standard error"
    );
}

#[test]
fn a_command_that_makes_no_sense_ends_it() {
    let mut worker = Worker::ready(TinyModel::new(CIRCLE));
    worker.send_line("{\"command\":\"dance\"}");
    assert_eq!(worker.wait().code(), Some(65));
}

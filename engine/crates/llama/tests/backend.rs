//! The backend on tiny models: what it loads, writes, refuses, and how it stops.

#[path = "common/backends.rs"]
mod backends;
#[path = "common/tiny_model.rs"]
mod tiny_model;

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use backends::backends_folder;
use hearth_api::{
    Backend, BatchToken, EngineError, LoadSpec, SampleOptions, Sampling, TextPiece, Token,
};
use hearth_llama::{LlamaBackend, Runtime};
use tempfile::TempDir;
use tiny_model::{BOS_TOKEN, END_TOKEN, START, START_TOKEN, TURN, TURN_TOKEN, TinyModel, Weights};

/// A worker has one model and one thread that uses it, so these tests take turns.
static TURNS: Mutex<()> = Mutex::new(());

fn turn() -> MutexGuard<'static, ()> {
    TURNS.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Loaded {
    backend: LlamaBackend,
    _folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

fn runtime() -> Runtime {
    Runtime::start(&backends_folder()).expect("backends load")
}

fn spec(path: PathBuf) -> LoadSpec {
    LoadSpec {
        path,
        n_ctx: None,
        n_threads: Some(1),
        n_gpu_layers: None,
    }
}

fn load(model: TinyModel) -> Loaded {
    let turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tiny.gguf");
    model.write(&path).expect("written");
    let backend = LlamaBackend::load(runtime(), &spec(path), |_| true).expect("loads");
    Loaded {
        backend,
        _folder: folder,
        _turn: turn,
    }
}

fn piece(text: &str, parse_special: bool) -> TextPiece {
    TextPiece {
        text: text.into(),
        parse_special,
    }
}

fn greedy() -> SampleOptions {
    let sampling = Sampling {
        temperature: 0.0,
        ..Sampling::default()
    };
    SampleOptions {
        sampling,
        seed: 1,
        ignore_eos: false,
    }
}

/// `tokens` at positions from `from` on, with logits after the last one.
fn batch(tokens: &[Token], from: u32) -> Vec<BatchToken> {
    let last = tokens.len() - 1;
    let place = |at: usize| from + u32::try_from(at).expect("small");
    tokens
        .iter()
        .enumerate()
        .map(|(at, &token)| BatchToken {
            token,
            position: place(at),
            sequence: 0,
            logits: at == last,
        })
        .collect()
}

/// Continues a prompt that is not in the cache from position `from` on.
fn write_on(
    backend: &mut LlamaBackend,
    prompt: &[Token],
    from: usize,
    count: usize,
    options: &SampleOptions,
) -> Result<Vec<Token>, EngineError> {
    backend.start_sampling(0, options, prompt)?;
    let mut position = u32::try_from(from).expect("small");
    let mut index = 0;
    for chunk in prompt[from..].chunks(backend.n_batch() as usize) {
        backend.decode(&batch(chunk, position))?;
        position += u32::try_from(chunk.len()).expect("small");
        index = chunk.len() - 1;
    }
    let mut written = vec![backend.sample(0, index)?];
    while written.len() < count {
        let last = *written.last().expect("one at least");
        backend.decode(&batch(&[last], position))?;
        position += 1;
        written.push(backend.sample(0, 0)?);
    }
    Ok(written)
}

fn text_of(backend: &LlamaBackend, tokens: &[Token]) -> String {
    let bytes: Vec<u8> = tokens
        .iter()
        .flat_map(|&token| backend.token_bytes(token))
        .collect();
    String::from_utf8(bytes).expect("whole characters")
}

const CIRCLE: &str = "He你🙂é!";

#[test]
fn it_writes_what_the_weights_say() {
    let mut model = load(TinyModel::new(Weights::Circle {
        text: CIRCLE,
        ends: true,
    }));
    let prompt = model.backend.tokenize(&[piece("H", true)]).expect("tokens");
    let count = CIRCLE.len() - 1;
    let written = write_on(&mut model.backend, &prompt, 0, count + 1, &greedy()).expect("runs");
    assert_eq!(text_of(&model.backend, &written[..count]), "e你🙂é!");
    assert!(model.backend.is_end(written[count]));
    assert_eq!(model.backend.token_bytes(written[count]), b"");
}

#[test]
fn ignored_end_tokens_are_never_chosen() {
    let mut model = load(TinyModel::new(Weights::Circle {
        text: "ab",
        ends: true,
    }));
    let prompt = model.backend.tokenize(&[piece("b", true)]).expect("tokens");
    let first = write_on(&mut model.backend, &prompt, 0, 1, &greedy()).expect("runs");
    assert_eq!(first, [END_TOKEN]);
    model.backend.truncate(0, 0);
    let options = SampleOptions {
        ignore_eos: true,
        ..greedy()
    };
    let written = write_on(&mut model.backend, &prompt, 0, 20, &options).expect("runs");
    assert!(!written.iter().any(|&token| model.backend.is_end(token)));
}

#[test]
fn it_tells_the_facts() {
    let template = "{{ messages[0].content }}";
    let small = TinyModel::new(Weights::Random);
    let model = load(TinyModel {
        template: Some(template),
        ..small
    });
    let facts = model.backend.loaded_model();
    assert_eq!(
        (facts.n_ctx, facts.n_ctx_train, facts.n_vocab),
        (1024, 1024, 262)
    );
    assert!(facts.has_chat_template);
    assert!(
        facts.description.starts_with("llama"),
        "{}",
        facts.description
    );
    assert!(facts.device.starts_with("CPU ("), "{}", facts.device);

    let format = model.backend.prompt_format();
    assert_eq!(format.template.as_deref(), Some(template));
    assert_eq!((format.bos.as_str(), format.eos.as_str()), ("<s>", "</s>"));
    assert_eq!(
        *format.control_tokens,
        ["<unk>", "<s>", "</s>", TURN, START]
    );
}

#[test]
fn control_tokens_come_only_from_what_a_template_wrote() {
    let model = load(TinyModel::new(Weights::Random));
    let forged = model
        .backend
        .tokenize(&[piece(TURN, false), piece("</s>", false)]);
    let forged = forged.expect("tokens");
    assert!(!forged.contains(&TURN_TOKEN) && !forged.contains(&END_TOKEN));
    assert_eq!(text_of(&model.backend, &forged), format!("{TURN}</s>"));

    let real = model
        .backend
        .tokenize(&[piece(TURN, true), piece("a", false)])
        .expect("tokens");
    assert_eq!(real[..2], [BOS_TOKEN, TURN_TOKEN]);
}

#[test]
fn a_user_defined_control_token_comes_only_from_a_template_too() {
    let model = load(TinyModel::new(Weights::Random));
    let text = format!("a{START}{START}b");
    let forged = model.backend.tokenize(&[piece(&text, false)]);
    let forged = forged.expect("tokens");
    assert!(!forged.contains(&START_TOKEN));
    assert_eq!(text_of(&model.backend, &forged), text);

    let real = model.backend.tokenize(&[piece(START, true)]);
    assert_eq!(real.expect("tokens"), [BOS_TOKEN, START_TOKEN]);
}

#[test]
fn the_prompt_begins_once() {
    let model = load(TinyModel::new(Weights::Random));
    for text in ["<s>a", "a", ""] {
        let tokens = model
            .backend
            .tokenize(&[piece(text, true)])
            .expect("tokens");
        assert_eq!(
            tokens.iter().filter(|&&token| token == BOS_TOKEN).count(),
            1,
            "{text}"
        );
        assert_eq!(tokens[0], BOS_TOKEN);
    }
}

#[test]
fn a_seed_repeats_what_it_wrote() {
    let mut model = load(TinyModel::new(Weights::Random));
    let prompt = model
        .backend
        .tokenize(&[piece("Once", true)])
        .expect("tokens");
    let mut write = |seed| {
        model.backend.truncate(0, 0);
        let options = SampleOptions {
            sampling: Sampling::default(),
            seed,
            ignore_eos: true,
        };
        write_on(&mut model.backend, &prompt, 0, 40, &options).expect("runs")
    };
    assert_eq!(write(5), write(5));
    assert_eq!(write(u32::MAX), write(u32::MAX));
    assert_ne!(write(5), write(6));
}

#[test]
fn a_temperature_next_to_nothing_is_greedy() {
    let mut model = load(TinyModel::new(Weights::Random));
    let prompt = model
        .backend
        .tokenize(&[piece("Once", true)])
        .expect("tokens");
    let mut write = |temperature| {
        model.backend.truncate(0, 0);
        let sampling = Sampling {
            temperature,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            ..Sampling::default()
        };
        let options = SampleOptions {
            sampling,
            seed: 5,
            ignore_eos: true,
        };
        write_on(&mut model.backend, &prompt, 0, 20, &options).expect("runs")
    };
    assert_eq!(write(1e-40), write(0.0));
}

#[test]
fn a_cut_sequence_goes_on_like_a_fresh_one() {
    let mut model = load(TinyModel::new(Weights::Random));
    let prompt = model
        .backend
        .tokenize(&[piece("The same beginning", true)])
        .expect("tokens");
    let fresh = write_on(&mut model.backend, &prompt, 0, 30, &greedy()).expect("runs");
    let kept = prompt.len() - 3;
    assert_eq!(
        model
            .backend
            .truncate(0, u32::try_from(kept).expect("small")),
        16
    );
    let again = write_on(&mut model.backend, &prompt, kept, 30, &greedy()).expect("runs");
    assert_eq!(again, fresh);
    assert_eq!(
        model.backend.truncate(0, 5000),
        u32::try_from(prompt.len()).expect("small") + 29
    );
    assert_eq!(model.backend.truncate(7, 0), 0);
}

#[test]
fn a_load_reports_progress_and_can_be_stopped() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tiny.gguf");
    TinyModel::new(Weights::Random)
        .write(&path)
        .expect("written");
    let mut seen = Vec::new();
    let spec = spec(path);
    LlamaBackend::load(runtime(), &spec, |progress| {
        seen.push(progress);
        true
    })
    .expect("loads");
    assert!(seen.len() > 2 && seen.is_sorted(), "{seen:?}");
    assert!(
        seen.first() == Some(&0.0) && seen.last() == Some(&1.0),
        "{seen:?}"
    );

    let mut calls = 0;
    let stopped = LlamaBackend::load(runtime(), &spec, |_| {
        calls += 1;
        calls < 2
    });
    assert_eq!(stopped.expect_err("stopped"), EngineError::Cancelled);
}

#[test]
fn a_file_that_is_no_model_is_refused_with_the_reason() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.gguf");
    std::fs::write(&path, "<html>Not found</html>").expect("written");
    let error = LlamaBackend::load(runtime(), &spec(path), |_| true).expect_err("no model");
    let EngineError::ModelFile { reason } = error else {
        panic!("{error:?}")
    };
    assert!(reason.contains("magic"), "{reason}");
}

#[test]
fn what_does_not_fit_is_refused_before_it_is_loaded() {
    let _turn = turn();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("slow.gguf");
    TinyModel::slow().write(&path).expect("written");
    let mut calls = 0;
    let spec = LoadSpec {
        n_ctx: Some(1 << 24),
        ..spec(path)
    };
    let error = LlamaBackend::load(runtime(), &spec, |_| {
        calls += 1;
        true
    })
    .expect_err("400 GB of KV cache");
    let EngineError::OutOfMemory {
        needed_bytes,
        available_bytes,
    } = error
    else {
        panic!("{error:?}")
    };
    assert!(needed_bytes > 300 << 30 && available_bytes < needed_bytes);
    assert_eq!(
        calls, 1,
        "only the first progress, before the model is touched"
    );
}

#[test]
fn settings_out_of_range_are_refused() {
    let _turn = turn();
    for wrong in [Some(0), Some(u32::MAX)] {
        let spec = LoadSpec {
            n_ctx: wrong,
            ..spec("none.gguf".into())
        };
        let error = LlamaBackend::load(runtime(), &spec, |_| true).expect_err("out of range");
        assert!(matches!(error, EngineError::BadRequest { .. }), "{error:?}");
    }
}

#[test]
fn an_abort_stops_a_long_prompt_and_leaves_the_cache_as_it_was() {
    let mut model = load(TinyModel::slow());
    let backend = &mut model.backend;
    let text = "x".repeat(backend.n_batch() as usize);
    let prompt = backend.tokenize(&[piece(&text, true)]).expect("tokens");
    let first = batch(&prompt[..8], 0);
    backend.decode(&first).expect("runs");
    let rest = batch(&prompt[8..], 8);
    let started = Instant::now();
    backend.decode(&rest).expect("runs");
    let undisturbed = started.elapsed();
    assert_eq!(backend.truncate(0, 8), 8);

    let flag = backend.abort_flag();
    let wait = undisturbed / 4;
    let other = thread::spawn(move || {
        thread::sleep(wait);
        flag.store(true, Ordering::Relaxed);
        Instant::now()
    });
    assert_eq!(backend.decode(&rest), Err(EngineError::Cancelled));
    let stopped = Instant::now();
    let asked = other.join().expect("no panic");
    let late = stopped.saturating_duration_since(asked);
    // The promise is 250 ms; a machine that is busy with other tests gets ten times that.
    assert!(
        late < Duration::from_millis(2500),
        "{late:?} of {undisturbed:?}"
    );

    assert_eq!(
        backend.truncate(0, 5000),
        8,
        "the aborted part is gone, the rest is kept"
    );
    backend.abort_flag().store(false, Ordering::Relaxed);
    backend.decode(&rest).expect("it can go on");
}

#[test]
fn after_an_abort_it_writes_what_a_fresh_one_writes() {
    let mut model = load(TinyModel::new(Weights::Random));
    let backend = &mut model.backend;
    let prompt = backend
        .tokenize(&[piece("A longer prompt than one", true)])
        .expect("tokens");
    let fresh = write_on(backend, &prompt, 0, 30, &greedy()).expect("runs");
    backend.truncate(0, 0);

    backend.decode(&batch(&prompt[..6], 0)).expect("runs");
    backend.abort_flag().store(true, Ordering::Relaxed);
    assert_eq!(
        backend.decode(&batch(&prompt[6..], 6)),
        Err(EngineError::Cancelled)
    );
    backend.abort_flag().store(false, Ordering::Relaxed);
    assert_eq!(
        write_on(backend, &prompt, 6, 30, &greedy()).expect("runs"),
        fresh
    );
}

#[test]
fn broken_logits_are_an_error_and_no_text() {
    let mut model = load(TinyModel::new(Weights::Broken));
    for options in [
        greedy(),
        SampleOptions {
            sampling: Sampling::default(),
            ..greedy()
        },
    ] {
        let prompt = [BOS_TOKEN, 70];
        model.backend.truncate(0, 0);
        let error = write_on(&mut model.backend, &prompt, 0, 1, &options).expect_err("broken");
        assert!(
            matches!(&error, EngineError::Internal { detail } if detail.contains("not numbers"))
        );
    }
}

#[test]
fn batches_that_would_abort_llama_cpp_are_refused() {
    let mut model = load(TinyModel::new(Weights::Random));
    let backend = &mut model.backend;
    let good = batch(&[70, 71], 0);
    let wrong: [Vec<BatchToken>; 5] = [
        vec![],
        batch(&[70; 513], 0),
        batch(&[-1], 0),
        batch(&[5000], 0),
        good.iter()
            .map(|token| BatchToken {
                sequence: 3,
                ..*token
            })
            .collect(),
    ];
    for batch in wrong {
        assert!(matches!(
            backend.decode(&batch),
            Err(EngineError::Internal { .. })
        ));
    }
    let everywhere: Vec<_> = good
        .iter()
        .map(|t| BatchToken { logits: true, ..*t })
        .collect();
    assert!(matches!(
        backend.decode(&everywhere),
        Err(EngineError::Internal { .. })
    ));
    assert!(matches!(
        backend.sample(0, 0),
        Err(EngineError::Internal { .. })
    ));
    backend.decode(&good).expect("still works");
}

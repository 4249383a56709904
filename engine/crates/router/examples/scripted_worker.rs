//! A worker without a model, for the router's tests. It speaks the worker protocol and does what
//! it is told: the name of the "model file" says how it loads, the prompt how it answers.
//!
//! Its one argument is a TCP address. It stays connected to it while it lives, so that a test
//! sees its end from outside.

#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::io::{self, BufRead, Write};
use std::net::TcpStream;
use std::process::{Command, ExitCode};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use hearth_api::{
    EngineError, FinishReason, GenerateRequest, LoadSpec, LoadedModel, Prompt, PromptProgress,
    RequestId, Timings, Usage, WorkerCommand, WorkerEvent,
};

/// The generations that were cancelled so far.
#[derive(Default)]
struct Cancelled {
    ids: Mutex<BTreeSet<RequestId>>,
    changed: Condvar,
}

impl Cancelled {
    fn add(&self, id: RequestId) {
        self.ids.lock().expect("not poisoned").insert(id);
        self.changed.notify_all();
    }

    fn has(&self, id: RequestId) -> bool {
        self.ids.lock().expect("not poisoned").contains(&id)
    }

    fn wait(&self, id: RequestId) {
        let ids = self.ids.lock().expect("not poisoned");
        let _ids = self
            .changed
            .wait_while(ids, |ids| !ids.contains(&id))
            .expect("not poisoned");
    }

    fn wait_for(&self, count: usize) {
        let ids = self.ids.lock().expect("not poisoned");
        let too_few = |ids: &mut BTreeSet<RequestId>| ids.len() < count;
        let _ids = self.changed.wait_while(ids, too_few).expect("not poisoned");
    }
}

fn main() -> ExitCode {
    let mut lifeline = std::env::args().nth(1).map(|address| {
        let mut line = TcpStream::connect(address).expect("the test listens");
        writeln!(line, "{}", std::process::id()).expect("written");
        line
    });
    let mut lines = io::stdin().lock().lines();
    let Some(Ok(first)) = lines.next() else {
        return ExitCode::SUCCESS;
    };
    let spec: LoadSpec = serde_json::from_str(&first).expect("a LoadSpec");
    let how = spec
        .path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default()
        .to_owned();
    load(&how, &spec);
    let cancelled = Arc::new(Cancelled::default());
    for line in lines.map_while(Result::ok) {
        match serde_json::from_str(&line).expect("a WorkerCommand") {
            WorkerCommand::Cancel { id } => cancelled.add(id),
            WorkerCommand::Generate { id, request } => {
                let cancelled = Arc::clone(&cancelled);
                thread::spawn(move || answer(id, &request, &cancelled));
            }
        }
    }
    if how == "stubborn" || how == "never-stubborn" {
        if let Some(line) = &mut lifeline {
            writeln!(line, "I stay").expect("written");
        }
        hang();
    }
    ExitCode::SUCCESS
}

fn load(how: &str, spec: &LoadSpec) {
    say(&WorkerEvent::Loading { progress: 0.25 });
    match how {
        "dies-loading" => std::process::abort(),
        "garbage-loading" => shout("llama_model_load: this is no event\n"),
        "endless-line" => loop {
            shout("x");
        },
        "bad" => {
            say(&WorkerEvent::LoadFailed {
                error: EngineError::ModelFile {
                    reason: "byte 4: no magic".into(),
                },
            });
        }
        "never" | "never-stubborn" => {}
        _ => {
            say(&WorkerEvent::Loading { progress: 0.75 });
            say(&WorkerEvent::Loaded(model(spec)));
        }
    }
}

fn model(spec: &LoadSpec) -> LoadedModel {
    LoadedModel {
        n_ctx: spec.n_ctx.unwrap_or(512),
        n_ctx_train: 2048,
        n_vocab: 32_000,
        n_params: 1,
        size_bytes: 2,
        description: format!(
            "scripted {}",
            std::env::var("OMP_WAIT_POLICY").unwrap_or_default()
        ),
        has_chat_template: true,
        device: "none".into(),
    }
}

fn answer(id: RequestId, request: &GenerateRequest, cancelled: &Cancelled) {
    let order = match &request.prompt {
        Prompt::Text(text) => text.clone(),
        Prompt::Messages(messages) => messages
            .last()
            .map(|it| it.content.clone())
            .unwrap_or_default(),
    };
    match order.split_once(' ').unwrap_or((&order, "")) {
        ("say", text) => {
            if request.return_progress {
                let progress = PromptProgress {
                    total: 8,
                    cache: 2,
                    processed: 8,
                    time_ms: 3,
                };
                say(&WorkerEvent::Prompt { id, progress });
            }
            for word in text.split_inclusive(' ') {
                delta(id, word);
            }
            done(id);
        }
        ("echo", _) => {
            delta(id, &serde_json::to_string(request).expect("JSON"));
            done(id);
        }
        ("environment", name) => {
            delta(
                id,
                &std::env::var(name).unwrap_or_else(|_| "(not set)".into()),
            );
            done(id);
        }
        ("die", _) => {
            delta(id, "half an ans");
            let me = std::process::id().to_string();
            Command::new("kill")
                .args(["-9", &me])
                .status()
                .expect("kill runs");
        }
        ("hang", _) => {
            delta(id, "begun");
            cancelled.wait(id);
            say(&WorkerEvent::Failed {
                id,
                error: EngineError::Cancelled,
            });
        }
        ("silence", _) => cancelled.wait(id),
        ("await-cancels", count) => {
            cancelled.wait_for(count.parse().expect("a number"));
            delta(id, "cancelled");
            done(id);
        }
        ("flood", _) => {
            while !cancelled.has(id) {
                delta(id, &"x".repeat(1000));
            }
        }
        ("garbage", _) => {
            delta(id, "half an ans");
            shout("GGML_ASSERT(false) failed\n");
        }
        ("fail-late", _) => {
            delta(id, "half an ans");
            fail(
                id,
                EngineError::Internal {
                    detail: "broken".into(),
                },
            );
        }
        ("busy", _) => fail(id, EngineError::Busy { retry_after_s: 7 }),
        ("too-long", _) => {
            fail(
                id,
                EngineError::ContextExceeded {
                    prompt_tokens: 600,
                    context_tokens: 512,
                },
            );
        }
        (other, _) => fail(
            id,
            EngineError::BadRequest {
                message: format!("no such order: {other}"),
            },
        ),
    }
}

fn delta(id: RequestId, text: &str) {
    say(&WorkerEvent::Delta {
        id,
        text: text.to_owned(),
    });
}

fn fail(id: RequestId, error: EngineError) {
    say(&WorkerEvent::Failed { id, error });
}

fn done(id: RequestId) {
    let usage = Usage {
        prompt_tokens: 8,
        completion_tokens: 3,
        seed: 42,
    };
    let timings = Timings {
        cache_n: 2,
        prompt_n: 6,
        prompt_ms: 12.0,
        prompt_per_token_ms: 2.0,
        prompt_per_second: 500.0,
        predicted_n: 3,
        predicted_ms: 30.0,
        predicted_per_token_ms: 10.0,
        predicted_per_second: 100.0,
    };
    say(&WorkerEvent::Done {
        id,
        reason: FinishReason::Stop,
        usage,
        timings,
    });
}

fn say(event: &WorkerEvent) {
    shout(&(serde_json::to_string(event).expect("JSON") + "\n"));
}

/// Writes, and ends this thread quietly once nobody reads.
fn shout(text: &str) {
    let mut stdout = io::stdout().lock();
    if stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .is_err()
    {
        drop(stdout);
        hang();
    }
}

fn hang() -> ! {
    loop {
        thread::park();
    }
}

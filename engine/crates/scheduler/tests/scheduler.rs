//! The scheduler on a backend without a model.

mod common;

use common::{Ask, Bench, Event, Fault, N_CTX, ending, fresh_answer, text};
use hearth_api::{EngineError, FinishReason};
use proptest::prelude::*;

#[test]
fn it_counts_as_llama_server_does() {
    let bench = Bench::new(true, &[]);
    let first = Ask {
        max_tokens: Some(3),
        ..Ask::new("1234567")
    };
    let second = Ask {
        max_tokens: Some(0),
        ..Ask::new("1234599")
    };
    bench.submit(1, &first);
    bench.submit(2, &second);
    let events = bench.run();
    let Event::Done(FinishReason::Length, usage, timings) = ending(&events, 1) else {
        panic!("{events:?}")
    };
    assert_eq!(
        (usage.prompt_tokens, usage.completion_tokens, usage.seed),
        (7, 3, 7)
    );
    assert_eq!(
        (timings.cache_n, timings.prompt_n, timings.predicted_n),
        (0, 7, 3)
    );
    assert!(timings.prompt_ms > 0.0 && timings.prompt_per_second.is_finite());
    assert!((timings.prompt_per_token_ms * 7.0 - timings.prompt_ms).abs() < 1e-6);

    let Event::Done(FinishReason::Length, usage, timings) = ending(&events, 2) else {
        panic!("{events:?}")
    };
    assert_eq!((usage.prompt_tokens, usage.completion_tokens), (7, 0));
    assert_eq!((timings.cache_n, timings.prompt_n), (5, 2));
    assert!(timings.predicted_per_second.abs() < f64::EPSILON);
}

#[test]
fn progress_grows_from_the_cached_part_to_the_whole_prompt() {
    let bench = Bench::new(true, &[]);
    let read = Ask {
        max_tokens: Some(0),
        return_progress: true,
        ..Ask::new("12345678912")
    };
    bench.submit(1, &read);
    bench.submit(
        2,
        &Ask {
            prompt: "123456".into(),
            ..read
        },
    );
    let events = bench.run();
    let steps = |id| -> Vec<_> {
        let own = events.iter().filter(|(of, _)| *of == id);
        own.filter_map(|(_, event)| match event {
            Event::Progress(p) => Some((p.cache, p.processed, p.total)),
            _ => None,
        })
        .collect()
    };
    assert_eq!(steps(1), [(0, 0, 11), (0, 4, 11), (0, 8, 11), (0, 11, 11)]);
    assert_eq!(
        steps(2),
        [(5, 5, 6), (5, 6, 6)],
        "the last token is computed again"
    );
}

#[test]
fn a_prompt_must_leave_room_for_an_answer() {
    let fits = "1".repeat(N_CTX as usize - 1);
    let exact = "1".repeat(N_CTX as usize);
    let bench = Bench::new(true, &[]);
    bench.submit(1, &Ask::new(&exact));
    bench.submit(2, &Ask::new(&fits));
    let events = bench.run();
    let exceeded = EngineError::ContextExceeded {
        prompt_tokens: N_CTX,
        context_tokens: N_CTX,
    };
    assert_eq!(ending(&events, 1), Event::Failed(exceeded));
    assert!(matches!(ending(&events, 2), Event::Done(..)));
}

#[test]
fn what_can_not_start_says_why_and_the_next_one_runs() {
    let bench = Bench::new(true, &[]);
    bench.submit(1, &Ask::new(""));
    bench.submit(2, &Ask::new("no digits"));
    bench.submit(
        3,
        &Ask {
            temperature: -1.0,
            ..Ask::new("1")
        },
    );
    bench.submit(4, &Ask::new("1"));
    let events = bench.run();
    for id in 1..=3 {
        let end = ending(&events, id);
        assert!(
            matches!(end, Event::Failed(EngineError::BadRequest { .. })),
            "{end:?}"
        );
    }
    assert!(matches!(ending(&events, 4), Event::Done(..)));
}

#[test]
fn a_full_queue_is_busy_and_a_place_comes_back() {
    let bench = Bench::new(true, &[]);
    let mut tickets: Vec<_> = (0..64).map(|id| bench.queue.admit(id)).collect();
    assert!(tickets.iter().all(Result::is_ok));
    let full = bench.queue.admit(64);
    assert!(matches!(
        full.err(),
        Some(EngineError::Busy { retry_after_s: 1.. })
    ));
    tickets.pop();
    assert!(bench.queue.admit(64).is_ok());
}

#[test]
fn one_id_is_open_once() {
    let bench = Bench::new(true, &[]);
    let ticket = bench.queue.admit(5);
    assert!(matches!(
        bench.queue.admit(5).err(),
        Some(EngineError::BadRequest { .. })
    ));
    drop(ticket);
    assert!(bench.queue.admit(5).is_ok());
}

#[test]
fn a_generation_can_be_cancelled_before_it_is_submitted() {
    let bench = Bench::new(true, &[]);
    let ticket = bench.queue.admit(1).expect("a place");
    bench.queue.cancel(1);
    bench.queue.submit(ticket, bench.job(1, &Ask::new("123")));
    let events = bench.run();
    assert_eq!(events, [(1, Event::Failed(EngineError::Cancelled))]);
}

#[test]
fn a_waiting_generation_ends_when_it_is_cancelled() {
    let bench = Bench::new(true, &[]);
    bench.submit(1, &Ask::new("123"));
    bench.queue.cancel(1);
    bench.queue.cancel(99);
    let told = bench.record.lock().expect("whole").clone();
    assert_eq!(told, [(1, Event::Failed(EngineError::Cancelled))]);
    assert_eq!(bench.run().len(), 1);
}

#[test]
fn a_closed_queue_takes_nothing_more() {
    let bench = Bench::new(true, &[]);
    bench.queue.close();
    bench.submit(1, &Ask::new("123"));
    assert_eq!(bench.run(), [(1, Event::Failed(EngineError::Cancelled))]);
}

#[test]
fn a_cached_prompt_is_not_computed_again() {
    let bench = Bench::new(true, &[]);
    let ask = Ask {
        max_tokens: Some(1),
        ..Ask::new("123412341234")
    };
    bench.submit(1, &ask);
    bench.submit(2, &ask);
    bench.submit(
        3,
        &Ask {
            cache_prompt: false,
            ..ask
        },
    );
    let decoded = std::sync::Arc::clone(&bench.decoded);
    bench.run();
    assert_eq!(*decoded.lock().expect("whole"), [4, 4, 4, 1, 4, 4, 4]);
}

fn ask() -> impl Strategy<Value = Ask> {
    let prompt = "[1-3]{1,20}";
    let limit = prop::option::of(0..30_u32);
    let stop = prop::option::weighted(0.3, "[1-9]");
    (prompt, limit, stop, any::<bool>(), any::<bool>()).prop_map(
        |(prompt, max_tokens, stop_at, cache_prompt, return_progress)| Ask {
            prompt,
            max_tokens,
            cache_prompt,
            return_progress,
            stop_at,
            temperature: 1.0,
        },
    )
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    prop::collection::vec(ask(), 1..8)
}

fn fault() -> impl Strategy<Value = (usize, Fault)> {
    let kind = prop_oneof![
        (0..8_u64).prop_map(Fault::Cancel),
        Just(Fault::Abort),
        Just(Fault::Fail)
    ];
    (0..60_usize, kind)
}

fn run(asks: &[Ask], can_cut: bool, faults: &[(usize, Fault)]) -> Vec<(u64, Event)> {
    let bench = Bench::new(can_cut, faults);
    for (id, ask) in (0..).zip(asks) {
        bench.submit(id, ask);
    }
    bench.run()
}

fn check_answer(events: &[(u64, Event)], id: u64, ask: &Ask) -> Result<(), TestCaseError> {
    let (answer, reason) = fresh_answer(ask);
    prop_assert_eq!(text(events, id), answer);
    let end = ending(events, id);
    prop_assert!(
        matches!(end, Event::Done(r, ..) if r == reason),
        "{:?}",
        end
    );
    Ok(())
}

proptest! {
    #[test]
    fn what_came_before_never_changes_an_answer(asks in asks(), can_cut: bool) {
        let events = run(&asks, can_cut, &[]);
        for (id, ask) in (0..).zip(&asks) {
            check_answer(&events, id, ask)?;
        }
        let ids: Vec<u64> = events.iter().map(|(id, _)| *id).collect();
        prop_assert!(ids.is_sorted(), "first in, first out");
    }

    #[test]
    fn faults_at_any_step_leave_the_others_untouched(
        asks in asks(), can_cut: bool, faults in prop::collection::vec(fault(), 0..4)
    ) {
        let events = run(&asks, can_cut, &faults);
        let may_fail = faults.iter().any(|(_, fault)| *fault == Fault::Fail);
        for (id, ask) in (0..).zip(&asks) {
            let (answer, _) = fresh_answer(ask);
            match ending(&events, id) {
                Event::Failed(EngineError::Cancelled) => {
                    prop_assert!(faults.iter().any(|(_, f)| *f == Fault::Cancel(id)));
                    prop_assert!(answer.starts_with(&text(&events, id)));
                }
                Event::Failed(EngineError::Internal { .. }) => {
                    prop_assert!(may_fail);
                    prop_assert!(answer.starts_with(&text(&events, id)));
                }
                _ => check_answer(&events, id, ask)?,
            }
        }
    }
}

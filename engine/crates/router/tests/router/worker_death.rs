//! A worker that dies takes its own answers with it and nothing else.

use crate::client::parse;
use crate::fixture::Router;

#[tokio::test]
async fn its_streams_are_told_and_other_models_go_on() {
    let router = Router::start().await;
    let dying = router.load("a", "ok").await;
    let _other = router.load("b", "ok").await;
    let death = async {
        let mut bystander = router.stream("a", "hang").await;
        assert!(bystander.event().await.expect("an event").contains("begun"));
        let events = parse(&router.stream("a", "die").await.events().await);
        assert_eq!(events[0]["choices"][0]["text"], "half an ans");
        let error = &events.last().expect("events")["error"];
        assert_eq!(error["code"], "worker_died");
        assert!(
            error["message"].as_str().expect("text").contains("SIGKILL"),
            "{error}"
        );
        let rest = bystander.events().await;
        assert!(rest.last().expect("events").contains("worker_died"));
        assert!(dying.ended().await, "a zombie is left");

        let list = router.get("/v1/models").await;
        assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
        assert_eq!(list["data"][0]["id"], "b");
        assert_eq!(router.complete("a", "say x").await.status, 404);
        // Only now may the answer of the other model end.
        drop(router.stream("b", "hang").await);
    };
    let (text, ()) = tokio::join!(router.text("b", "await-cancels 1"), death);
    assert_eq!(text, "cancelled");

    let _again = router.load("a", "ok").await;
    assert_eq!(router.text("a", "say back").await, "back");
}

#[tokio::test]
async fn a_whole_answer_that_dies_is_a_bad_gateway() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let reply = router.complete("a", "die").await;
    assert_eq!(reply.status, 502);
    assert_eq!(reply.json().await["error"]["code"], "worker_died");
}

#[tokio::test]
async fn a_worker_that_raves_is_ended() {
    let router = Router::start().await;
    let lifeline = router.load("a", "ok").await;
    let events = parse(&router.stream("a", "garbage").await.events().await);
    let error = &events.last().expect("events")["error"];
    assert_eq!(error["code"], "worker_died");
    assert!(
        !error["message"].as_str().expect("text").contains("GGML"),
        "{error}"
    );
    assert!(lifeline.ended().await);
}

#[tokio::test]
async fn a_dead_router_takes_its_workers_along() {
    let router = Router::start().await;
    let lifeline = router.load("a", "ok").await;
    // As after `kill -9`: no farewell; the pipes close, and that is all a worker gets to know.
    router.abort().await;
    lifeline.ended().await;
}

#[tokio::test]
async fn workers_get_a_clean_environment() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    for name in ["CARGO_MANIFEST_DIR", "LD_LIBRARY_PATH"] {
        assert!(
            std::env::var_os(name).is_some(),
            "cargo sets {name} for tests"
        );
        assert_eq!(
            router.text("a", &format!("environment {name}")).await,
            "(not set)"
        );
    }
    assert_eq!(
        router.text("a", "environment OMP_WAIT_POLICY").await,
        "passive"
    );
    assert_eq!(router.text("a", "environment GOMP_SPINCOUNT").await, "200");
    assert_ne!(router.text("a", "environment PATH").await, "(not set)");
}

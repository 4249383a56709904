//! Loading, joining, cancelling, unloading.

use serde_json::json;

use crate::client::parse;
use crate::fixture::Router;

#[tokio::test]
async fn a_load_tells_its_progress_and_then_the_model() {
    let router = Router::start().await;
    let body = json!({"id": "a", "path": "/scripted/ok.gguf", "n_ctx": 1024});
    let reply = router.post("/hearth/models/load", &body).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("text/event-stream"));
    let events = parse(&reply.events().await);
    let (last, before) = events.split_last().expect("events");
    assert_eq!(last["state"], "ready");
    assert_eq!(last["meta"]["n_ctx"], 1024);
    assert_eq!(last["meta"]["description"], "scripted passive");
    assert!(
        before.iter().all(|event| event["state"] == "loading"),
        "{before:?}"
    );
    let steps: Vec<f64> = before
        .iter()
        .filter_map(|event| event["progress"].as_f64())
        .collect();
    assert!(steps.is_sorted(), "{steps:?}");
    assert_eq!(
        router.get("/v1/models").await["data"][0]["meta"]["n_ctx"],
        1024
    );
}

#[tokio::test]
async fn models_are_listed_with_their_state() {
    let router = Router::start().await;
    assert_eq!(
        router.get("/v1/models").await,
        json!({"object": "list", "data": []})
    );
    let _ready = router.load("a", "ok").await;
    let mut loading = router.begin_load("b", "never").await;
    while !loading.event().await.expect("an event").contains("0.25") {}
    let list = router.get("/v1/models").await;
    assert_eq!(list["data"][0]["id"], "a");
    assert_eq!(list["data"][0]["state"], "ready");
    assert_eq!(list["data"][0]["object"], "model");
    assert_eq!(list["data"][0]["owned_by"], "hearth");
    assert_eq!(list["data"][1]["id"], "b");
    assert_eq!(list["data"][1]["state"], "loading");
    assert_eq!(list["data"][1]["progress"], 0.25);
    assert!(list["data"][1]["meta"].is_null());
}

#[tokio::test]
async fn a_model_that_is_there_is_ready_at_once() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let events = parse(&router.begin_load("a", "ok").await.events().await);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["state"], "ready");
    let other = router.begin_load("a", "other").await;
    assert_eq!(other.status, 400, "another file under the same name");
}

#[tokio::test]
async fn a_second_load_joins_and_keeps_the_first_one_alive() {
    let router = Router::start().await;
    let first = router.begin_load("a", "never").await;
    let lifeline = router.lifeline().await;
    let mut second = router.begin_load("a", "never").await;
    drop(first);
    while !second.event().await.expect("an event").contains("0.25") {}
    assert_eq!(
        router.get("/v1/models").await["data"][0]["state"],
        "loading"
    );
    drop(second);
    lifeline.ended().await;
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_load_even_of_a_stubborn_worker() {
    let router = Router::start().await;
    let loading = router.begin_load("a", "never-stubborn").await;
    let lifeline = router.lifeline().await;
    let pid = lifeline.pid;
    drop(loading);
    lifeline.ended().await;
    // The name is free as soon as the process is gone; until then a load waits for that.
    let again = router.load("a", "ok").await;
    assert_ne!(again.pid, pid);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[tokio::test]
async fn a_load_right_after_a_cancelled_one_is_never_lost_with_it() {
    let router = Router::start().await;
    for round in 0..20 {
        let id = format!("a{round}");
        drop(router.begin_load(&id, "never").await);
        let mut again = router.begin_load(&id, "never").await;
        while !again.event().await.expect("an event").contains("0.25") {}
        let list = router.get("/v1/models").await;
        let entry = list["data"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|it| it["id"] == id);
        assert_eq!(entry.expect("listed")["state"], "loading");
    }
}

#[tokio::test]
async fn a_load_during_an_unload_waits_for_its_end() {
    let router = Router::start().await;
    let mut first = router.load("a", "stubborn").await;
    let unload = json!({"id": "a"});
    let unloading = router.post("/hearth/models/unload", &unload);
    let loading = async {
        assert_eq!(first.line().await, "I stay");
        router.load("a", "ok").await
    };
    let (_reply, second) = tokio::join!(unloading, loading);
    assert_ne!(second.pid, first.pid);
    assert!(first.ended().await);
}

#[tokio::test]
async fn what_can_not_be_loaded_says_why() {
    let router = Router::start().await;
    let events = parse(&router.begin_load("a", "bad").await.events().await);
    let error = &events.last().expect("events")["error"];
    assert_eq!(error["code"], "model_file");
    assert!(
        error["message"]
            .as_str()
            .expect("text")
            .contains("byte 4: no magic")
    );
    assert_eq!(router.get("/v1/models").await["data"], json!([]));
}

#[tokio::test]
async fn a_worker_that_dies_or_raves_while_loading_is_told() {
    let router = Router::start().await;
    for (how, words) in [
        ("dies-loading", "SIGABRT"),
        ("garbage-loading", "no event"),
        ("endless-line", "no event"),
    ] {
        let events = parse(&router.begin_load("a", how).await.events().await);
        let error = &events.last().expect("events")["error"];
        assert_eq!(error["code"], "worker_died", "{how}");
        assert!(
            error["message"].as_str().expect("text").contains(words),
            "{how}: {error}"
        );
        assert_eq!(router.get("/v1/models").await["data"], json!([]));
    }
}

#[tokio::test]
async fn unloading_ends_and_reaps_the_worker() {
    let router = Router::start().await;
    let lifeline = router.load("a", "ok").await;
    let reply = router
        .post("/hearth/models/unload", &json!({"id": "a"}))
        .await;
    assert_eq!(reply.json().await, json!({"unloaded": true}));
    assert!(lifeline.ended().await, "a zombie is left");
    assert_eq!(router.get("/v1/models").await["data"], json!([]));
    let reply = router
        .post("/hearth/models/unload", &json!({"id": "a"}))
        .await;
    assert_eq!(reply.json().await, json!({"unloaded": false}));
}

#[tokio::test]
async fn a_stubborn_worker_is_killed_when_unloaded() {
    let router = Router::start().await;
    let mut lifeline = router.load("a", "stubborn").await;
    let unload = json!({"id": "a"});
    let unloading = router.post("/hearth/models/unload", &unload);
    let (reply, line) = tokio::join!(unloading, lifeline.line());
    assert_eq!(line, "I stay");
    assert_eq!(reply.json().await, json!({"unloaded": true}));
    assert!(lifeline.ended().await);
}

#[tokio::test]
async fn a_load_that_is_unloaded_is_told_so() {
    let router = Router::start().await;
    let loading = router.begin_load("a", "never").await;
    let reply = router
        .post("/hearth/models/unload", &json!({"id": "a"}))
        .await;
    assert_eq!(reply.json().await, json!({"unloaded": true}));
    let events = parse(&loading.events().await);
    assert_eq!(events.last().expect("events")["error"]["code"], "cancelled");
}

#[tokio::test]
async fn an_answer_of_a_model_that_is_unloaded_is_told_so() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let mut reply = router.stream("a", "hang").await;
    assert!(reply.event().await.expect("an event").contains("begun"));
    router
        .post("/hearth/models/unload", &json!({"id": "a"}))
        .await;
    let rest = reply.events().await;
    assert!(
        rest.last().expect("events").contains("\"cancelled\""),
        "{rest:?}"
    );
}

#[tokio::test]
async fn the_end_of_the_router_is_the_end_of_every_worker() {
    let router = Router::start().await;
    let ready = router.load("a", "ok").await;
    let stubborn = router.load("b", "stubborn").await;
    let loading = router.begin_load("c", "never").await;
    let loading_lifeline = router.lifeline().await;
    let took = router.shut_down().await;
    for lifeline in [ready, stubborn, loading_lifeline] {
        assert!(lifeline.ended().await);
    }
    drop(loading);
    // The promise is two seconds; a machine that is busy with other tests gets more.
    assert!(took.as_secs_f32() < 10.0, "{took:?}");
}

//! Answers: streamed and whole, in both routes, and their cancellation.

use serde_json::{Value, json};

use crate::client::{Reply, parse};
use crate::fixture::Router;

const STORY: &str = "Once سلام 你好 👩‍👩‍👧 end";

async fn chat(router: &Router, content: &str, more: &Value) -> Reply {
    let mut body = json!({"model": "a", "messages": [{"role": "user", "content": content}]});
    let more = more.as_object().expect("an object").clone();
    body.as_object_mut().expect("an object").extend(more);
    router.post("/v1/chat/completions", &body).await
}

#[tokio::test]
async fn a_chat_streams_in_openais_shape() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let reply = chat(&router, &format!("say {STORY}"), &json!({"stream": true})).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("text/event-stream"));
    let events = reply.events().await;
    assert_eq!(events.last().map(String::as_str), Some("[DONE]"));
    let chunks = parse(&events);
    for chunk in &chunks {
        assert_eq!(chunk["object"], "chat.completion.chunk");
        assert_eq!(chunk["model"], "a");
        assert_eq!(chunk["id"], chunks[0]["id"]);
        assert!(chunk.get("usage").is_none(), "nobody asked for usage");
    }
    assert_eq!(
        chunks[0]["choices"][0]["delta"],
        json!({"role": "assistant", "content": ""})
    );
    let (last, before) = chunks.split_last().expect("chunks");
    let text: String = before
        .iter()
        .filter_map(|it| it["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(text, STORY);
    assert!(
        before
            .iter()
            .all(|it| it["choices"][0]["finish_reason"].is_null())
    );
    assert_eq!(last["choices"][0]["finish_reason"], "stop");
    assert_eq!(last["choices"][0]["delta"], json!({}));
    assert_eq!(last["timings"], timings());
}

fn timings() -> Value {
    json!({
        "cache_n": 2, "prompt_n": 6, "prompt_ms": 12.0, "prompt_per_token_ms": 2.0,
        "prompt_per_second": 500.0, "predicted_n": 3, "predicted_ms": 30.0,
        "predicted_per_token_ms": 10.0, "predicted_per_second": 100.0,
    })
}

fn usage() -> Value {
    json!({
        "prompt_tokens": 8, "completion_tokens": 3, "total_tokens": 11,
        "prompt_tokens_details": {"cached_tokens": 2}, "seed": 42,
    })
}

#[tokio::test]
async fn usage_comes_where_it_is_asked_for() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let more = json!({"stream": true, "stream_options": {"include_usage": true}});
    let chunks = parse(&chat(&router, "say x", &more).await.events().await);
    let (last, before) = chunks.split_last().expect("chunks");
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"], usage());
    assert!(
        before
            .iter()
            .all(|it| it["usage"] == Value::Null && it.get("usage").is_some())
    );
}

#[tokio::test]
async fn prompt_progress_comes_where_it_is_asked_for() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let more = json!({"stream": true, "return_progress": true});
    let chunks = parse(&chat(&router, "say x", &more).await.events().await);
    let progress = chunks.iter().find(|it| it.get("prompt_progress").is_some());
    let progress = progress.expect("progress");
    let expected = json!({"total": 8, "cache": 2, "processed": 8, "time_ms": 3});
    assert_eq!(progress["prompt_progress"], expected);
    assert_eq!(progress["choices"][0]["delta"], json!({}));
}

#[tokio::test]
async fn a_chat_comes_whole() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let body = chat(&router, &format!("say {STORY}"), &json!({}))
        .await
        .json()
        .await;
    assert_eq!(body["object"], "chat.completion");
    let choice = &body["choices"][0];
    assert_eq!(
        choice["message"],
        json!({"role": "assistant", "content": STORY})
    );
    assert_eq!(choice["finish_reason"], "stop");
    assert_eq!(body["usage"], usage());
    assert_eq!(body["timings"], timings());
}

#[tokio::test]
async fn a_text_comes_whole_and_streamed() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let body = router
        .complete("a", &format!("say {STORY}"))
        .await
        .json()
        .await;
    assert_eq!(body["object"], "text_completion");
    assert_eq!(body["choices"][0]["text"], STORY);
    assert_eq!(body["usage"], usage());

    let events = router
        .stream("a", &format!("say {STORY}"))
        .await
        .events()
        .await;
    assert_eq!(events.last().map(String::as_str), Some("[DONE]"));
    let chunks = parse(&events);
    let text: String = chunks
        .iter()
        .filter_map(|it| it["choices"][0]["text"].as_str())
        .collect();
    assert_eq!(text, STORY);
    let last = chunks.last().expect("chunks");
    assert_eq!(last["choices"][0]["finish_reason"], "stop");
    assert_eq!(last["timings"], timings());
}

#[tokio::test]
async fn every_option_reaches_the_worker() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let more = json!({
        "temperature": 0.5, "top_p": 0.25, "top_k": 7, "min_p": 0.125, "repeat_penalty": 1.5,
        "repeat_last_n": 32, "presence_penalty": 1.0, "frequency_penalty": -1.0, "seed": 9,
        "max_tokens": 5, "stop": ["\n\n", "END"], "ignore_eos": true, "cache_prompt": false,
        "return_progress": true, "chat_template_kwargs": {"enable_thinking": false},
        "user": "unknown to us", "logit_bias": {},
    });
    let body = chat(&router, "echo", &more).await.json().await;
    let text = body["choices"][0]["message"]["content"]
        .as_str()
        .expect("a text");
    let received: Value = serde_json::from_str(text).expect("JSON");
    let expected = json!({
        "prompt": {"messages": [{"role": "user", "content": "echo"}]},
        "sampling": {
            "temperature": 0.5, "top_k": 7, "top_p": 0.25, "min_p": 0.125, "repeat_penalty": 1.5,
            "repeat_last_n": 32, "presence_penalty": 1.0, "frequency_penalty": -1.0, "seed": 9,
        },
        "max_tokens": 5, "stop": ["\n\n", "END"], "ignore_eos": true, "cache_prompt": false,
        "return_progress": true, "template_kwargs": {"enable_thinking": false},
    });
    assert_eq!(received, expected);
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_cancels_it() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let mut reply = router.stream("a", "hang").await;
    assert!(reply.event().await.expect("an event").contains("begun"));
    let (text, ()) = tokio::join!(router.text("a", "await-cancels 1"), async { drop(reply) });
    assert_eq!(text, "cancelled");
}

#[tokio::test]
async fn a_client_that_leaves_before_the_first_word_cancels_too() {
    for stream in [true, false] {
        let router = Router::start().await;
        let _lifeline = router.load("a", "ok").await;
        let body = json!({"model": "a", "prompt": "silence", "stream": stream});
        let request = router.honest(crate::client::Request::post("/v1/completions", &body));
        let mut wire = router.connect().await;
        tokio::io::AsyncWriteExt::write_all(&mut wire, &request.bytes())
            .await
            .expect("sent");
        // The answer to this one only begins once the first generation is cancelled, and that
        // must not come before the client goes.
        let waiting = router.text("a", "await-cancels 1");
        tokio::pin!(waiting);
        let early = std::time::Duration::from_millis(200);
        assert!(tokio::time::timeout(early, waiting.as_mut()).await.is_err());
        drop(wire);
        assert_eq!(waiting.await, "cancelled");
    }
}

#[tokio::test]
async fn failures_before_the_first_word_have_a_status() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    for stream in [true, false] {
        let ask = |prompt: &str| json!({"model": "a", "prompt": prompt, "stream": stream});
        let reply = router.post("/v1/completions", &ask("busy")).await;
        assert_eq!(
            (reply.status, reply.header("retry-after")),
            (429, Some("7"))
        );
        assert_eq!(reply.json().await["error"]["code"], "busy");

        let reply = router.post("/v1/completions", &ask("too-long")).await;
        assert_eq!(reply.status, 400);
        let error = reply.json().await["error"].clone();
        assert_eq!(error["type"], "exceed_context_size_error");
        assert_eq!(error["n_prompt_tokens"], 600);
        assert_eq!(error["n_ctx"], 512);
    }
}

#[tokio::test]
async fn failures_in_mid_answer_are_an_event() {
    let router = Router::start().await;
    let _lifeline = router.load("a", "ok").await;
    let events = router.stream("a", "fail-late").await.events().await;
    let chunks = parse(&events);
    assert_eq!(chunks[0]["choices"][0]["text"], "half an ans");
    assert_eq!(chunks.last().expect("chunks")["error"]["code"], "internal");
    assert_ne!(events.last().map(String::as_str), Some("[DONE]"));
    let reply = router.complete("a", "fail-late").await;
    assert_eq!(reply.status, 500);
}

#[tokio::test]
async fn models_that_are_not_there_or_not_ready_are_told_apart() {
    let router = Router::start().await;
    let reply = router.complete("nobody", "say x").await;
    assert_eq!(reply.status, 404);
    let error = reply.json().await["error"].clone();
    assert_eq!(
        (error["type"].as_str(), error["code"].as_str()),
        (Some("not_found_error"), Some("model_not_found"))
    );
    let _loading = router.begin_load("b", "never").await;
    let reply = router.complete("b", "say x").await;
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (429, Some("1"))
    );
}

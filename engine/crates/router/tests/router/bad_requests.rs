//! Requests that can't be understood get a clear answer and change nothing.

use serde_json::{Value, json};

use crate::client::Request;
use crate::fixture::Router;

const CHAT: &str = "/v1/chat/completions";

fn raw(path: &str, body: &[u8]) -> Request {
    Request {
        body: body.to_vec(),
        ..Request::post(path, &json!({}))
    }
}

async fn refusal(router: &Router, request: Request) -> (u16, Value) {
    let reply = router.send(request).await;
    (reply.status, reply.json().await["error"].clone())
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let router = Router::start().await;
    for path in [
        CHAT,
        "/v1/completions",
        "/hearth/models/load",
        "/hearth/models/unload",
    ] {
        for body in [
            "{",
            "no",
            "\u{0}",
            "{\"model\": \"a\"} more",
            "[]",
            "\"x\"",
            "null",
        ] {
            let (status, error) = refusal(&router, raw(path, body.as_bytes())).await;
            assert_eq!(status, 400, "{path} {body}");
            assert_eq!(error["type"], "invalid_request_error");
            assert_eq!(error["code"], "bad_request");
        }
        let (status, _) = refusal(&router, raw(path, b"{\"model\": \"\xff\"}")).await;
        assert_eq!(status, 400);
        let deep = "[".repeat(100_000);
        let (status, _) = refusal(&router, raw(path, deep.as_bytes())).await;
        assert_eq!(status, 400);
        let deep = format!("{{\"chat_template_kwargs\": {{\"a\": {deep}");
        let (status, _) = refusal(&router, raw(path, deep.as_bytes())).await;
        assert_eq!(status, 400);
        let empty = Request {
            body: Vec::new(),
            ..raw(path, b"")
        };
        assert_eq!(refusal(&router, empty).await.0, 400);
    }
}

#[tokio::test]
async fn fields_of_the_wrong_type_are_named() {
    let router = Router::start().await;
    let cases = [
        (json!({"temperature": "hot"}), "temperature: "),
        (json!({"max_tokens": -1}), "max_tokens: "),
        (json!({"max_tokens": 1.5}), "max_tokens: "),
        (json!({"stream": "yes"}), "stream: "),
        (json!({"model": 7}), "model: "),
        (json!({"stop": 7}), "stop: "),
        (json!({"messages": "hello"}), "messages: "),
        (json!({"messages": [{"content": "x"}]}), "messages[0]: "),
        (
            json!({"messages": [{"role": "user", "content": 7}]}),
            "messages[0].content: ",
        ),
        (
            json!({"stream_options": {"include_usage": 1}}),
            "stream_options.include_usage: ",
        ),
    ];
    for (body, start) in cases {
        let (status, error) = refusal(&router, Request::post(CHAT, &body)).await;
        assert_eq!(status, 400, "{body}");
        let message = error["message"].as_str().expect("a text");
        assert!(message.starts_with(start), "{message}");
    }
}

#[tokio::test]
async fn values_out_of_range_are_named() {
    let router = Router::start().await;
    let body = json!({"model": "a", "messages": [{"role": "user", "content": "x"}], "top_p": 2});
    let (status, error) = refusal(&router, Request::post(CHAT, &body)).await;
    assert_eq!(status, 400);
    assert_eq!(error["message"], "top_p: must be from 0 to 1");
}

#[tokio::test]
async fn loads_that_make_no_sense() {
    let router = Router::start().await;
    let cases = [
        (json!({"path": "/a"}), "missing field `id`"),
        (json!({"id": "a"}), "missing field `path`"),
        (json!({"id": "", "path": "/a"}), "id: "),
        (json!({"id": "x".repeat(513), "path": "/a"}), "id: "),
        (json!({"id": "a\nb", "path": "/a"}), "id: "),
        (json!({"id": "a", "path": "a.gguf"}), "path: "),
        (json!({"id": "a", "path": "/a", "n_ctx": 0}), "n_ctx: "),
        (json!({"id": "a", "path": "/a", "n_ctx": -1}), "n_ctx: "),
        (
            json!({"id": "a", "path": "/a", "n_threads": 0}),
            "n_threads: ",
        ),
    ];
    for (body, start) in cases {
        let request = Request::post("/hearth/models/load", &body);
        let (status, error) = refusal(&router, request).await;
        assert_eq!(status, 400, "{body}");
        let message = error["message"].as_str().expect("a text");
        assert!(message.starts_with(start), "{message}");
    }
    assert_eq!(router.get("/v1/models").await["data"], json!([]));
}

#[tokio::test]
async fn other_types_routes_and_methods() {
    let router = Router::start().await;
    for kind in [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
    ] {
        let request = Request::post(CHAT, &json!({})).header("Content-Type", kind);
        let (status, error) = refusal(&router, request).await;
        assert_eq!(
            (status, error["code"].as_str()),
            (415, Some("unsupported_media_type"))
        );
    }
    let kind = "Application/JSON; charset=utf-8";
    let request = Request::post(CHAT, &json!({})).header("Content-Type", kind);
    assert_eq!(
        refusal(&router, request).await.0,
        400,
        "only the body is wrong"
    );
    let (status, error) = refusal(&router, Request::get("/v1/nothing")).await;
    assert_eq!(
        (status, error["code"].as_str()),
        (404, Some("route_not_found"))
    );
    let (status, error) = refusal(&router, Request::get(CHAT)).await;
    assert_eq!(
        (status, error["code"].as_str()),
        (405, Some("method_not_allowed"))
    );
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    for router in [Router::start().await, Router::start_on_tcp().await] {
        let limit = 8 * 1024 * 1024;
        let (status, error) = refusal(&router, raw(CHAT, &vec![b' '; limit + 1])).await;
        assert_eq!(
            (status, error["code"].as_str()),
            (413, Some("body_too_large"))
        );
        let (status, _) = refusal(&router, raw(CHAT, &vec![b' '; limit])).await;
        assert_eq!(status, 400, "the largest one is still read");
    }
}

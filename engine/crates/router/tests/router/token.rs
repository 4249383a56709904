//! Nobody comes in without the token, on no route.

use serde_json::json;

use crate::client::{Request, send};
use crate::fixture::{Router, TOKEN};

fn every_route() -> Vec<Request> {
    vec![
        Request::get("/health"),
        Request::get("/v1/models"),
        Request::post("/v1/chat/completions", &json!({})),
        Request::post("/v1/completions", &json!({})),
        Request::post("/hearth/models/load", &json!({})),
        Request::post("/hearth/models/unload", &json!({})),
        Request::get("/nothing/here"),
        Request::get("/v1/completions"),
    ]
}

#[tokio::test]
async fn every_route_wants_it() {
    let longer = format!("Bearer {TOKEN}0");
    let shorter = format!("Bearer {}", &TOKEN[1..]);
    let basic = format!("Basic {TOKEN}");
    let shown = [
        "",
        TOKEN,
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        &longer,
        &shorter,
        &basic,
        "Bearer \u{fc}",
    ];
    for router in [Router::start().await, Router::start_on_tcp().await] {
        for route in every_route() {
            for value in shown {
                let request = router.honest(route.clone()).header("Authorization", value);
                let reply = send(router.connect().await, &request).await;
                assert_eq!(reply.status, 401, "{} with '{value}'", route.path);
                assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
                assert_eq!(reply.json().await["error"]["code"], "invalid_api_key");
            }
            let reply = router.send(route.clone()).await;
            assert_ne!(reply.status, 401, "{}", route.path);
        }
    }
}

#[tokio::test]
async fn health_answers_whoever_has_it() {
    let router = Router::start().await;
    let expected = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")});
    assert_eq!(router.get("/health").await, expected);
}

#[tokio::test]
async fn on_tcp_only_the_exact_host_passes() {
    let router = Router::start_on_tcp().await;
    let address = router.tcp_address();
    let port = address.port();
    let wrong = [
        String::new(),
        "127.0.0.1".to_owned(),
        "localhost".to_owned(),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("evil.example:{port}"),
        format!("127.0.0.1:{port}0"),
        format!("2130706433:{port}"),
        format!("0177.0.0.1:{port}"),
        format!("[::1]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("user@127.0.0.1:{port}"),
    ];
    for host in wrong {
        let request = router.honest(Request::get("/health")).header("Host", &host);
        let reply = send(router.connect().await, &request).await;
        assert_eq!(reply.status, 403, "'{host}'");
        assert_eq!(reply.json().await["error"]["code"], "forbidden_host");
    }
    for host in [address.to_string(), format!("localhost:{port}")] {
        let request = router.honest(Request::get("/health")).header("Host", &host);
        assert_eq!(
            send(router.connect().await, &request).await.status,
            200,
            "'{host}'"
        );
    }
    let mut twice = router.honest(Request::get("/health"));
    twice
        .headers
        .push(("Host".into(), format!("evil.example:{port}")));
    assert_ne!(send(router.connect().await, &twice).await.status, 200);
    let absolute = router.honest(Request::get(&format!("http://evil.example:{port}/health")));
    assert_ne!(send(router.connect().await, &absolute).await.status, 200);
}

#[tokio::test]
async fn web_pages_do_not_come_in() {
    for router in [Router::start().await, Router::start_on_tcp().await] {
        for origin in ["null", "https://evil.example", "http://localhost"] {
            let request = Request::get("/v1/models").header("Origin", origin);
            let reply = router.send(request).await;
            assert_eq!(reply.status, 403);
            assert_eq!(reply.header("access-control-allow-origin"), None);
            assert_eq!(reply.json().await["error"]["code"], "forbidden_origin");
        }
        let preflight = Request {
            method: "OPTIONS",
            ..Request::get("/v1/completions")
        };
        assert_ne!(send(router.connect().await, &preflight).await.status, 200);
    }
}

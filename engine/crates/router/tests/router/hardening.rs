//! Clients that are slow, silent or many.

use std::time::Duration;

use hearth_router::Limits;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::client::{PATIENCE, Reply, Request};
use crate::fixture::Router;

const SHORT: Duration = Duration::from_millis(300);

async fn impatient() -> Router {
    let limits = Limits {
        header_timeout: SHORT,
        body_timeout: SHORT,
        ..Limits::default()
    };
    Router::start_with(limits, false).await
}

#[test]
fn the_timeouts_are_five_seconds() {
    let limits = Limits::default();
    assert_eq!(limits.header_timeout, Duration::from_secs(5));
    assert_eq!(limits.body_timeout, Duration::from_secs(5));
    assert_eq!((limits.connections, limits.body_bytes), (256, 8 << 20));
}

#[tokio::test]
async fn a_head_that_never_ends_is_cut() {
    let router = impatient().await;
    for begun in ["", "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut wire = router.connect().await;
        wire.write_all(begun.as_bytes()).await.expect("sent");
        let mut rest = Vec::new();
        let read = timeout(PATIENCE, wire.read_to_end(&mut rest))
            .await
            .expect("cut in time");
        assert!(read.is_err() || !rest.starts_with(b"HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_told() {
    let router = impatient().await;
    let request = router.honest(Request::post("/v1/completions", &json!({"model": "a"})));
    let mut wire = router.connect().await;
    let bytes = request.bytes();
    wire.write_all(&bytes[..bytes.len() - 1])
        .await
        .expect("sent");
    let reply = Reply::read(wire).await;
    assert_eq!(reply.status, 408);
    assert_eq!(reply.json().await["error"]["code"], "request_timeout");
}

#[tokio::test]
async fn a_slow_reader_is_dropped_and_others_keep_their_speed() {
    let router = Router::start().await;
    let lifeline = router.load("a", "ok").await;
    let mut slow = router.stream("a", "flood").await;
    assert!(slow.event().await.is_some());
    // It reads no more. Its flood ends when the router has dropped it: then, and not before, the
    // worker is told to cancel it.
    assert_eq!(router.text("a", "await-cancels 1").await, "cancelled");
    let waiting = slow.read_until_cut().await;
    assert!(
        waiting < 8 << 20,
        "{waiting} bytes were kept for a slow reader"
    );
    assert_eq!(router.text("a", "say still here").await, "still here");
    assert_eq!(router.get("/v1/models").await["data"][0]["state"], "ready");
    drop(lifeline);
}

#[tokio::test]
async fn vanishing_clients_leave_nothing_behind() {
    let limits = Limits {
        connections: 100,
        ..Limits::default()
    };
    let router = Router::start_with(limits, false).await;
    let _lifeline = router.load("a", "ok").await;
    for _ in 0..5 {
        let clients = (0..100).map(|_| router.stream("a", "hang"));
        drop(futures_util::future::join_all(clients).await);
    }
    // Every place is free again, and every generation was cancelled.
    assert_eq!(router.text("a", "await-cancels 500").await, "cancelled");
}

#[tokio::test]
async fn more_connections_than_places_wait_and_are_served() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let router = Router::start_with(limits, false).await;
    let _lifeline = router.load("a", "ok").await;
    let first = router.stream("a", "hang").await;
    let second = router.stream("a", "hang").await;
    let third = router.get("/health");
    tokio::pin!(third);
    assert!(
        timeout(SHORT, third.as_mut()).await.is_err(),
        "there is no place"
    );
    drop(first);
    assert_eq!(third.await["status"], "ok");
    drop(second);
}

#[tokio::test]
async fn many_pipelined_requests_are_not_kept() {
    let router = Router::start().await;
    let one = router.honest(Request::get("/health")).bytes();
    let mut wire = router.connect().await;
    let _sent = wire.write_all(&one.repeat(10_000)).await;
    let mut answer = Vec::new();
    let _read = timeout(PATIENCE, wire.read_to_end(&mut answer))
        .await
        .expect("cut in time");
    assert!(answer.len() < 4096, "one answer, then the end");
    assert_eq!(router.get("/health").await["status"], "ok");
}

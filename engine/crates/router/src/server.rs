//! Carries connections to the routes, with bounds on their number and their slowness.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::config::{Config, Limits};
use crate::http::{self, ConnectionHandle};
use crate::listen::{Address, Listener, Stream};
use crate::models::Models;

/// Pause after an `accept` that failed, which is mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown` completes; then every connection is cut, every worker has ended and
/// been reaped, and a Unix socket's file is gone.
///
/// `on_ready` is called once, when clients can connect.
///
/// # Errors
/// Where the address can't be bound, [`io::ErrorKind::InvalidInput`] where it is not loopback.
pub async fn serve(
    config: Config,
    on_ready: impl FnOnce(&Address),
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let listener = Listener::bind(&config.listen)?;
    let address = listener.address();
    let models = Arc::new(Models::new(config.worker));
    let routes = http::routes(Arc::clone(&models), config.token, &address, config.limits);
    on_ready(&address);

    let mut connections = JoinSet::new();
    tokio::select! {
        () = shutdown => {}
        () = accept(&listener, &routes, config.limits, &mut connections) => {}
    }
    drop(listener);
    connections.shutdown().await;
    models.stop_all().await;
    Ok(())
}

async fn accept(
    listener: &Listener,
    routes: &Router,
    limits: Limits,
    connections: &mut JoinSet<()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok(stream) => {
                let connection = connect(stream, routes.clone(), limits);
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Serves one connection, one request: a local connection costs nothing to open, and none that
/// idles can be closed under a request that is just being sent.
async fn connect(stream: Box<dyn Stream>, routes: Router, limits: Limits) {
    let dropped = CancellationToken::new();
    let handle = ConnectionHandle(dropped.clone());
    let service = routes.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(handle.clone());
        request.map(Body::new)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::select! {
        outcome = connection => {
            if let Err(error) = outcome {
                tracing::debug!(%error, "a connection ended early");
            }
        }
        () = dropped.cancelled() => tracing::warn!("a client that reads too slowly was dropped"),
    }
}

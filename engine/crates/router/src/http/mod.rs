//! Routes, the token, JSON and status codes. Nothing here knows a process.

mod answer;
mod body;
mod completions;
mod error;
mod gate;
mod load;
mod request;
mod validate;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::config::{Limits, Token};
use crate::listen::Address;
use crate::models::Models;
use error::ApiError;
use gate::Gate;

/// Cuts the connection that a request came through. Every request carries one.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionHandle(pub(crate) CancellationToken);

/// What the handlers share.
#[derive(Debug, Clone)]
struct App {
    models: Arc<Models>,
    limits: Limits,
}

/// Every route of the router, behind the gate.
pub(crate) fn routes(
    models: Arc<Models>,
    token: Token,
    address: &Address,
    limits: Limits,
) -> Router {
    let gate = Arc::new(Gate::new(token, address));
    Router::new()
        .route("/health", get(health))
        .route("/v1/models", get(list_models))
        .route("/v1/chat/completions", post(completions::chat))
        .route("/v1/completions", post(completions::text))
        .route("/hearth/models/load", post(load::load))
        .route("/hearth/models/unload", post(load::unload))
        .fallback(no_such_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(gate, gate::admit))
        .with_state(App { models, limits })
}

async fn health() -> Json<Value> {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

async fn list_models(State(app): State<App>) -> Json<Value> {
    let data: Vec<Value> = app
        .models
        .list()
        .iter()
        .filter_map(|(id, state)| load::entry(id, state))
        .collect();
    Json(json!({"object": "list", "data": data}))
}

async fn no_such_route() -> ApiError {
    ApiError::invalid(
        StatusCode::NOT_FOUND,
        "route_not_found",
        "there is no such route",
    )
}

async fn wrong_method() -> ApiError {
    let message = "this route has another method";
    ApiError::invalid(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        message,
    )
}

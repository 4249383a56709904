//! Loading, unloading and listing models.

use std::convert::Infallible;
use std::path::PathBuf;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::stream;
use hearth_api::{EngineError, LoadSpec};
use serde::Deserialize;
use serde_json::{Value, json};

use super::App;
use super::body::JsonBody;
use super::error::ApiError;
use crate::worker;

/// Longest name of a model.
const LONGEST_ID: usize = 512;

#[derive(Debug, Deserialize)]
pub(super) struct LoadRequest {
    id: String,
    path: PathBuf,
    #[serde(default)]
    n_ctx: Option<u32>,
    #[serde(default)]
    n_threads: Option<u32>,
    #[serde(default)]
    n_gpu_layers: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UnloadRequest {
    id: String,
}

/// Loads a model and says how far it is. Whoever leaves before the end leaves the load; when
/// nobody is left, it is cancelled.
pub(super) async fn load(
    State(app): State<App>,
    JsonBody(request): JsonBody<LoadRequest>,
) -> Result<impl IntoResponse, ApiError> {
    check(&request)?;
    let LoadRequest {
        id,
        path,
        n_ctx,
        n_threads,
        n_gpu_layers,
    } = request;
    let spec = LoadSpec {
        path,
        n_ctx,
        n_threads,
        n_gpu_layers,
    };
    let watch = app.models.load(&id, &spec).await?;
    let states = stream::unfold(Some(watch), |watch| async {
        let mut watch = watch?;
        let state = watch.next().await;
        let event = Event::default().data(progress(&state).to_string());
        let goes_on = matches!(state, worker::State::Loading(_));
        Some((Ok::<_, Infallible>(event), goes_on.then_some(watch)))
    });
    Ok(Sse::new(states))
}

/// Ends a model's worker.
pub(super) async fn unload(
    State(app): State<App>,
    JsonBody(request): JsonBody<UnloadRequest>,
) -> Json<Value> {
    Json(json!({"unloaded": app.models.unload(&request.id).await}))
}

/// A model as `/v1/models` lists it.
pub(super) fn entry(id: &str, state: &worker::State) -> Option<Value> {
    let (name, progress, meta) = match state {
        worker::State::Loading(progress) => ("loading", *progress, Value::Null),
        worker::State::Ready(model) => ("ready", 1.0, json!(model.as_ref())),
        worker::State::Ended(_) => return None,
    };
    Some(json!({
        "id": id, "object": "model", "created": 0, "owned_by": "hearth",
        "state": name, "progress": progress, "meta": meta,
    }))
}

fn progress(state: &worker::State) -> Value {
    match state {
        worker::State::Loading(progress) => json!({"state": "loading", "progress": progress}),
        worker::State::Ready(model) => json!({"state": "ready", "meta": model.as_ref()}),
        worker::State::Ended(error) => ApiError::from(error.clone()).body(),
    }
}

fn check(request: &LoadRequest) -> Result<(), EngineError> {
    let wrong = |message: &str| {
        Err(EngineError::BadRequest {
            message: message.to_owned(),
        })
    };
    if request.id.is_empty() || request.id.len() > LONGEST_ID {
        return wrong("id: must have 1 to 512 bytes");
    }
    if request.id.chars().any(char::is_control) {
        return wrong("id: must have no control characters");
    }
    if !request.path.is_absolute() {
        return wrong("path: must be absolute");
    }
    if request.n_ctx == Some(0) {
        return wrong("n_ctx: must be at least 1");
    }
    if request.n_threads == Some(0) {
        return wrong("n_threads: must be at least 1");
    }
    Ok(())
}

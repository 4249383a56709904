//! The body of a request: JSON, bounded in size and in time.

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use hearth_api::EngineError;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::App;
use super::error::ApiError;

/// A request body, read and understood.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let message = "the body must be sent as 'Content-Type: application/json'";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::invalid(status, "unsupported_media_type", message));
        }
        let reading = read(request, app.limits.body_bytes);
        let bytes = timeout(app.limits.body_timeout, reading)
            .await
            .map_err(|_| {
                let message = "the body did not come in time";
                ApiError::invalid(StatusCode::REQUEST_TIMEOUT, "request_timeout", message)
            })??;
        parse(&bytes).map(Self)
    }
}

/// A form that a web page sends without asking has another type, and is refused here too.
fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Reads a body of at most `limit` bytes. The rest of a longer one is read and thrown away, so
/// that its sender comes to read the answer; one that asks first is answered at once.
async fn read(request: Request, limit: usize) -> Result<Vec<u8>, ApiError> {
    if request.headers().contains_key(header::EXPECT) && announced(request.headers()) > limit {
        return Err(too_large(limit));
    }
    let mut chunks = request.into_body().into_data_stream();
    let mut kept = Vec::new();
    let mut length = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| {
            let message = "the body ended too early";
            ApiError::invalid(StatusCode::BAD_REQUEST, "incomplete_body", message)
        })?;
        length = length.saturating_add(chunk.len());
        if length <= limit {
            kept.extend_from_slice(&chunk);
        } else {
            kept = Vec::new();
        }
    }
    if length > limit {
        Err(too_large(limit))
    } else {
        Ok(kept)
    }
}

fn announced(headers: &HeaderMap) -> usize {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .unwrap_or_default()
}

fn too_large(limit: usize) -> ApiError {
    let message = format!("the body may have at most {limit} bytes");
    ApiError::invalid(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &message)
}

/// Fields that are not known are left alone; one of the wrong type is named.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    Json::<T>::from_bytes(bytes)
        .map(|Json(value)| value)
        .map_err(|rejection| {
            let text = rejection.body_text();
            // axum puts a sentence of its own before the field and the reason.
            let message = match text.split_once(": ") {
                Some((_, reason)) => reason.to_owned(),
                None => text,
            };
            EngineError::BadRequest { message }.into()
        })
}

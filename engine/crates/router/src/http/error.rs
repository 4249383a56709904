//! What a client is told when something fails: a status and `OpenAI`'s error object.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hearth_api::EngineError;
use serde_json::{Map, Value, json};

const INVALID: &str = "invalid_request_error";
const SERVER: &str = "server_error";

/// An error on its way to a client.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    kind: &'static str,
    code: &'static str,
    message: String,
    facts: Map<String, Value>,
    retry_after_s: Option<u32>,
}

impl ApiError {
    fn new(status: StatusCode, kind: &'static str, code: &'static str, message: String) -> Self {
        Self {
            status,
            kind,
            code,
            message,
            facts: Map::new(),
            retry_after_s: None,
        }
    }

    /// A request that HTTP itself lets us refuse.
    pub(super) fn invalid(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self::new(status, INVALID, code, message.to_owned())
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// The whole JSON body; also the data of an event where a stream has begun.
    pub(super) fn body(&self) -> Value {
        let mut error = self.facts.clone();
        error.insert("message".to_owned(), self.message.clone().into());
        error.insert("type".to_owned(), self.kind.into());
        error.insert("code".to_owned(), self.code.into());
        json!({"error": error})
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        let message = error.to_string();
        match error {
            EngineError::BadRequest { .. } => {
                Self::new(StatusCode::BAD_REQUEST, INVALID, "bad_request", message)
            }
            EngineError::ContextExceeded {
                prompt_tokens,
                context_tokens,
            } => {
                let kind = "exceed_context_size_error";
                Self::new(StatusCode::BAD_REQUEST, kind, "context_exceeded", message)
                    .with("n_prompt_tokens", prompt_tokens)
                    .with("n_ctx", context_tokens)
            }
            EngineError::ModelNotFound { .. } => Self::new(
                StatusCode::NOT_FOUND,
                "not_found_error",
                "model_not_found",
                message,
            ),
            EngineError::ModelFile { .. } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                INVALID,
                "model_file",
                message,
            ),
            EngineError::OutOfMemory {
                needed_bytes,
                available_bytes,
            } => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                SERVER,
                "out_of_memory",
                message,
            )
            .with("needed_bytes", needed_bytes)
            .with("available_bytes", available_bytes),
            EngineError::Template { .. } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                INVALID,
                "template",
                message,
            ),
            EngineError::Busy { retry_after_s } => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                let mut error = Self::new(status, "rate_limit_error", "busy", message);
                error.retry_after_s = Some(retry_after_s);
                error
            }
            EngineError::WorkerDied { .. } => {
                Self::new(StatusCode::BAD_GATEWAY, SERVER, "worker_died", message)
            }
            EngineError::Cancelled => Self::new(
                client_closed_request(),
                "cancelled_error",
                "cancelled",
                message,
            ),
            EngineError::Internal { .. } => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                SERVER,
                "internal",
                message,
            ),
        }
    }
}

/// 499, which nginx made known and no standard names.
fn client_closed_request() -> StatusCode {
    StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::ApiError;
    use axum::response::IntoResponse;
    use hearth_api::EngineError;

    fn status_and_code(error: EngineError) -> (u16, String) {
        let error = ApiError::from(error);
        let code = error.body()["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        (error.into_response().status().as_u16(), code)
    }

    #[test]
    fn every_error_has_its_status_and_the_name_that_it_has_in_the_protocol() {
        let text = || "x".to_owned();
        let cases = [
            (400, EngineError::BadRequest { message: text() }),
            (
                400,
                EngineError::ContextExceeded {
                    prompt_tokens: 9,
                    context_tokens: 8,
                },
            ),
            (404, EngineError::ModelNotFound { model: text() }),
            (422, EngineError::ModelFile { reason: text() }),
            (
                507,
                EngineError::OutOfMemory {
                    needed_bytes: 2,
                    available_bytes: 1,
                },
            ),
            (422, EngineError::Template { reason: text() }),
            (429, EngineError::Busy { retry_after_s: 3 }),
            (502, EngineError::WorkerDied { detail: text() }),
            (499, EngineError::Cancelled),
            (500, EngineError::Internal { detail: text() }),
        ];
        for (status, error) in cases {
            let in_protocol = serde_json::to_value(&error).expect("JSON")["kind"].clone();
            assert_eq!(
                status_and_code(error),
                (status, in_protocol.as_str().expect("text").into())
            );
        }
    }

    #[test]
    fn facts_go_along() {
        let error = EngineError::ContextExceeded {
            prompt_tokens: 9,
            context_tokens: 8,
        };
        let body = ApiError::from(error).body();
        assert_eq!(body["error"]["n_prompt_tokens"], 9);
        assert_eq!(body["error"]["n_ctx"], 8);
        assert_eq!(body["error"]["type"], "exceed_context_size_error");
    }

    #[test]
    fn busy_says_when_to_come_back() {
        let response = ApiError::from(EngineError::Busy { retry_after_s: 3 }).into_response();
        assert_eq!(response.headers()["retry-after"], "3");
    }
}

//! The two routes that write text.

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use futures_util::{Stream, stream};
use serde_json::Value;

use super::answer::{Envelope, Shape};
use super::body::JsonBody;
use super::error::ApiError;
use super::request::{Asked, GenerationBody};
use super::{App, ConnectionHandle};
use crate::worker::{Answer, AnswerEvent};

/// What ends a stream that ended well.
const DONE: &str = "[DONE]";

/// `/v1/chat/completions`.
pub(super) async fn chat(
    State(app): State<App>,
    Extension(connection): Extension<ConnectionHandle>,
    JsonBody(body): JsonBody<GenerationBody>,
) -> Result<Response, ApiError> {
    answer(&app, connection, body.into_chat()?, Shape::Chat).await
}

/// `/v1/completions`.
pub(super) async fn text(
    State(app): State<App>,
    Extension(connection): Extension<ConnectionHandle>,
    JsonBody(body): JsonBody<GenerationBody>,
) -> Result<Response, ApiError> {
    answer(&app, connection, body.into_text()?, Shape::Text).await
}

/// Runs a generation. A client that leaves drops what runs here, and with it the [`Answer`],
/// which cancels the generation.
async fn answer(
    app: &App,
    connection: ConnectionHandle,
    asked: Asked,
    shape: Shape,
) -> Result<Response, ApiError> {
    let worker = app.models.get(&asked.model)?;
    let envelope = Envelope::new(shape, asked.model, asked.include_usage)?;
    let mut answer = worker.generate(asked.request, connection.0)?;
    // What fails before the first word still has a status of its own.
    let first = match answer.next().await {
        AnswerEvent::Failed(error) => return Err(error.into()),
        event => event,
    };
    if asked.stream {
        return Ok(Sse::new(chunks(envelope, answer, first)).into_response());
    }
    whole(&envelope, answer, first)
        .await
        .map(IntoResponse::into_response)
}

async fn whole(
    envelope: &Envelope,
    mut answer: Answer,
    first: AnswerEvent,
) -> Result<Json<Value>, ApiError> {
    let mut text = String::new();
    let mut event = first;
    loop {
        match event {
            AnswerEvent::Prompt(_) => {}
            AnswerEvent::Delta(more) => text.push_str(&more),
            AnswerEvent::Done {
                reason,
                usage,
                timings,
            } => {
                return Ok(Json(envelope.whole(&text, reason, &usage, &timings)));
            }
            AnswerEvent::Failed(error) => return Err(error.into()),
        }
        event = answer.next().await;
    }
}

fn chunks(
    envelope: Envelope,
    answer: Answer,
    first: AnswerEvent,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let opening = envelope.opening().map(|chunk| chunk.to_string());
    let mut chunks = Chunks {
        envelope,
        answer: Some(answer),
        ready: opening.into_iter().collect(),
    };
    chunks.take(first);
    stream::unfold(chunks, |mut chunks| async {
        let data = chunks.next().await?;
        Some((Ok(Event::default().data(data)), chunks))
    })
}

/// Events of a generation on their way to becoming data of a stream.
struct Chunks {
    envelope: Envelope,
    /// Gone after the last event.
    answer: Option<Answer>,
    ready: VecDeque<String>,
}

impl Chunks {
    async fn next(&mut self) -> Option<String> {
        while self.ready.is_empty() {
            let event = self.answer.as_mut()?.next().await;
            self.take(event);
        }
        self.ready.pop_front()
    }

    fn take(&mut self, event: AnswerEvent) {
        match event {
            AnswerEvent::Prompt(progress) => self.push(&self.envelope.progress(&progress)),
            AnswerEvent::Delta(text) => self.push(&self.envelope.delta(&text)),
            AnswerEvent::Done {
                reason,
                usage,
                timings,
            } => {
                for chunk in self.envelope.closing(reason, &usage, &timings) {
                    self.push(&chunk);
                }
                self.ready.push_back(DONE.to_owned());
                self.answer = None;
            }
            AnswerEvent::Failed(error) => {
                self.push(&ApiError::from(error).body());
                self.answer = None;
            }
        }
    }

    fn push(&mut self, chunk: &Value) {
        self.ready.push_back(chunk.to_string());
    }
}

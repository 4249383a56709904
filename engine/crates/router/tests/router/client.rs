//! The smallest HTTP client that can stop half-way, read slowly and send nonsense.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

/// Longest wait for anything; a test that hits it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A request, sent byte for byte as it stands here.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn post(path: &str, body: &Value) -> Self {
        let body = body.to_string().into_bytes();
        let request = Self {
            method: "POST",
            path: path.into(),
            headers: Vec::new(),
            body,
        };
        request.header("Content-Type", "application/json")
    }

    /// Sets a header; an empty value takes it away.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        if !value.is_empty() {
            self.headers.push((name.into(), value.into()));
        }
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut lines = vec![format!("{} {} HTTP/1.1", self.method, self.path)];
        lines.extend(
            self.headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        if !self.body.is_empty() {
            lines.push(format!("Content-Length: {}", self.body.len()));
        }
        let mut bytes = (lines.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// An answer whose body is still to be read.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    wire: BufReader<Box<dyn Wire>>,
}

/// Sends a request and reads the head of the answer.
pub(crate) async fn send(mut wire: Box<dyn Wire>, request: &Request) -> Reply {
    // A router that refuses early may close before everything is sent.
    let _sent = wire.write_all(&request.bytes()).await;
    Reply::read(wire).await
}

impl Reply {
    pub(crate) async fn read(wire: Box<dyn Wire>) -> Self {
        let mut wire = BufReader::new(wire);
        let status = line(&mut wire).await;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut headers = Vec::new();
        loop {
            let header = line(&mut wire).await;
            let Some((name, value)) = header.split_once(": ") else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        Self {
            status: status.expect("a status line"),
            headers,
            wire,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub(crate) async fn json(mut self) -> Value {
        let mut body = Vec::new();
        let read = self.wire.read_to_end(&mut body);
        timeout(PATIENCE, read)
            .await
            .expect("the body ends")
            .expect("read");
        serde_json::from_slice(&body).expect("JSON")
    }

    /// The data of the next server-sent event; `None` at the proper end of the stream.
    pub(crate) async fn event(&mut self) -> Option<String> {
        let size = line(&mut self.wire).await;
        let size = usize::from_str_radix(&size, 16).expect("a chunk size");
        let mut chunk = vec![0; size + 2];
        timeout(PATIENCE, self.wire.read_exact(&mut chunk))
            .await
            .expect("in time")
            .expect("read");
        if size == 0 {
            return None;
        }
        // The router writes one event per chunk: each of them must be whole UTF-8.
        let text = String::from_utf8(chunk).expect("whole characters");
        let data = text
            .strip_prefix("data: ")
            .and_then(|text| text.strip_suffix("\n\n\r\n"));
        Some(data.expect("one event").to_owned())
    }

    /// The data of every event up to the end.
    pub(crate) async fn events(mut self) -> Vec<String> {
        let mut events = Vec::new();
        while let Some(event) = self.event().await {
            events.push(event);
        }
        events
    }

    /// Reads until the router cuts the connection, and says after how many bytes it did.
    pub(crate) async fn read_until_cut(mut self) -> usize {
        let mut buffer = vec![0; 65_536];
        let mut total = 0;
        loop {
            match timeout(PATIENCE, self.wire.read(&mut buffer))
                .await
                .expect("in time")
            {
                Ok(0) | Err(_) => return total,
                Ok(bytes) => total += bytes,
            }
        }
    }
}

async fn line(wire: &mut BufReader<Box<dyn Wire>>) -> String {
    let mut line = String::new();
    timeout(PATIENCE, wire.read_line(&mut line))
        .await
        .expect("in time")
        .expect("read");
    line.trim_end_matches(['\r', '\n']).to_owned()
}

/// Events as JSON, without the closing `[DONE]`.
pub(crate) fn parse(events: &[String]) -> Vec<Value> {
    let data = events.iter().filter(|event| *event != "[DONE]");
    data.map(|event| serde_json::from_str(event).expect("JSON"))
        .collect()
}

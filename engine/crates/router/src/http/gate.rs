//! Who may come in: whoever shows the token and is not a web page.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::ApiError;
use crate::config::Token;
use crate::listen::Address;

/// The rules for one listening address.
#[derive(Debug)]
pub(super) struct Gate {
    token: Token,
    /// The names under which this port may be called; `None` on a Unix socket, which no web
    /// page can reach.
    hosts: Option<[String; 2]>,
}

impl Gate {
    pub(super) fn new(token: Token, address: &Address) -> Self {
        let hosts = match address {
            #[cfg(unix)]
            Address::Socket(_) => None,
            Address::Loopback(address) => Some(names(*address)),
        };
        Self { token, hosts }
    }

    fn check(&self, request: &Request) -> Result<(), ApiError> {
        self.check_host(request)?;
        if request.headers().contains_key(header::ORIGIN) {
            let message = "web pages can't call this engine";
            return Err(ApiError::invalid(
                StatusCode::FORBIDDEN,
                "forbidden_origin",
                message,
            ));
        }
        self.check_token(request.headers())
    }

    /// A web page can point a name of its own at 127.0.0.1. Only the exact names pass.
    fn check_host(&self, request: &Request) -> Result<(), ApiError> {
        let Some(allowed) = &self.hosts else {
            return Ok(());
        };
        let is_allowed = |host: &[u8]| allowed.iter().any(|name| name.as_bytes() == host);
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let header_passes = match (hosts.next(), hosts.next()) {
            (Some(host), None) => is_allowed(host.as_bytes()),
            _ => false,
        };
        let authority = request.uri().authority();
        if header_passes && authority.is_none_or(|name| is_allowed(name.as_str().as_bytes())) {
            return Ok(());
        }
        let message = "the Host header does not name this engine";
        Err(ApiError::invalid(
            StatusCode::FORBIDDEN,
            "forbidden_host",
            message,
        ))
    }

    fn check_token(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let shown = headers
            .get(header::AUTHORIZATION)
            .map(axum::http::HeaderValue::as_bytes);
        match shown.and_then(bearer) {
            Some(token) if self.token.matches(token) => Ok(()),
            Some(_) => Err(unauthorized("the bearer token is wrong")),
            None => Err(unauthorized(
                "the header 'Authorization: Bearer <token>' is missing",
            )),
        }
    }
}

/// Lets a request through or answers in its place.
pub(super) async fn admit(
    State(gate): State<Arc<Gate>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    gate.check(&request)?;
    Ok(next.run(request).await)
}

fn names(address: SocketAddr) -> [String; 2] {
    [address.to_string(), format!("localhost:{}", address.port())]
}

/// The token of `Bearer <token>`; the scheme's name is not case-sensitive (RFC 9110, 11.1).
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then_some(token)
}

fn unauthorized(message: &str) -> ApiError {
    ApiError::invalid(StatusCode::UNAUTHORIZED, "invalid_api_key", message)
}

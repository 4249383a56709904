//! What a router is told when it starts.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use subtle::ConstantTimeEq;

use crate::listen::Listen;

/// Everything that [`crate::serve`] needs.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// What every request must show.
    pub token: Token,
    /// How to start a worker.
    pub worker: WorkerProgram,
    /// Bounds on what clients can take.
    pub limits: Limits,
}

/// The program that runs one model and speaks [`hearth_api::protocol`].
#[derive(Debug, Clone)]
pub struct WorkerProgram {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

/// Bounds on what clients can take. The defaults are what Hearth runs with.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Time in which the head of a request must be there.
    pub header_timeout: Duration,
    /// Time in which its body must be there.
    pub body_timeout: Duration,
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(5),
            body_bytes: 8 * 1024 * 1024,
            connections: 256,
        }
    }
}

/// The bearer token. It is never shown, not even by `{:?}`.
#[derive(Clone)]
pub struct Token(String);

/// The token is too weak, or can't stand in an HTTP header.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Too short.
    #[error("the token must have at least {} characters", Token::SHORTEST)]
    TooShort,
    /// It has a character that an HTTP header can't carry.
    #[error("the token may only have visible ASCII characters")]
    NotVisibleAscii,
}

impl Token {
    /// Fewest characters of a token: 32 hexadecimal digits are 128 random bits.
    pub const SHORTEST: usize = 32;

    /// Takes a token that somebody else has drawn.
    ///
    /// # Errors
    /// [`TokenError`] where it is short, or has spaces, controls or non-ASCII characters.
    pub fn new(text: impl Into<String>) -> Result<Self, TokenError> {
        let text = text.into();
        if text.len() < Self::SHORTEST {
            return Err(TokenError::TooShort);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::NotVisibleAscii);
        }
        Ok(Self(text))
    }

    /// Whether `shown` is the token, in a time that does not depend on where they differ.
    #[must_use]
    pub fn matches(&self, shown: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(shown).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Token, TokenError};

    const GOOD: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_token_matches_only_itself() {
        let token = Token::new(GOOD).expect("long enough");
        assert!(token.matches(GOOD.as_bytes()));
        assert!(!token.matches(b""));
        assert!(!token.matches(&GOOD.as_bytes()[1..]));
        assert!(!token.matches(GOOD.to_uppercase().as_bytes()));
    }

    #[test]
    fn weak_and_unsendable_tokens_are_refused() {
        assert!(matches!(Token::new("short"), Err(TokenError::TooShort)));
        let spaced = format!("{GOOD} x");
        assert!(matches!(
            Token::new(spaced),
            Err(TokenError::NotVisibleAscii)
        ));
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = Token::new(GOOD).expect("long enough");
        assert!(!format!("{token:?}").contains(GOOD));
    }
}

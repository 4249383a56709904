//! What ends a router: the end of its standard input, or a signal.
//!
//! Whoever starts the engine holds the other end of its standard input. However that program
//! ends, the system closes the pipe, so the engine never outlives it.

use std::future::Future;
use std::io::{self, BufRead, Read};
use std::thread;

use tokio::sync::oneshot;

use crate::config::Token;

/// Longest first line that is read; far more than any token.
const LONGEST_LINE: u64 = 4096;

/// Reads the bearer token, which is the first line of `input`.
///
/// # Errors
/// What reading fails with, or [`io::ErrorKind::InvalidData`] where the line is no token.
pub fn read_token(input: &mut impl BufRead) -> io::Result<Token> {
    let mut line = String::new();
    input.by_ref().take(LONGEST_LINE).read_line(&mut line)?;
    if line.len() as u64 == LONGEST_LINE {
        let message = "the first line is too long to be a token";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let text = line.trim_end_matches(['\r', '\n']);
    Token::new(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Completes when `input` ends. What comes before its end is read and forgotten.
///
/// A plain thread reads: a blocked read of the standard input can't be cancelled, and a runtime
/// would wait for it.
///
/// # Errors
/// Where no thread can be started.
pub fn end_of_input(
    mut input: impl Read + Send + 'static,
) -> io::Result<impl Future<Output = ()> + Send> {
    let (ended, end) = oneshot::channel::<()>();
    thread::Builder::new().name("stdin".into()).spawn(move || {
        let outcome = io::copy(&mut input, &mut io::sink());
        if let Err(error) = outcome {
            tracing::warn!(%error, "the standard input can't be read; ending");
        }
        drop(ended);
    })?;
    Ok(async move {
        // The sender is only ever dropped, which is the news.
        let _dropped = end.await;
    })
}

/// Completes when the process is asked to end: SIGTERM or SIGINT, elsewhere Ctrl+C.
///
/// # Errors
/// Where the signals can't be watched.
#[cfg(unix)]
pub fn signalled() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes when the process is asked to end: SIGTERM or SIGINT, elsewhere Ctrl+C.
///
/// # Errors
/// Where the signals can't be watched.
#[cfg(windows)]
pub fn signalled() -> io::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::{end_of_input, read_token};

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn the_token_is_the_first_line_and_no_more() {
        let mut input = Cursor::new(format!("{TOKEN}\r\nrest"));
        let token = read_token(&mut input).expect("a token");
        assert!(token.matches(TOKEN.as_bytes()));
        assert_eq!(
            &input.get_ref().as_bytes()[usize::try_from(input.position()).expect("small")..],
            b"rest"
        );
    }

    #[test]
    fn an_empty_input_is_no_token() {
        assert!(read_token(&mut Cursor::new("")).is_err());
    }

    #[test]
    fn an_endless_first_line_is_given_up() {
        let mut input = std::io::BufReader::new(std::io::repeat(b'x'));
        assert!(read_token(&mut input).is_err());
    }

    #[tokio::test]
    async fn the_end_of_a_pipe_is_seen_and_not_before() {
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        let end = end_of_input(reader).expect("a thread");
        tokio::pin!(end);
        writer.write_all(b"more").expect("written");
        assert!(futures_util::poll!(end.as_mut()).is_pending());
        drop(writer);
        end.await;
    }
}

//! Reads little-endian numbers and strings of a file of known length, and never more than is
//! there: every length is compared with what is left before a byte of memory is taken for it.

use std::io::{self, BufReader, Read, Seek};

use crate::error::{GgufError, GgufErrorKind};
use crate::limits;

pub(crate) struct Reader<R> {
    inner: BufReader<R>,
    at: u64,
    len: u64,
}

impl<R: Read + Seek> Reader<R> {
    /// `len` is the length of the whole file in bytes; reading starts at its beginning.
    pub(crate) fn new(inner: R, len: u64) -> Self {
        Self {
            inner: BufReader::with_capacity(64 << 10, inner),
            at: 0,
            len,
        }
    }

    /// Bytes read or skipped so far.
    pub(crate) const fn position(&self) -> u64 {
        self.at
    }

    pub(crate) fn u32(&mut self, what: &str) -> Result<u32, GgufError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    pub(crate) fn u64(&mut self, what: &str) -> Result<u64, GgufError> {
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    pub(crate) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], GgufError> {
        self.claim(N as u64, what)?;
        let mut bytes = [0; N];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    /// A string's length, which must be at most `limit` and no more than what is left.
    pub(crate) fn string_length(&mut self, limit: u64, what: &str) -> Result<u64, GgufError> {
        let start = self.at;
        let length = self.u64(what)?;
        if length > limit {
            let reason = format!("{what} has {length} bytes, more than the {limit} allowed");
            return Err(GgufError::new(GgufErrorKind::Limit, reason).at(start));
        }
        self.left(length, what)?;
        Ok(length)
    }

    /// A string with its length before it, into `buffer`; UTF-8 is checked.
    pub(crate) fn string_into<'b>(
        &mut self,
        limit: u64,
        what: &str,
        buffer: &'b mut Vec<u8>,
    ) -> Result<&'b str, GgufError> {
        let start = self.at;
        let length = self.string_length(limit, what)?;
        self.claim(length, what)?;
        buffer.resize(usize_of(length), 0);
        self.fill(buffer, what)?;
        std::str::from_utf8(buffer).map_err(|_| {
            let reason = format!("{what} is not valid UTF-8 text");
            GgufError::new(GgufErrorKind::Malformed, reason).at(start)
        })
    }

    pub(crate) fn string(&mut self, limit: u64, what: &str) -> Result<String, GgufError> {
        let mut buffer = Vec::new();
        self.string_into(limit, what, &mut buffer)
            .map(ToOwned::to_owned)
    }

    pub(crate) fn skip(&mut self, bytes: u64, what: &str) -> Result<(), GgufError> {
        self.claim(bytes, what)?;
        let step = i64::try_from(bytes).unwrap_or(i64::MAX); // claim() keeps it under 128 MiB
        self.inner
            .seek_relative(step)
            .map_err(GgufError::unreadable)
    }

    /// Whether `bytes` more are there.
    fn left(&self, bytes: u64, what: &str) -> Result<(), GgufError> {
        if bytes <= self.len - self.at {
            return Ok(());
        }
        Err(GgufError::new(
            GgufErrorKind::Truncated,
            format!("it ends within {what}: its last part is missing"),
        )
        .at(self.at))
    }

    fn claim(&mut self, bytes: u64, what: &str) -> Result<(), GgufError> {
        self.left(bytes, what)?;
        if self.at + bytes > limits::HEADER_BYTES {
            let reason = "its header is larger than 128 MiB, which no real model's is";
            return Err(GgufError::new(GgufErrorKind::Limit, reason).at(self.at));
        }
        self.at += bytes;
        Ok(())
    }

    fn fill(&mut self, bytes: &mut [u8], what: &str) -> Result<(), GgufError> {
        self.inner.read_exact(bytes).map_err(|cause| {
            if cause.kind() != io::ErrorKind::UnexpectedEof {
                return GgufError::unreadable(cause);
            }
            let reason = format!("it ended within {what} while it was read");
            GgufError::new(GgufErrorKind::Truncated, reason).at(self.at)
        })
    }
}

/// Lengths here are under 128 MiB, which every `usize` holds.
fn usize_of(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

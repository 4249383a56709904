//! What is wrong with a file, in words for the person who chose it.

use std::{fmt, io};

use hearth_api::EngineError;
use serde::Serialize;

/// Why a file can't be used.
///
/// `reason` is a clause that follows "the file can't be used:" - lower case, no full stop.
#[derive(Debug, thiserror::Error, Serialize)]
pub struct GgufError {
    /// What sort of fault it is, for code.
    #[serde(flatten)]
    pub kind: GgufErrorKind,
    /// What is wrong, for a person.
    pub reason: String,
    /// Where in the file the faulty item begins, in bytes; `None` where it concerns all of it.
    pub offset: Option<u64>,
    /// The operating system's error, where there is one.
    #[serde(skip)]
    #[source]
    pub cause: Option<io::Error>,
}

/// The sorts of fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GgufErrorKind {
    /// The operating system did not let us read it.
    Unreadable,
    /// It is another kind of file: a web page, a Git LFS pointer, a pickle, ...
    Foreign,
    /// A version or a type of data that this engine does not know.
    Unsupported,
    /// It ends too early.
    Truncated,
    /// A count or a length is beyond every real model's.
    Limit,
    /// It contradicts the format or itself.
    Malformed,
    /// A name is there twice that must be there once.
    Duplicate,
    /// Another part of a split model is not beside it.
    PartMissing {
        /// File name of the part that was not found.
        missing: String,
        /// How many parts the model has.
        count: u16,
    },
    /// A sound file, but no language model: an adapter, a vision part, a vocabulary.
    NotALanguageModel,
}

impl GgufErrorKind {
    /// A stable name in `snake_case`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Foreign => "foreign",
            Self::Unsupported => "unsupported",
            Self::Truncated => "truncated",
            Self::Limit => "limit",
            Self::Malformed => "malformed",
            Self::Duplicate => "duplicate",
            Self::PartMissing { .. } => "part_missing",
            Self::NotALanguageModel => "not_a_language_model",
        }
    }
}

impl GgufError {
    pub(crate) fn new(kind: GgufErrorKind, reason: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
            offset: None,
            cause: None,
        }
    }

    pub(crate) fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// Says which of several files is meant.
    pub(crate) fn in_part(mut self, name: &str) -> Self {
        self.reason = format!("of its part “{name}”: {}", self.reason);
        self
    }

    pub(crate) fn unreadable(cause: io::Error) -> Self {
        let reason = match cause.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
            _ => format!("it can't be read ({cause})"),
        };
        Self {
            cause: Some(cause),
            ..Self::new(GgufErrorKind::Unreadable, reason)
        }
    }
}

impl fmt::Display for GgufError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Some(offset) => write!(f, "{} (at byte {offset})", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl From<GgufError> for EngineError {
    fn from(error: GgufError) -> Self {
        Self::ModelFile {
            reason: error.to_string(),
        }
    }
}

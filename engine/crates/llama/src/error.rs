//! The shim's error buffer as a Rust value.

use std::ffi::{CStr, c_char};

use hearth_api::EngineError;

use crate::ffi;

/// What a failed call of the shim says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CallError {
    /// llama.cpp refused or threw; its own words.
    #[error("{0}")]
    Failed(String),
    /// A callback of ours said stop.
    #[error("cancelled")]
    Cancelled,
    /// An allocation failed; llama.cpp's own words.
    #[error("{0}")]
    OutOfMemory(String),
}

impl CallError {
    /// For calls whose failure is a fault of ours or of llama.cpp, not of the input.
    pub(crate) fn into_internal(self) -> EngineError {
        match self {
            Self::Cancelled => EngineError::Cancelled,
            Self::Failed(detail) | Self::OutOfMemory(detail) => EngineError::Internal { detail },
        }
    }
}

/// Room for the shim to write an error into.
pub(crate) struct ErrorBuffer(ffi::Error);

impl ErrorBuffer {
    pub(crate) fn new() -> Self {
        Self(ffi::Error {
            code: ffi::OK,
            text: [0; 2048],
        })
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut ffi::Error {
        &raw mut self.0
    }

    /// What the call that was given this buffer left in it.
    pub(crate) fn check(&self) -> Result<(), CallError> {
        let text = || text_of(&self.0.text);
        match self.0.code {
            ffi::OK => Ok(()),
            ffi::CANCELLED => Err(CallError::Cancelled),
            ffi::OUT_OF_MEMORY => Err(CallError::OutOfMemory(text())),
            _ => Err(CallError::Failed(text())),
        }
    }

    /// Why a call gave no pointer.
    pub(crate) fn reason(&self) -> CallError {
        let unknown = || CallError::Failed("llama.cpp failed without a reason".into());
        self.check().err().unwrap_or_else(unknown)
    }
}

/// The text up to the first zero byte, in one line.
pub(crate) fn text_of(buffer: &[c_char]) -> String {
    let bytes: Vec<u8> = buffer
        .iter()
        .take_while(|&&c| c != 0)
        .map(|&c| c.to_ne_bytes()[0])
        .collect();
    let text = String::from_utf8_lossy(&bytes);
    text.split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

/// Calls a function of the shim that writes a text, and gives that text.
pub(crate) fn read_text(write: impl FnOnce(*mut c_char, usize)) -> String {
    let mut buffer: [c_char; 256] = [0; 256];
    write(buffer.as_mut_ptr(), buffer.len());
    text_of(&buffer)
}

/// Copies a C string that the shim owns; `None` for a null pointer.
///
/// # Safety
/// `text` is null or points to a zero-terminated string that stays as it is during the call.
pub(crate) unsafe fn copy_text(text: *const c_char) -> Option<String> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not null, and zero-terminated as the caller promises.
    let text = unsafe { CStr::from_ptr(text) };
    Some(text.to_string_lossy().into_owned())
}

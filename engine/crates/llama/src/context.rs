//! The KV cache and the computation of batches.

use std::ffi::{CString, c_void};
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hearth_api::{BatchToken, EngineError, SequenceId};

use crate::error::{CallError, ErrorBuffer};
use crate::ffi;
use crate::model::{Model, Settings};

/// One llama.cpp context. Its model must outlive it; `LlamaBackend` sees to that.
#[derive(Debug)]
pub(crate) struct Context {
    pointer: NonNull<ffi::Context>,
    /// llama.cpp holds a pointer to this flag, so it must live as long as the context.
    abort: Arc<AtomicBool>,
    n_ctx: u32,
    n_batch: u32,
}

/// Called between any two nodes of a computation, on one of its threads.
extern "C" fn is_aborted(data: *mut c_void) -> bool {
    // SAFETY: the data is the flag of a context that lives, for it is computing.
    unsafe { &*data.cast::<AtomicBool>() }.load(Ordering::Relaxed)
}

impl Context {
    pub(crate) fn new(model: &Model, settings: &Settings) -> Result<Self, CallError> {
        let abort = Arc::new(AtomicBool::new(false));
        let path = CString::default();
        let plan = settings.plan(&path);
        let mut error = ErrorBuffer::new();
        // SAFETY: model, plan and buffer live through the call; the flag lives as long as the
        // context, which holds it.
        let pointer = unsafe {
            ffi::hearth_context_new(
                model.as_ptr(),
                &raw const plan,
                is_aborted,
                Arc::as_ptr(&abort).cast_mut().cast(),
                error.as_mut_ptr(),
            )
        };
        let Some(pointer) = NonNull::new(pointer) else {
            return Err(error.reason());
        };
        // SAFETY: the context was just made.
        let (n_ctx, n_batch) = unsafe {
            (
                ffi::hearth_context_size(pointer.as_ptr()),
                ffi::hearth_context_batch(pointer.as_ptr()),
            )
        };
        Ok(Self {
            pointer,
            abort,
            n_ctx,
            n_batch,
        })
    }

    pub(crate) fn as_ptr(&self) -> *mut ffi::Context {
        self.pointer.as_ptr()
    }

    pub(crate) fn abort_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.abort)
    }

    pub(crate) fn n_ctx(&self) -> u32 {
        self.n_ctx
    }

    pub(crate) fn n_batch(&self) -> u32 {
        self.n_batch
    }

    /// Computes a batch, or leaves every sequence in it as it was (one that can't be cut is
    /// then empty).
    pub(crate) fn decode(&mut self, batch: &[BatchToken]) -> Result<(), EngineError> {
        let arrays = BatchArrays::new(batch);
        let size = i32::try_from(batch.len()).map_err(|_| EngineError::Internal {
            detail: "the batch is too large".into(),
        })?;
        let mut error = ErrorBuffer::new();
        // SAFETY: the context lives and each array has `size` elements. (llama.cpp checks
        // tokens, positions and sequences itself and returns an error.)
        unsafe {
            ffi::hearth_decode(
                self.as_ptr(),
                arrays.tokens.as_ptr(),
                arrays.positions.as_ptr(),
                arrays.sequences.as_ptr(),
                arrays.logits.as_ptr(),
                size,
                error.as_mut_ptr(),
            )
        };
        error.check().map_err(|failure| {
            self.roll_back(batch);
            failure.into_internal()
        })
    }

    /// A batch that fails may have been computed in part.
    fn roll_back(&mut self, batch: &[BatchToken]) {
        for token in batch {
            let first = batch
                .iter()
                .filter(|other| other.sequence == token.sequence)
                .map(|other| other.position)
                .min();
            if first == Some(token.position) {
                self.truncate(token.sequence, token.position);
            }
        }
    }

    /// Empties a sequence from position `from` on; returns from where on it is empty now.
    pub(crate) fn truncate(&mut self, sequence: SequenceId, from: u32) -> u32 {
        let mut error = ErrorBuffer::new();
        // SAFETY: the context lives; `LlamaBackend` passes only sequences that it has.
        let kept = unsafe {
            ffi::hearth_truncate(
                self.as_ptr(),
                i32::try_from(sequence).unwrap_or(i32::MAX),
                i32::try_from(from).unwrap_or(i32::MAX),
                error.as_mut_ptr(),
            )
        };
        u32::try_from(kept).unwrap_or(0)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `hearth_context_new` and is freed only here.
        unsafe { ffi::hearth_context_free(self.pointer.as_ptr()) };
    }
}

/// A batch as llama.cpp takes it: one array for each property.
struct BatchArrays {
    tokens: Vec<i32>,
    positions: Vec<i32>,
    sequences: Vec<i32>,
    logits: Vec<i8>,
}

impl BatchArrays {
    fn new(batch: &[BatchToken]) -> Self {
        // -1 is no position and no sequence: llama.cpp refuses it.
        let int = |value: u32| i32::try_from(value).unwrap_or(-1);
        Self {
            tokens: batch.iter().map(|t| t.token).collect(),
            positions: batch.iter().map(|t| int(t.position)).collect(),
            sequences: batch.iter().map(|t| int(t.sequence)).collect(),
            logits: batch.iter().map(|t| i8::from(t.logits)).collect(),
        }
    }
}

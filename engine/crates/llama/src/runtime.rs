//! Starting llama.cpp, once in a process.

use std::ffi::CString;
use std::path::Path;
use std::sync::Mutex;

use hearth_api::EngineError;

use crate::error::{ErrorBuffer, read_text};
use crate::ffi;

/// Proof that the backends are loaded; only [`Runtime::start`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Runtime {
    _private: (),
}

/// llama.cpp keeps its list of backends in the process, so a second start must do nothing.
static STARTED: Mutex<bool> = Mutex::new(false);

impl Runtime {
    /// Loads the ggml backend libraries from `folder` and nowhere else: neither the working
    /// folder nor `GGML_BACKEND_PATH` is looked at. The processor variant that suits this
    /// machine best is chosen by ggml.
    ///
    /// Call it before other threads read the environment.
    ///
    /// # Errors
    /// [`EngineError::Internal`] where no processor backend is in the folder.
    pub fn start(folder: &Path) -> Result<Self, EngineError> {
        let mut started = STARTED
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if *started {
            return Ok(Self { _private: () });
        }
        let path = CString::new(folder.as_os_str().as_encoded_bytes()).map_err(|e| {
            EngineError::Internal {
                detail: e.to_string(),
            }
        })?;
        let mut error = ErrorBuffer::new();
        // SAFETY: the path is zero-terminated; the buffer lives through the call.
        unsafe { ffi::hearth_start(path.as_ptr(), error.as_mut_ptr()) };
        error
            .check()
            .map_err(crate::error::CallError::into_internal)?;
        *started = true;
        Ok(Self { _private: () })
    }

    /// The processor backend in use, such as `CPU (zen4)`.
    #[must_use]
    pub fn cpu_name(self) -> String {
        // SAFETY: `read_text` hands over a buffer and its true size.
        read_text(|buffer, size| unsafe { ffi::hearth_cpu_name(buffer, size) })
    }

    /// The first GPU device; empty where there is none.
    #[must_use]
    pub fn gpu_name(self) -> String {
        // SAFETY: `read_text` hands over a buffer and its true size.
        read_text(|buffer, size| unsafe { ffi::hearth_gpu_name(buffer, size) })
    }

    /// Bytes of memory that can be had now.
    #[must_use]
    pub fn available_bytes(self) -> u64 {
        // SAFETY: it takes nothing, and any time after the start will do.
        let available = unsafe { ffi::hearth_host_memory() };
        crate::memory::available_bytes(available)
    }
}

/// Ends the process at once, without running C++ destructors, which would take the ground from
/// under threads that still compute.
pub fn end_process(code: i32) -> ! {
    // SAFETY: `_exit` has no preconditions.
    unsafe { libc::_exit(code) }
}

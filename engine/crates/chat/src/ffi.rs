//! The one place that calls the C++ shim (`shim/chat_shim.h`).

use std::ffi::{CStr, c_char};

unsafe extern "C" {
    fn hearth_chat_render(request: *const c_char, length: usize) -> *mut c_char;
    fn hearth_chat_free(text: *mut c_char);
}

/// Renders a template in this process: JSON in, JSON out (see [`crate::wire`]).
///
/// `None` where not even an answer could be allocated. A hostile template can take all memory
/// and time, or overflow the stack: call this in the helper process only.
pub(crate) fn render(request: &str) -> Option<String> {
    // SAFETY: the pointer and the length name the bytes of `request`, which outlives the call;
    // the shim only reads them, and no C++ exception leaves it (`noexcept`).
    let reply = unsafe { hearth_chat_render(request.as_ptr().cast(), request.len()) };
    if reply.is_null() {
        return None;
    }
    // SAFETY: the shim gave a NUL-terminated text that nobody else holds.
    let text = unsafe { CStr::from_ptr(reply) }
        .to_string_lossy()
        .into_owned();
    // SAFETY: `reply` came from the shim, is freed once, and is not used after this.
    unsafe { hearth_chat_free(reply) };
    Some(text)
}

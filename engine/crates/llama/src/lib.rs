//! The llama.cpp backend: our own small safe wrapper over `llama-cpp-sys-2`.
//!
//! All C++ is called through the shim in `shim/`, which catches every exception and gives
//! llama.cpp's own words as the reason. Start with [`Runtime::start`], then
//! [`LlamaBackend::load`].

mod backend;
mod context;
mod control_text;
mod error;
mod ffi;
mod memory;
mod model;
mod runtime;
mod sampler;
mod threads;

pub use backend::{LlamaBackend, PromptFormat};
pub use runtime::{Runtime, end_process};
pub use threads::physical_cores;

//! Chat templates, and the text that goes into a model and comes out of it.
//!
//! A chat template is a program that came with a model from a stranger. It is run by llama.cpp's
//! own Jinja engine ([`helper`], through a C++ shim), in a process of its own with little memory
//! and little time ([`RenderHelper`]). What users wrote can't turn into control tokens
//! ([`RenderInput::control_tokens`]). For the way back there are [`IncrementalUtf8`] and
//! [`StopMatcher`].

// The llama.cpp libraries that the shim calls are linked by this crate.
use llama_cpp_sys_2 as _;

mod ffi;
pub mod helper;
mod masking;
mod process;
mod renderer;
mod stop;
mod utf8;
mod wire;

pub use renderer::{RenderHelper, RenderInput};
pub use stop::{StopMatcher, Stopped};
pub use utf8::IncrementalUtf8;

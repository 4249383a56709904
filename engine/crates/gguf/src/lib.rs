//! Strict reader and checker of GGUF and safetensors headers, and the memory estimate. No
//! llama.cpp in it.
//!
//! A bad GGUF file kills llama.cpp's process, not the call, so every file comes by here first.
//! Reading is bounded: at most 128 MiB of a file are read and at most 256 MiB of memory taken,
//! whatever the file claims. Every fault comes with words for the person who chose the file and
//! the place where it was found.
//!
//! - [`check_file`]: checks a model, all parts of a split one, and reports what it is.
//! - [`estimate`]: the memory it will need.
//! - [`sample_id`]: its identity, before its SHA-256 is known.
//! - [`check_safetensors`]: the same checks for a safetensors file.

#![forbid(unsafe_code)]

mod check;
mod error;
mod estimate;
mod foreign;
mod header;
mod limits;
mod metadata;
mod reader;
mod report;
mod safetensors;
mod sample;
mod split;
mod tensor_type;
mod vocabulary;

pub use check::check_file;
pub use error::{GgufError, GgufErrorKind};
pub use estimate::{KvType, MemoryNeed, estimate};
pub use report::{Report, Shape};
pub use safetensors::{SafetensorsReport, check_safetensors};
pub use sample::sample_id;

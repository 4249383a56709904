//! The Python extension: registers, converts and maps errors; no logic.

#![deny(unsafe_code)]

mod gguf;

use pyo3::prelude::*;

/// Pure Rust work for the app: no llama.cpp, no network.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::gguf::{GgufError, GgufReport, check_gguf, sample_id};
}

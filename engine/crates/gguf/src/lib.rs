//! Strict reader and checker of GGUF and safetensors headers, and the memory estimate. No llama.cpp in it.

#![forbid(unsafe_code)]

//! The OpenAI-compatible HTTP interface and the life of the worker processes.

#![forbid(unsafe_code)]

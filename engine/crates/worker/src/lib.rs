//! One loaded model in its own process: wires template, tokenizer, scheduler and backend together.

#![forbid(unsafe_code)]

//! The `hearth-engine` program.

#![forbid(unsafe_code)]

fn main() {}

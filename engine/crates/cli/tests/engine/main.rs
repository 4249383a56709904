//! The program from outside.

#![cfg(target_os = "linux")]
#![forbid(unsafe_code)]

mod program;
#[path = "../../../llama/tests/common/tiny_model.rs"]
#[expect(
    dead_code,
    reason = "written for the tests of crate llama, which use all of it"
)]
mod tiny_model;

mod answering;
mod checking;
mod ending;
mod serving;

//! The program from outside.

#![cfg(unix)]
#![forbid(unsafe_code)]

mod program;

mod serving;

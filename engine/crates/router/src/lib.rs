//! The OpenAI-compatible HTTP interface and the life of the worker processes.
//!
//! Three rooms that know each other in one direction only:
//!
//! - `http`: routes, the token, JSON and status codes;
//! - `models`: which model is loaded under which name, and who still wants it;
//! - `worker`: one child process, its pipes and its end.
//!
//! `server` carries connections to the first, `listen` opens the door that they come through.

#![forbid(unsafe_code)]

mod config;
mod http;
mod listen;
mod models;
mod server;
mod shutdown;
mod worker;

pub use config::{Config, Limits, Token, TokenError, WorkerProgram};
pub use listen::{Address, Listen};
pub use server::serve;
pub use shutdown::{end_of_input, read_token, signalled};

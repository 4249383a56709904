//! The router against a worker that misbehaves on command (`examples/scripted_worker.rs`).

#![cfg(unix)]
#![forbid(unsafe_code)]

mod client;
mod fixture;

mod bad_requests;
mod generation;
mod hardening;
mod loading;
mod token;
mod worker_death;

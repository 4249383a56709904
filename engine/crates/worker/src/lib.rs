//! One loaded model in its own process.
//!
//! [`run`] is the whole of `hearth-engine worker`: it reads what to load from standard input,
//! loads it, and then answers commands until standard input ends. The protocol is
//! [`hearth_api::protocol`].
//!
//! Threads: the main one owns the model and makes every llama.cpp call after the load; one reads
//! commands; one renders prompts, for a template may take a second and must not hold up the
//! answer in progress; one writes events, so that nothing ever waits for a full pipe.

#![forbid(unsafe_code)]

mod answer;
mod commands;
mod events;
mod load;
mod process;
mod prompts;
mod worker;

pub use process::run;

//! The queue and the slots of one loaded model, generic over [`hearth_api::Backend`].
//!
//! Any thread puts [`Job`]s into a [`Queue`] and cancels them there; the one thread that owns the
//! backend runs the [`Scheduler`], which takes them in order, reuses what the KV cache holds of
//! an earlier prompt, and sends bytes to each job's [`Output`]. There is no text in this crate.

#![forbid(unsafe_code)]

mod job;
mod queue;
mod scheduler;
mod slot;
mod work;

pub use job::{Flow, Job, Output};
pub use queue::{Queue, Ticket};
pub use scheduler::Scheduler;

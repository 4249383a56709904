//! Chat templates, rendered by the real helper process.

mod hostile;
mod injection;
#[cfg(target_os = "linux")]
mod process;
mod support;
mod templates;

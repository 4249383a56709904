//! The process: its streams, its end, and what it must not outlive.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::process::ExitCode;
use std::thread;

use hearth_llama::end_process;

use crate::worker::{self, Ending};

/// Exit code after a panic, as Rust's own.
const PANICKED: i32 = 101;

/// Runs this process as a worker, as `hearth-engine worker` does, until its standard input ends.
///
/// The backend libraries are loaded from the folder of the program itself, and the template
/// helper is started as `<program> render`. Call it before any other thread is started.
#[must_use]
pub fn run() -> ExitCode {
    let _guard = EndOnPanic;
    match serve() {
        Ok(Ending::InputEnded) => ExitCode::SUCCESS,
        Ok(Ending::NotLoaded) => ExitCode::FAILURE,
        Err(error) => {
            tracing::error!(%error, "the worker can't go on");
            ExitCode::FAILURE
        }
    }
}

fn serve() -> Result<Ending, Box<dyn Error>> {
    die_with_parent()?;
    let output = take_output()?;
    let program = env::current_exe()?;
    worker::serve(BufReader::new(io::stdin()), output, &program)
}

/// Linux ends us when the router ends without a word. Elsewhere, and for a router that was gone
/// before this call, the end of standard input does.
fn die_with_parent() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        set_parent_process_death_signal(Some(Signal::KILL))?;
    }
    Ok(())
}

/// Takes standard output away, so that nothing C++ prints can get between the protocol's lines:
/// from now on it leads to standard error.
#[cfg(unix)]
fn take_output() -> io::Result<Box<dyn Write + Send>> {
    let ours = rustix::io::fcntl_dupfd_cloexec(io::stdout(), 3)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(Box::new(File::from(ours)))
}

/// The handle of standard output is duplicated, so that later changes do not reach it.
#[cfg(windows)]
fn take_output() -> io::Result<Box<dyn Write + Send>> {
    use std::os::windows::io::AsHandle;
    let ours = io::stdout().as_handle().try_clone_to_owned()?;
    Ok(Box::new(File::from(ours)))
}

/// A thread of this process that panics ends all of it: the router sees a dead worker, and
/// nobody waits for an answer that no thread will give.
pub(crate) struct EndOnPanic;

impl Drop for EndOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            end_process(PANICKED);
        }
    }
}

/// Starts a thread that ends the process where it panics.
pub(crate) fn start_thread(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<thread::JoinHandle<()>> {
    thread::Builder::new().name(name.into()).spawn(move || {
        let _guard = EndOnPanic;
        body();
    })
}

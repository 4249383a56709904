//! The helper process, from inside: what `hearth-engine render` runs.
//!
//! It reads one request per line from its standard input and writes one answer per line to its
//! standard output, until its input ends. It allows itself little memory, so that a hostile
//! template ends this process and no other.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use crate::ffi;
use crate::wire::READY;

/// What the process may take on top of what its program and libraries have mapped.
#[cfg(target_os = "linux")]
const MEMORY_LIMIT: u64 = 256 << 20;

/// Answers requests until standard input ends.
#[must_use]
pub fn run() -> ExitCode {
    match confine().and_then(|()| serve(io::stdin().lock(), io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    writeln!(output, "{READY}")?;
    output.flush()?;
    let mut request = String::new();
    while input.read_line(&mut request)? > 0 {
        let reply = ffi::render(request.trim_end());
        writeln!(
            output,
            "{}",
            reply.as_deref().unwrap_or("\"out_of_memory\"")
        )?;
        output.flush()?;
        request.clear();
    }
    Ok(())
}

/// Dies with the parent, leaves no core file (there are chats in it), takes little memory.
#[cfg(target_os = "linux")]
fn confine() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

    set_parent_process_death_signal(Some(Signal::KILL))?;
    let at_most = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::As, at_most(mapped_bytes()? + MEMORY_LIMIT))?;
    Ok(())
}

/// Bytes of address space in use (`VmSize`, proc(5)).
#[cfg(target_os = "linux")]
fn mapped_bytes() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kibibytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmSize:"))
        .and_then(|size| size.trim().strip_suffix(" kB"))
        .and_then(|size| size.trim().parse::<u64>().ok())
        .ok_or_else(|| io::Error::other("/proc/self/status has no VmSize"))?;
    Ok(kibibytes * 1024)
}

/// Elsewhere the kernel enforces no such limits on a process: the parent's time limit holds.
#[cfg(not(target_os = "linux"))]
fn confine() -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum: Some(0),
            },
        )?;
    }
    Ok(())
}

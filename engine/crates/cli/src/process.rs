//! What a process of the engine asks of the system for itself.

/// Asks for SIGTERM when the thread that started this process ends. The end of standard input
/// says the same and is the main rule; this holds where somebody else keeps that pipe open.
///
/// A parent that ended before this call is not noticed here, but by its pipe.
#[cfg(target_os = "linux")]
pub(crate) fn end_with_parent() {
    use rustix::process::{Signal, set_parent_process_death_signal};

    if let Err(error) = set_parent_process_death_signal(Some(Signal::TERM)) {
        tracing::warn!(%error, "the end of the parent process can't be watched");
    }
}

/// Only Linux has such a signal; elsewhere the end of standard input alone says it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn end_with_parent() {}

/// Leaves no core file behind, because there would be chats in it, and makes new files ours
/// alone. Children inherit both.
#[cfg(unix)]
pub(crate) fn be_private() {
    use rustix::fs::Mode;
    use rustix::process::{Resource, Rlimit, setrlimit, umask};

    umask(Mode::RWXG | Mode::RWXO);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core files can't be switched off");
    }
}

/// Windows has neither; error reports there are the system's own setting.
#[cfg(not(unix))]
pub(crate) fn be_private() {}

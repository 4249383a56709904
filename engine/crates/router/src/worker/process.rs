//! Starts a worker process with a clean environment.

use std::env;
use std::process::Stdio;

use hearth_api::EngineError;
use tokio::process::{Child, Command};

use crate::config::WorkerProgram;

/// Variables that a worker may see, by name. Everything else stays here: search paths for
/// libraries (a frozen app sets `LD_LIBRARY_PATH`, and `GGML_BACKEND_PATH` would load any
/// library), tokens, and whatever else the user has in the environment.
const PASSED: [&str; 16] = [
    "HOME",
    "LANG",
    "LANGUAGE",
    "PATH",
    "TEMP",
    "TMP",
    "TMPDIR",
    "TZ",
    "USER",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "APPDATA",
    "LOCALAPPDATA",
    "SYSTEMROOT",
    "USERPROFILE",
    "WINDIR",
];

/// Variables that a worker may see, by the start of their names: the language, and which
/// graphics card to use.
const PASSED_PREFIXES: [&str; 5] = [
    "LC_",
    "CUDA_VISIBLE_",
    "GGML_VK_VISIBLE_",
    "HIP_VISIBLE_",
    "ROCR_VISIBLE_",
];

/// Starts the process. It is killed if its handle is dropped.
///
/// The task that calls this must run on a thread that lives as long as the runtime: on Linux the
/// child asks to be killed when the thread that started it ends.
pub(super) fn start(program: &WorkerProgram) -> Result<Child, EngineError> {
    Command::new(&program.program)
        .args(&program.args)
        .env_clear()
        .envs(env::vars_os().filter(|(name, _)| name.to_str().is_some_and(is_passed)))
        // Idle OpenMP threads sleep: several models share one machine with the user.
        .env("OMP_WAIT_POLICY", "passive")
        // But not at once: after a few microseconds, in which most waits are over. Measured with two
        // threads on two cores, tokens/s alone and beside a busy program: 0: 46 and 41, 200: 61 and
        // 39, 1,000: 69 and 30, 10,000: 75 and 8.
        .env("GOMP_SPINCOUNT", "200")
        // A failed assertion ends the process at once, with no debugger started on it.
        .env("GGML_NO_BACKTRACE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| EngineError::Internal {
            detail: format!("the worker program can't be started: {error}"),
        })
}

fn is_passed(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    PASSED.contains(&upper.as_str())
        || PASSED_PREFIXES
            .iter()
            .any(|prefix| upper.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::is_passed;

    #[test]
    fn library_paths_and_secrets_stay_here() {
        for name in [
            "LD_LIBRARY_PATH",
            "LD_PRELOAD",
            "DYLD_INSERT_LIBRARIES",
            "GGML_BACKEND_PATH",
            "HF_TOKEN",
            "PYTHONPATH",
            "OMP_WAIT_POLICY",
            "DBUS_SESSION_BUS_ADDRESS",
        ] {
            assert!(!is_passed(name), "{name}");
        }
    }

    #[test]
    fn language_and_graphics_card_go_along() {
        for name in ["PATH", "LC_ALL", "CUDA_VISIBLE_DEVICES", "SystemRoot"] {
            assert!(is_passed(name), "{name}");
        }
    }
}

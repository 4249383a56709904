//! The program as it is installed: in one folder with the libraries of llama.cpp.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

static INSTALLED: LazyLock<PathBuf> = LazyLock::new(install);

/// Puts the program beside its libraries. It must be no symbolic link, because it looks for
/// them in the folder that it really lies in.
fn install() -> PathBuf {
    let built = Path::new(env!("CARGO_BIN_EXE_hearth-engine"));
    let profile = built.parent().expect("target/<profile>");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("installed");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an older one removed");
    }
    fs::create_dir_all(&folder).expect("a folder");
    let program = folder.join("hearth-engine");
    fs::hard_link(built, &program).expect("linked");
    for library in libraries(profile) {
        let name = library.file_name().expect("a file");
        symlink(&library, folder.join(name)).expect("linked");
    }
    program
}

/// What the build script of llama-cpp-sys-2 has left.
fn libraries(profile: &Path) -> Vec<PathBuf> {
    let out = entries(&profile.join("build"))
        .into_iter()
        .map(|build| build.join("out"))
        .find(|out| out.join("backends").is_dir())
        .expect("llama.cpp was built with dynamic backends");
    [out.join("lib"), out.join("backends")]
        .iter()
        .flat_map(|folder| entries(folder))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .collect()
}

/// A folder that belongs to us alone.
pub(crate) fn private_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("private");
    folder
}

/// The program, without the library path that Cargo sets for tests.
pub(crate) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(&*INSTALLED);
    command
        .args(arguments)
        .env_remove("LD_LIBRARY_PATH")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What it says to an input that ends after `input`.
pub(crate) fn outcome(arguments: &[&str], input: &str) -> Output {
    let mut child = program(arguments).spawn().expect("started");
    let mut stdin = child.stdin.take().expect("piped");
    // It may refuse its arguments before it reads.
    let _written = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("ended")
}

/// A started engine whose ready line was read.
pub(crate) struct Engine {
    pub(crate) child: Child,
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) ready: Value,
}

impl Engine {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = program(arguments)
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut stdin = child.stdin.take().expect("piped");
        writeln!(stdin, "{TOKEN}").expect("written");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("read");
        let ready = serde_json::from_str(&line).expect("a line of JSON");
        Self {
            child,
            stdin: Some(stdin),
            ready,
        }
    }

    /// Waits for the end, and says how long it took and whether all went well.
    pub(crate) fn end(mut self) -> (Duration, bool) {
        let begun = Instant::now();
        let status = self.child.wait().expect("waited");
        (begun.elapsed(), status.success())
    }
}

//! The program as it is installed: in one folder with the libraries of llama.cpp.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::tiny_model::TinyModel;

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Longest wait for anything; a test that hits it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

static INSTALLED: LazyLock<PathBuf> = LazyLock::new(install);

/// The path of the installed program.
pub(crate) fn installed() -> &'static Path {
    &INSTALLED
}

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
    let mut command = Command::new(installed());
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
        Self::start_logging(arguments, Stdio::null())
    }

    /// Starts it with its log going to `log`.
    fn start_logging(arguments: &[&str], log: Stdio) -> Self {
        let mut child = program(arguments).stderr(log).spawn().expect("started");
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

/// Reads a line of HTTP or of an event stream.
fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let bytes = reader.read_line(&mut line).expect("read");
    (bytes > 0).then(|| line.trim_end().to_owned())
}

/// An event stream as it comes.
pub(crate) struct Events(BufReader<UnixStream>);

impl Iterator for Events {
    type Item = Value;

    /// The data of the next event, without the closing `[DONE]`.
    fn next(&mut self) -> Option<Value> {
        loop {
            let line = line(&mut self.0)?;
            let Some(data) = line.strip_prefix("data: ") else {
                continue;
            };
            if data != "[DONE]" {
                return Some(serde_json::from_str(data).expect("JSON"));
            }
        }
    }
}

/// An engine on a socket of its own, with a folder for models beside it.
pub(crate) struct Served {
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
}

impl Served {
    pub(crate) fn start() -> Self {
        let folder = private_folder();
        // What went wrong is worth reading where a test fails; the rest is not.
        Self::start_in(folder, "error", Stdio::inherit())
    }

    /// Logs all that it ever logs, into the file `log` of its folder.
    pub(crate) fn start_talkative() -> Self {
        let folder = private_folder();
        let log = fs::File::create(folder.path().join("log")).expect("created");
        Self::start_in(folder, "trace", log.into())
    }

    fn start_in(folder: TempDir, level: &str, log: Stdio) -> Self {
        let socket = folder.path().join("engine.sock");
        let arguments = [
            "serve",
            "--log",
            level,
            "--socket",
            socket.to_str().expect("UTF-8"),
        ];
        Self {
            engine: Engine::start_logging(&arguments, log),
            folder,
        }
    }

    /// Sends a request and gives the status and the unread body.
    fn send(&self, path: &str, body: &Value) -> (u16, BufReader<UnixStream>) {
        let mut wire =
            UnixStream::connect(self.folder.path().join("engine.sock")).expect("connected");
        wire.set_read_timeout(Some(PATIENCE)).expect("set");
        let body = body.to_string();
        let head = [
            format!("POST {path} HTTP/1.1"),
            "Host: hearth".into(),
            format!("Authorization: Bearer {TOKEN}"),
            "Content-Type: application/json".into(),
            format!("Content-Length: {}", body.len()),
        ];
        write!(wire, "{}\r\n\r\n{body}", head.join("\r\n")).expect("sent");
        let mut reader = BufReader::new(wire);
        let status = line(&mut reader).expect("a status line");
        while line(&mut reader).is_some_and(|header| !header.is_empty()) {}
        (
            status
                .split(' ')
                .nth(1)
                .and_then(|code| code.parse().ok())
                .expect("a status"),
            reader,
        )
    }

    /// A whole answer.
    pub(crate) fn whole(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, reader) = self.send(path, body);
        (status, serde_json::from_reader(reader).expect("JSON"))
    }

    /// An answer in events.
    pub(crate) fn events(&self, path: &str, body: &Value) -> Events {
        let (status, reader) = self.send(path, body);
        assert_eq!(status, 200);
        Events(reader)
    }

    /// Writes a model, loads it under `id`, and gives the process that runs it.
    pub(crate) fn load(&self, id: &str, model: &TinyModel) -> u32 {
        let path = self.folder.path().join(format!("{id}.gguf"));
        model.write(&path).expect("written");
        let before = self.workers();
        let last = self
            .events("/hearth/models/load", &json!({"id": id, "path": path}))
            .last();
        assert_eq!(last.expect("events")["state"], "ready");
        let mut new = self
            .workers()
            .into_iter()
            .filter(|pid| !before.contains(pid));
        new.next().expect("a worker")
    }

    /// The processes that the router has started.
    pub(crate) fn workers(&self) -> Vec<u32> {
        children(self.engine.child.id())
    }
}

/// The processes that a process has started.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let tasks = entries(Path::new(&format!("/proc/{pid}/task")));
    let lists = tasks
        .iter()
        .map(|task| fs::read_to_string(task.join("children")));
    let pids = lists.flat_map(|list| {
        list.unwrap_or_default()
            .split_whitespace()
            .map(|pid| pid.parse().expect("a number"))
            .collect::<Vec<u32>>()
    });
    pids.collect()
}

/// Whether a process ends within `patience`. A zombie has ended: what lost its parent is reaped by
/// the first process of the machine, and in a container that may be one that never does.
pub(crate) fn ends(pid: u32, patience: Duration) -> bool {
    let begun = Instant::now();
    while is_running(pid) {
        if begun.elapsed() > patience {
            return false;
        }
        std::thread::yield_now();
    }
    true
}

fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state follows the name, which may hold brackets itself.
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    state.is_some_and(|state| state != 'Z')
}

pub(crate) fn kill(pid: u32) {
    let status = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(status.expect("kill runs").success());
}

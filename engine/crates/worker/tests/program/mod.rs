//! Starts the worker program in a folder of its own, with the backend libraries beside it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use hearth_api::{GenerateRequest, LoadSpec, LoadedModel, RequestId, WorkerCommand, WorkerEvent};
use tempfile::TempDir;

use crate::backends::backends_folder;
use crate::tiny_model::TinyModel;

/// A running worker. Ended when it is dropped.
pub(crate) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Worker {
    /// Starts a worker that has not been told what to load.
    pub(crate) fn start() -> Self {
        Self::start_limited("unlimited")
    }

    /// Starts one whose address space is limited to so many KiB.
    pub(crate) fn start_limited(kib: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let program = install(folder.path());
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -v $1 && exec $0"])
            .arg(program)
            .arg(kib)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(folder.path().join("log")).expect("made"))
            .env("OMP_WAIT_POLICY", "passive")
            // Else each thread reserves 64 MiB of addresses for itself, in an order of chance.
            .env("MALLOC_ARENA_MAX", "1")
            .spawn()
            .expect("it starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Self {
            child,
            input,
            output,
            folder,
        }
    }

    /// Starts a worker and waits until it has loaded this model.
    pub(crate) fn ready(model: TinyModel) -> Self {
        let mut worker = Self::start();
        worker.write_model(model);
        worker.load(|spec| spec);
        worker.wait_until_loaded();
        worker
    }

    pub(crate) fn wait_until_loaded(&mut self) -> LoadedModel {
        loop {
            match self.next() {
                WorkerEvent::Loading { .. } => {}
                WorkerEvent::Loaded(facts) => return facts,
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) fn model_path(&self) -> PathBuf {
        self.folder.path().join("model.gguf")
    }

    pub(crate) fn write_model(&self, model: TinyModel) {
        model.write(&self.model_path()).expect("written");
    }

    pub(crate) fn load(&mut self, change: impl FnOnce(LoadSpec) -> LoadSpec) {
        let spec = change(LoadSpec {
            path: self.model_path(),
            n_ctx: None,
            n_threads: Some(2),
            n_gpu_layers: None,
        });
        self.send_line(&serde_json::to_string(&spec).expect("JSON"));
    }

    pub(crate) fn generate(&mut self, id: RequestId, request: GenerateRequest) {
        let request = Box::new(request);
        self.send(&WorkerCommand::Generate { id, request });
    }

    pub(crate) fn send(&mut self, command: &WorkerCommand) {
        self.send_line(&serde_json::to_string(command).expect("JSON"));
    }

    pub(crate) fn send_line(&mut self, line: &str) {
        let input = self.input.as_mut().expect("still open");
        writeln!(input, "{line}").expect("it listens");
    }

    /// The next line of its output, every one of which must be an event.
    pub(crate) fn next(&mut self) -> WorkerEvent {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it speaks");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    /// Where one of its file descriptors leads.
    #[cfg(target_os = "linux")]
    pub(crate) fn stream(&self, number: u32) -> PathBuf {
        let link = format!("/proc/{}/fd/{number}", self.child.id());
        std::fs::read_link(link).expect("it is open")
    }

    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// Puts the example program `worker`, which Cargo built for these tests, and the backend
/// libraries into a folder, as they lie in an installation. The program is linked: a copy can't
/// be started while a child that another test has just forked still holds it open for writing.
fn install(folder: &Path) -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let profile = test
        .parent()
        .and_then(Path::parent)
        .expect("target/<profile>/deps");
    let program = folder.join("worker");
    std::fs::hard_link(profile.join("examples").join("worker"), &program).expect("linked");
    for library in std::fs::read_dir(backends_folder()).expect("a folder") {
        let library = library.expect("an entry");
        symlink(library.path(), folder.join(library.file_name())).expect("linked");
    }
    program
}

//! A router of our own for each test, in a folder of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hearth_router::{Address, Config, Limits, Listen, Token, WorkerProgram, serve};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::client::{PATIENCE, Reply, Request, Wire, send};

pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A running router, with its client's side and its workers' lifelines.
pub(crate) struct Router {
    pub(crate) address: Address,
    folder: TempDir,
    lifelines: TcpListener,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Seen from outside, a worker that lives.
pub(crate) struct Lifeline {
    pub(crate) pid: u32,
    lines: Lines<BufReader<TcpStream>>,
}

impl Lifeline {
    /// Waits until the process is gone, and says whether its zombie is gone too.
    pub(crate) async fn ended(mut self) -> bool {
        timeout(PATIENCE, async {
            while let Ok(Some(_)) = self.lines.next_line().await {}
        })
        .await
        .expect("the worker ends");
        !Path::new(&format!("/proc/{}", self.pid)).exists()
    }

    /// The next thing that the worker writes to its lifeline.
    pub(crate) async fn line(&mut self) -> String {
        let line = timeout(PATIENCE, self.lines.next_line())
            .await
            .expect("in time");
        line.expect("read").expect("a line")
    }
}

impl Router {
    pub(crate) async fn start() -> Self {
        Self::start_with(Limits::default(), false).await
    }

    pub(crate) async fn start_on_tcp() -> Self {
        Self::start_with(Limits::default(), true).await
    }

    pub(crate) async fn start_with(limits: Limits, tcp: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let lifelines = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let lifeline = lifelines.local_addr().expect("bound").to_string();
        let listen = if tcp {
            Listen::Loopback("127.0.0.1:0".parse().expect("an address"))
        } else {
            Listen::Socket(folder.path().join("engine"))
        };
        let config = Config {
            listen,
            token: Token::new(TOKEN).expect("a token"),
            worker: WorkerProgram {
                program: scripted_worker(),
                args: vec![lifeline.into()],
            },
            limits,
        };
        let (ready, address) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(serve(
            config,
            move |address| ready.send(address.clone()).expect("the test waits"),
            async {
                let _stopped = stopped.await;
            },
        ));
        let address = address.await.expect("the router is ready");
        Self {
            address,
            folder,
            lifelines,
            stop: Some(stop),
            task,
        }
    }

    pub(crate) fn tcp_address(&self) -> SocketAddr {
        match &self.address {
            Address::Loopback(address) => *address,
            Address::Socket(_) => panic!("not on TCP"),
        }
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.path().join("engine")
    }

    pub(crate) async fn connect(&self) -> Box<dyn Wire> {
        match &self.address {
            Address::Socket(path) => Box::new(UnixStream::connect(path).await.expect("connected")),
            Address::Loopback(address) => {
                Box::new(TcpStream::connect(address).await.expect("connected"))
            }
        }
    }

    /// Adds what every honest client sends.
    pub(crate) fn honest(&self, request: Request) -> Request {
        let host = match &self.address {
            Address::Socket(_) => "localhost".to_owned(),
            Address::Loopback(address) => address.to_string(),
        };
        request
            .header("Host", &host)
            .header("Authorization", &format!("Bearer {TOKEN}"))
    }

    pub(crate) async fn send(&self, request: Request) -> Reply {
        send(self.connect().await, &self.honest(request)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let reply = self.send(Request::get(path)).await;
        assert_eq!(reply.status, 200, "{path}");
        reply.json().await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Request::post(path, body)).await
    }

    /// Begins to load the scripted model `how` under the name `id`.
    pub(crate) async fn begin_load(&self, id: &str, how: &str) -> Reply {
        let body = json!({"id": id, "path": format!("/scripted/{how}.gguf")});
        self.post("/hearth/models/load", &body).await
    }

    /// Loads the scripted model `how` under the name `id`.
    pub(crate) async fn load(&self, id: &str, how: &str) -> Lifeline {
        let reply = self.begin_load(id, how).await;
        let lifeline = self.lifeline().await;
        let events = reply.events().await;
        assert!(
            events.last().expect("events").contains("ready"),
            "{events:?}"
        );
        lifeline
    }

    /// The next worker that has started.
    pub(crate) async fn lifeline(&self) -> Lifeline {
        let (stream, _) = timeout(PATIENCE, self.lifelines.accept())
            .await
            .expect("in time")
            .expect("accepted");
        let mut lines = BufReader::new(stream).lines();
        let pid = lines.next_line().await.expect("read").expect("a pid");
        Lifeline {
            pid: pid.parse().expect("a number"),
            lines,
        }
    }

    /// Sends a raw prompt as a whole completion.
    pub(crate) async fn complete(&self, model: &str, prompt: &str) -> Reply {
        self.post(
            "/v1/completions",
            &json!({"model": model, "prompt": prompt}),
        )
        .await
    }

    /// Sends a raw prompt as a stream.
    pub(crate) async fn stream(&self, model: &str, prompt: &str) -> Reply {
        let body = json!({"model": model, "prompt": prompt, "stream": true});
        self.post("/v1/completions", &body).await
    }

    /// The text of a whole completion that must succeed.
    pub(crate) async fn text(&self, model: &str, prompt: &str) -> String {
        let reply = self.complete(model, prompt).await;
        assert_eq!(reply.status, 200, "{prompt}");
        let body = reply.json().await;
        body["choices"][0]["text"]
            .as_str()
            .expect("a text")
            .to_owned()
    }

    /// Drops the router in the middle of whatever it does.
    pub(crate) async fn abort(self) {
        self.task.abort();
        assert!(self.task.await.expect_err("aborted").is_cancelled());
    }

    /// Ends the router and says how long that took.
    pub(crate) async fn shut_down(mut self) -> Duration {
        let begun = std::time::Instant::now();
        self.stop
            .take()
            .expect("running")
            .send(())
            .expect("the router listens");
        timeout(PATIENCE, &mut self.task)
            .await
            .expect("in time")
            .expect("no panic")
            .expect("ended");
        assert!(!self.socket().exists(), "the socket file is left");
        begun.elapsed()
    }
}

/// Cargo builds examples for `cargo test`, into the folder beside the one of the test itself.
fn scripted_worker() -> PathBuf {
    let test = std::env::current_exe().expect("known");
    let profile = test
        .parent()
        .and_then(Path::parent)
        .expect("target/<profile>/deps/<test>");
    let worker = profile.join("examples").join("scripted_worker");
    assert!(
        worker.exists(),
        "run `cargo test` for the whole workspace: {}",
        worker.display()
    );
    worker
}

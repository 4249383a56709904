//! `hearth-engine serve`: the router, from its first line of input to its last breath.

use std::env;
use std::error::Error;
use std::io::{self, BufReader, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use hearth_router::{Address, Config, Limits, Listen, Token, WorkerProgram};
use serde_json::json;

use crate::log::LogLevel;
use crate::process;

/// Threads for HTTP. The models have theirs, in processes of their own.
const HTTP_THREADS: usize = 2;

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ServeArguments {
    /// Listen on a Unix socket, made at this path; its folder must belong to you alone (0700).
    #[cfg(unix)]
    #[arg(long, value_name = "PATH")]
    socket: Option<PathBuf>,
    /// Listen on a loopback address, such as 127.0.0.1:8080; port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
}

/// Serves until standard input ends or a signal comes.
pub(crate) fn run(arguments: &ServeArguments, log: LogLevel) -> ExitCode {
    process::be_private();
    process::end_with_parent();
    match serve(arguments, log) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A person may have typed this: plain words, as for a wrong argument.
            let _written = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &ServeArguments, log: LogLevel) -> Result<(), Box<dyn Error>> {
    let listen = arguments.listen()?;
    let mut input = BufReader::new(io::stdin());
    let token = hearth_router::read_token(&mut input)?;
    let config = config(listen, token, log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(HTTP_THREADS)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let end_of_input = hearth_router::end_of_input(input)?;
        let signalled = hearth_router::signalled()?;
        let shutdown = async {
            tokio::select! {
                () = end_of_input => tracing::info!("standard input ended"),
                () = signalled => tracing::info!("asked to end by a signal"),
            }
        };
        hearth_router::serve(config, announce, shutdown).await
    })?;
    Ok(())
}

fn config(listen: Listen, token: Token, log: LogLevel) -> io::Result<Config> {
    let worker = WorkerProgram {
        program: env::current_exe()?,
        args: ["worker", "--log", log.name()].map(Into::into).to_vec(),
    };
    Ok(Config {
        listen,
        token,
        worker,
        limits: Limits::default(),
    })
}

impl ServeArguments {
    #[cfg(unix)]
    fn listen(&self) -> Result<Listen, Box<dyn Error>> {
        match (&self.socket, self.listen) {
            (Some(path), _) => {
                socket_folder::check(path)?;
                Ok(Listen::Socket(path.clone()))
            }
            (None, Some(address)) => Ok(Listen::Loopback(address)),
            (None, None) => Err("one of --socket and --listen is needed".into()),
        }
    }

    #[cfg(not(unix))]
    fn listen(&self) -> Result<Listen, Box<dyn Error>> {
        self.listen
            .map(Listen::Loopback)
            .ok_or_else(|| "--listen is needed".into())
    }
}

/// Says on standard output that clients can connect, and where.
fn announce(address: &Address) {
    let version = env!("CARGO_PKG_VERSION");
    let line = match address {
        #[cfg(unix)]
        Address::Socket(path) => {
            json!({"ready": true, "version": version, "socket": path.to_string_lossy()})
        }
        Address::Loopback(address) => {
            json!({"ready": true, "version": version, "address": address.to_string()})
        }
    };
    let mut output = io::stdout();
    if let Err(error) = writeln!(output, "{line}").and_then(|()| output.flush()) {
        tracing::warn!(%error, "nobody reads the ready line");
    }
}

#[cfg(unix)]
mod socket_folder {
    use std::error::Error;
    use std::fs;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    /// Checks that nobody else can reach a socket at `path`.
    pub(super) fn check(path: &Path) -> Result<(), Box<dyn Error>> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let shown = folder.display();
        let metadata = fs::metadata(folder).map_err(|error| format!("{shown}: {error}"))?;
        if !metadata.is_dir() {
            return Err(format!("{shown} is not a folder").into());
        }
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(format!("{shown} belongs to another user").into());
        }
        if metadata.mode() & 0o077 != 0 {
            return Err(format!("{shown} is open to other users; run: chmod 700 {shown}").into());
        }
        Ok(())
    }
}

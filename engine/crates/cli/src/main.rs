//! The `hearth-engine` program: `serve`, `worker`, `render` and `check`.

#![forbid(unsafe_code)]

mod check;
mod log;
mod process;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use log::LogLevel;

/// Hearth's engine: runs language models on this computer behind an OpenAI-compatible API.
///
/// It makes no network connection and listens only where this computer alone can reach it.
#[derive(Debug, Parser)]
#[command(name = "hearth-engine", version)]
struct Arguments {
    /// How much to log. The log goes to standard error as lines of JSON; no prompt, no answer
    /// and no token is ever in it.
    #[arg(long, global = true, value_enum, value_name = "LEVEL", default_value_t = LogLevel::Info)]
    log: LogLevel,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve models until standard input ends.
    ///
    /// The first line of standard input is the bearer token that every request must carry: at
    /// least 32 visible ASCII characters. When clients can connect, one line of JSON on standard
    /// output says where. The engine ends, with every model in it, as soon as standard input
    /// ends or it gets SIGTERM or SIGINT.
    Serve(serve::ServeArguments),
    /// Run one model; `serve` starts this for each model that is loaded.
    ///
    /// Speaks lines of JSON on standard input and output.
    Worker,
    /// Render chat templates in little memory; `worker` starts this.
    ///
    /// Speaks lines of JSON on standard input and output.
    Render,
    /// Check a GGUF or safetensors file and print what is in it, or what is wrong, as JSON.
    ///
    /// Exits with 0 if the file is sound and with 1 if not.
    Check {
        /// The file; of a model in several parts, any of them.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start(arguments.log);
    match arguments.command {
        Command::Serve(serve) => serve::run(&serve, arguments.log),
        Command::Worker => hearth_worker::run(),
        Command::Render => hearth_chat::helper::run(),
        Command::Check { file } => check::run(&file),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }
}

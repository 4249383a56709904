//! The worker alone, as a program, for the tests of this crate: `worker` and `worker render`
//! behave as the same subcommands of `hearth-engine`.

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("render") {
        return hearth_chat::helper::run();
    }
    hearth_worker::run()
}

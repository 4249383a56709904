//! The smallest program that [`hearth_chat::RenderHelper`] can start: the tests use it in place
//! of `hearth-engine`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("render") => hearth_chat::helper::run(),
        _ => ExitCode::FAILURE,
    }
}

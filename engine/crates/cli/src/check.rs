//! `hearth-engine check`: what is in a model file, or what is wrong with it.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

/// Checks a file and prints one JSON object.
pub(crate) fn run(file: &Path) -> ExitCode {
    let (verdict, code) = match hearth_gguf::check_file(file) {
        Ok(report) => (json!({"ok": true, "report": report}), ExitCode::SUCCESS),
        Err(error) => (json!({"ok": false, "error": error}), ExitCode::FAILURE),
    };
    match print(&verdict) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

fn print(verdict: &Value) -> io::Result<()> {
    let mut output = io::stdout();
    writeln!(output, "{verdict:#}")?;
    output.flush()
}

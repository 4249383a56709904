//! The folder of the backend libraries in a Cargo build.

use std::path::{Path, PathBuf};

/// Where the Cargo build of llama.cpp left its backend libraries, seen from a test program.
pub(crate) fn backends_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a path");
    let profile = program
        .parent()
        .and_then(Path::parent)
        .expect("target/<profile>/deps");
    std::fs::read_dir(profile.join("build"))
        .expect("build scripts have run")
        .filter_map(|entry| Some(entry.ok()?.path().join("out").join("backends")))
        .find(|folder| folder.is_dir())
        .expect("llama.cpp was built with dynamic backends")
}

//! Backend libraries come from our own folder only.

#[path = "common/backends.rs"]
mod backends;

use hearth_api::EngineError;
use hearth_llama::Runtime;

/// One test: llama.cpp's list of backends belongs to the process.
#[test]
fn an_empty_folder_gives_no_backend_and_the_right_one_does() {
    let empty = tempfile::tempdir().expect("a folder");
    let error = Runtime::start(empty.path()).expect_err("nothing there");
    assert!(matches!(&error, EngineError::Internal { detail } if detail.contains("backend")));

    let runtime = Runtime::start(&backends::backends_folder()).expect("backends load");
    assert!(
        runtime.cpu_name().starts_with("CPU ("),
        "{}",
        runtime.cpu_name()
    );
    assert!(runtime.available_bytes() > 0);
    assert_eq!(runtime.gpu_name(), "");
}

//! `hearth-engine check`, and where the program takes its libraries from.

use std::fs;

use serde_json::Value;

use crate::program::{outcome, private_folder, program};
use crate::tiny_model::{TinyModel, Weights};

#[test]
fn a_sound_file_is_described() {
    let folder = private_folder();
    let path = folder.path().join("tiny.gguf");
    TinyModel::new(Weights::Random)
        .write(&path)
        .expect("written");
    let output = outcome(&["check", path.to_str().expect("UTF-8")], "");
    assert_eq!(output.status.code(), Some(0));
    let verdict: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(verdict["ok"], true);
    assert_eq!(verdict["report"]["architecture"], "llama");
    assert_eq!(verdict["report"]["block_count"], 2);
}

#[test]
fn a_bad_file_is_told_what_and_where() {
    let folder = private_folder();
    let path = folder.path().join("tiny.gguf");
    TinyModel::new(Weights::Random)
        .write(&path)
        .expect("written");
    let bytes = fs::read(&path).expect("read");
    fs::write(&path, &bytes[..bytes.len() / 2]).expect("cut");
    let output = outcome(&["check", path.to_str().expect("UTF-8")], "");
    assert_eq!(output.status.code(), Some(1));
    let verdict: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(verdict["ok"], false);
    assert_eq!(verdict["error"]["kind"], "truncated");
    assert!(
        verdict["error"]["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
    let gone = outcome(&["check", "/nowhere/at/all.gguf"], "");
    assert_eq!(gone.status.code(), Some(1));
}

#[test]
fn libraries_that_others_put_in_its_way_are_not_taken() {
    let planted = private_folder();
    for name in [
        "libllama-common.so.0",
        "libllama.so.0",
        "libggml.so.0",
        "libggml-base.so.0",
    ] {
        fs::write(planted.path().join(name), "not a library").expect("written");
    }
    let status = program(&["--version"])
        .env("LD_LIBRARY_PATH", planted.path())
        .current_dir(planted.path())
        .status()
        .expect("started");
    assert!(status.success());
}

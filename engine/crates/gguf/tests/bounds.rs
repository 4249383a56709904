//! The checker's bounds on memory and time, in a process of their own (as Linux tells them).

#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use hearth_gguf::{check_file, check_safetensors};

/// A file of `bytes` and then zeros up to `len`, which take no space on the disk.
fn sparse(folder: &Path, name: &str, bytes: &[u8], len: u64) -> PathBuf {
    let path = folder.join(name);
    let mut file = File::create(&path).expect("created");
    file.write_all(bytes).expect("written");
    file.set_len(len).expect("made longer");
    path
}

fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat()
}

fn start(n_tensors: u64, n_keys: u64) -> Vec<u8> {
    let counts = [n_tensors.to_le_bytes(), n_keys.to_le_bytes()].concat();
    [&b"GGUF\x03\0\0\0"[..], &counts].concat()
}

/// A header that ends in the count of an array.
fn array(key: &str, kind: u32, len: u64) -> Vec<u8> {
    let types = [9_u32.to_le_bytes(), kind.to_le_bytes()].concat();
    [start(1, 1), string(key), types, len.to_le_bytes().to_vec()].concat()
}

fn many_tensors() -> Vec<u8> {
    let mut header = start(60_000, 0);
    for index in 0..60_000_u64 {
        header.extend(string(&format!("{index:063}")));
        header.extend(1_u32.to_le_bytes());
        header.extend(8_u64.to_le_bytes());
        header.extend(0_u32.to_le_bytes());
        header.extend((index * 32).to_le_bytes());
    }
    header
}

fn many_keys() -> Vec<u8> {
    let mut header = start(0, 4096);
    for index in 0..4096 {
        header.extend(string(&format!("{index:01024}")));
        header.extend(8_u32.to_le_bytes());
        header.extend(string(&"x".repeat(4096)));
    }
    header
}

/// As many tensors as a safetensors header can name.
fn hungry_safetensors() -> Vec<u8> {
    let tensor = r#"{"dtype":"U8","shape":[0,1,1,1,1,1,1,1],"data_offsets":[0,0]}"#;
    let tensors: Vec<String> = (0..190_000)
        .map(|index| format!("\"{index}\":{tensor}"))
        .collect();
    let json = format!("{{{}}}", tensors.join(","));
    [&(json.len() as u64).to_le_bytes()[..], json.as_bytes()].concat()
}

fn proc_self(file: &str) -> String {
    std::fs::read_to_string(format!("/proc/self/{file}")).expect("Linux tells")
}

/// The most memory that this process ever had, in bytes.
fn peak_memory() -> u64 {
    let status = proc_self("status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("the peak is told");
    let kib: u64 = line
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .expect("a number");
    kib << 10
}

/// Seconds of work so far: other than the time on the wall it does not depend on who else works.
fn cpu_seconds() -> f64 {
    let stat = proc_self("stat");
    let after_name = stat.rsplit(") ").next().expect("the fields");
    let ticks: f64 = after_name
        .split(' ')
        .skip(11)
        .take(2)
        .map(|field| field.parse::<f64>().expect("a number"))
        .sum();
    ticks / 100.0
}

#[test]
fn absurd_files_cost_little_memory_and_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("tokens", array("tokenizer.ggml.tokens", 8, 1 << 20)),
        ("merges", array("tokenizer.ggml.merges", 8, 4 << 20)),
        ("more merges", array("tokenizer.ggml.merges", 8, 1 << 40)),
        ("bytes", array("x", 0, 120 << 20)),
        ("more bytes", array("x", 12, 1 << 60)),
        ("tensors", many_tensors()),
        ("keys", many_keys()),
        ("nothing", vec![]),
    ];
    for (name, bytes) in files {
        let path = sparse(folder.path(), name, &bytes, 200 << 30);
        let start = cpu_seconds();
        assert!(check_file(&path).is_err(), "{name}");
        let time = cpu_seconds() - start;
        assert!(time < 1.0, "{name} took {time} s");
    }
    let bytes = hungry_safetensors();
    let path = sparse(folder.path(), "safetensors", &bytes, bytes.len() as u64);
    drop(bytes);
    let start = cpu_seconds();
    assert!(check_safetensors(&path).is_ok());
    assert!(cpu_seconds() - start < 1.0);
    assert!(peak_memory() < 256 << 20, "{} bytes", peak_memory());
}

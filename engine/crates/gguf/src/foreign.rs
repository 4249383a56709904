//! Names what a file is that is no GGUF file, from its first bytes.

use crate::error::{GgufError, GgufErrorKind};

/// Bytes that [`foreign`] needs to see, or all there are.
pub(crate) const START_BYTES: u64 = 512;

/// The error for a file that does not start like a GGUF file.
pub(crate) fn foreign(start: &[u8]) -> GgufError {
    GgufError::new(GgufErrorKind::Foreign, name(start))
}

fn name(start: &[u8]) -> String {
    if start.is_empty() {
        return "it is empty".to_owned();
    }
    if start.iter().all(|byte| *byte == 0) {
        return "it begins with zeros only, as a download does that was not finished".to_owned();
    }
    if let Some(known) = by_magic(start).or_else(|| by_text(start)) {
        return known.to_owned();
    }
    if is_safetensors(start) {
        return "it is a safetensors file, not GGUF".to_owned();
    }
    let bytes: Vec<String> = start.iter().take(4).map(|b| format!("{b:02x}")).collect();
    let bytes = bytes.join(" ");
    format!("it is not a GGUF file: it starts with the bytes {bytes} instead of “GGUF”")
}

fn by_magic(start: &[u8]) -> Option<&'static str> {
    Some(match start {
        [b'P', b'K', 3, 4, ..] => {
            "it is a zip archive or a PyTorch checkpoint; a checkpoint can hide programs, so \
             look for the same model as GGUF"
        }
        [0x80, 2..=5, ..] => {
            "it is a pickle, as PyTorch checkpoints are; it can hide programs, so look for the \
             same model as GGUF"
        }
        [b'l' | b'f', b'm', b'g', b'g', ..] | [b't', b'j', b'g', b'g', ..] => {
            "it is in the GGML format of 2023, which GGUF replaced; look for a newer file"
        }
        [0x1f, 0x8b, ..] => "it is a gzip archive; unpack it first",
        [b'7', b'z', 0xbc, 0xaf, ..] => "it is a 7-Zip archive; unpack it first",
        [b'%', b'P', b'D', b'F', ..] => "it is a PDF document",
        [0x89, b'H', b'D', b'F', ..] => "it is a Keras (HDF5) file, not GGUF",
        _ => return None,
    })
}

fn by_text(start: &[u8]) -> Option<&'static str> {
    if start.starts_with(b"version https://git-lfs") {
        return Some(
            "it is a Git LFS pointer of a few lines, not the model itself; \
             fetch it with git-lfs, or download it",
        );
    }
    let text = String::from_utf8_lossy(start);
    let text = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    if ["<!doctype", "<html", "<head", "<?xml", "<svg"]
        .iter()
        .any(|tag| text.starts_with(tag))
    {
        return Some("it is a web page, not a model; the download was redirected or refused");
    }
    if text.starts_with(['{', '[']) && std::str::from_utf8(start).is_ok() {
        return Some("it is a JSON text, not a model");
    }
    None
}

/// A safetensors file starts with the length of its JSON header in 8 bytes.
fn is_safetensors(start: &[u8]) -> bool {
    match start.split_first_chunk::<8>() {
        Some((length, rest)) => {
            rest.starts_with(b"{") && u64::from_le_bytes(*length) <= 100_000_000
        }
        None => false,
    }
}

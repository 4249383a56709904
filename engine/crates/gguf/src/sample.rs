//! An identity for a model that is quick to tell, before its whole SHA-256 is known.

use std::fmt::Write;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::check::{check_file, open, open_header};
use crate::error::{GgufError, GgufErrorKind};

/// Changes whenever the recipe does, so that identities of two recipes never meet.
const RECIPE: &[u8] = b"hearth sample 1";
const SAMPLES: u64 = 64;
const SAMPLE_BYTES: u64 = 64 << 10;

/// The identity `sample:<size>:<hex>` of a model that the checker passes.
///
/// `size` is the size of all its files in bytes; `hex` is the SHA-256 of the recipe's name and
/// then, for each file in the order of the parts: its size (8 bytes, little-endian), everything
/// before the tensors' data, and 64 samples of 64 KiB, evenly spread from the first to the last
/// byte of the data (all of it, where it has no more than 4 MiB). Equal files have equal
/// identities; a changed weight between the samples is not seen, so such an identity is shown
/// as unverified until the whole file is hashed.
///
/// # Errors
/// What [`check_file`] finds, or the operating system's refusal to read the file.
pub fn sample_id(path: &Path) -> Result<String, GgufError> {
    let report = check_file(path)?;
    let mut hash = Sha256::new();
    hash.update(RECIPE);
    for part in &report.parts {
        add_file(&mut hash, part)?;
    }
    let mut id = format!("sample:{}:", report.size_bytes);
    for byte in hash.finalize() {
        // Writing to a String can't fail.
        let _ = write!(id, "{byte:02x}");
    }
    Ok(id)
}

fn add_file(hash: &mut Sha256, path: &Path) -> Result<(), GgufError> {
    let (header, _) = open_header(path)?;
    let (mut file, len) = open(path)?;
    hash.update(len.to_le_bytes());
    add_range(hash, &mut file, 0, header.data_start)?;
    let data = len - header.data_start;
    if data <= SAMPLES * SAMPLE_BYTES {
        return add_range(hash, &mut file, header.data_start, data);
    }
    for sample in 0..SAMPLES {
        let last = u128::from(data - SAMPLE_BYTES);
        let offset = last * u128::from(sample) / u128::from(SAMPLES - 1);
        // Not above `data`, which is a u64.
        let offset = u64::try_from(offset).unwrap_or(data);
        add_range(hash, &mut file, header.data_start + offset, SAMPLE_BYTES)?;
    }
    Ok(())
}

fn add_range(hash: &mut Sha256, file: &mut File, start: u64, len: u64) -> Result<(), GgufError> {
    file.seek(SeekFrom::Start(start))
        .map_err(GgufError::unreadable)?;
    let mut left = len;
    let mut buffer = vec![0; 64 << 10];
    while left > 0 {
        let step = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = file
            .read(&mut buffer[..step])
            .map_err(GgufError::unreadable)?;
        if read == 0 {
            let reason = "it became shorter while it was read";
            return Err(GgufError::new(GgufErrorKind::Truncated, reason));
        }
        hash.update(&buffer[..read]);
        left -= read as u64;
    }
    Ok(())
}

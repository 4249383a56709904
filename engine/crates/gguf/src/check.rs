//! Checks a model on disk: one file, or all files of a split model.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;

use crate::error::{GgufError, GgufErrorKind};
use crate::header::Header;
use crate::report::{Report, report};
use crate::split::{Part, file_name};

/// Checks the headers of a model, every file of it, and that the data they describe is there.
///
/// Takes at most 256 MiB of memory and reads at most 128 MiB of each file.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn check_file(path: &Path) -> Result<Report, GgufError> {
    let (header, part) = open_header(path)?;
    match part {
        None => {
            let mut found = report(&header)?;
            found.parts.push(path.to_owned());
            Ok(found)
        }
        Some(part) => check_parts(path, part),
    }
}

/// A file's header, and which part of a model it is.
pub(crate) fn open_header(path: &Path) -> Result<(Header, Option<Part>), GgufError> {
    let (file, len) = open(path)?;
    let header = Header::read(file, len)?;
    let part = Part::of(&header.metadata)?;
    Ok((header, part))
}

/// Opens a regular file (opening a pipe would wait for ever) and tells its length.
pub(crate) fn open(path: &Path) -> Result<(File, u64), GgufError> {
    let about = fs::metadata(path).map_err(GgufError::unreadable)?;
    if !about.is_file() {
        let reason = if about.is_dir() {
            "it is a folder"
        } else {
            "it is not a file of data"
        };
        return Err(GgufError::new(GgufErrorKind::Foreign, reason));
    }
    let file = File::open(path).map_err(GgufError::unreadable)?;
    let len = file.metadata().map_err(GgufError::unreadable)?.len();
    Ok((file, len))
}

fn check_parts(path: &Path, chosen: Part) -> Result<Report, GgufError> {
    let paths = chosen.all_paths(path)?;
    if let Some(missing) = paths.iter().find(|part| !part.exists()) {
        return Err(chosen.not_there(missing));
    }
    let first = checked_part(
        &paths[0],
        Part {
            number: 0,
            ..chosen
        },
    )?;
    let mut found = report(&first)?;
    let stated = first.metadata.number("split.tensors.count");
    let mut names = HashSet::new();
    add_names(&mut names, first, &paths[0])?;
    for (number, path) in (1..chosen.count).zip(&paths[1..]) {
        let header = checked_part(path, Part { number, ..chosen })?;
        found.add(&header);
        add_names(&mut names, header, path)?;
    }
    if stated != Some(found.n_tensors) {
        let reason = format!(
            "its parts hold {} tensors, but the first one says {}",
            found.n_tensors,
            stated.map_or_else(|| "nothing about it".to_owned(), |count| count.to_string())
        );
        return Err(GgufError::new(GgufErrorKind::Malformed, reason));
    }
    found.parts = paths;
    found.split = true;
    Ok(found)
}

fn checked_part(path: &Path, wanted: Part) -> Result<Header, GgufError> {
    let name = file_name(path);
    let (header, part) = open_header(path).map_err(|error| error.in_part(&name))?;
    if part == Some(wanted) {
        return Ok(header);
    }
    let reason = "it is not the part that its name says";
    Err(GgufError::new(GgufErrorKind::Malformed, reason).in_part(&name))
}

fn add_names(names: &mut HashSet<String>, header: Header, path: &Path) -> Result<(), GgufError> {
    for tensor in header.tensors {
        if names.contains(&tensor.name) {
            let reason = format!("the tensor “{}” is in another part as well", tensor.name);
            let error = GgufError::new(GgufErrorKind::Duplicate, reason);
            return Err(error.in_part(&file_name(path)));
        }
        names.insert(tensor.name);
    }
    Ok(())
}

//! Models of several files, named as `llama-gguf-split` names them:
//! `NAME-00001-of-00003.gguf`.

use std::path::{Path, PathBuf};

use crate::error::{GgufError, GgufErrorKind};
use crate::limits;
use crate::metadata::Metadata;

/// Which part of how many a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    /// From 0.
    pub(crate) number: u16,
    pub(crate) count: u16,
}

impl Part {
    /// `None`: the file is a whole model.
    pub(crate) fn of(metadata: &Metadata) -> Result<Option<Self>, GgufError> {
        let count = metadata.number("split.count").unwrap_or(0);
        if count <= 1 {
            return Ok(None);
        }
        let count = u16::try_from(count)
            .ok()
            .filter(|count| *count <= limits::PARTS);
        let number = metadata
            .number("split.no")
            .and_then(|number| u16::try_from(number).ok());
        match (number, count) {
            (Some(number), Some(count)) if number < count => Ok(Some(Self { number, count })),
            _ => Err(GgufError::new(
                GgufErrorKind::Malformed,
                "it says that it is a part of a model, but not which one of how many",
            )),
        }
    }

    fn ending(self) -> String {
        format!("-{:05}-of-{:05}.gguf", self.number + 1, self.count)
    }

    /// The names of all parts, by the path of this one.
    ///
    /// # Errors
    /// [`GgufErrorKind::PartMissing`] where the file was renamed, so that the names of the
    /// others can't be told.
    pub(crate) fn all_paths(self, path: &Path) -> Result<Vec<PathBuf>, GgufError> {
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(stem) = name.and_then(|name| name.strip_suffix(&self.ending())) else {
            let reason = format!(
                "it is part {} of {} of a model, but its name does not end in “{}”, \
                 so that the other parts can't be found",
                self.number + 1,
                self.count,
                self.ending()
            );
            return Err(self.missing(self.ending(), reason));
        };
        let paths = (0..self.count).map(|number| {
            let ending = Self { number, ..self }.ending();
            path.with_file_name(format!("{stem}{ending}"))
        });
        Ok(paths.collect())
    }

    /// The error for a part that is not there.
    pub(crate) fn not_there(self, path: &Path) -> GgufError {
        let name = file_name(path);
        let reason = format!(
            "it is one of {} files of a model, and “{name}” is missing beside it",
            self.count
        );
        self.missing(name, reason)
    }

    fn missing(self, missing: String, reason: String) -> GgufError {
        let count = self.count;
        GgufError::new(GgufErrorKind::PartMissing { missing, count }, reason)
    }
}

pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

//! The checker of model files.

use std::path::PathBuf;

use hearth_gguf::{GgufErrorKind, Report};
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(
    hearth_engine._native,
    GgufError,
    PyException,
    "A file that is no usable model.\n\n\
     Attributes: `reason` (a clause for the user), `kind` (a stable name), `offset` (where in the\n\
     file, in bytes, or None), `missing` and `count` (the part of a split model that was not\n\
     found, and how many there are; else None)."
);

/// What a sound model file says of itself.
#[pyclass(frozen, get_all, module = "hearth_engine._native")]
#[derive(Debug)]
pub(crate) struct GgufReport {
    architecture: String,
    name: String,
    n_tensors: u64,
    n_params: u64,
    quantization: String,
    context_length: u64,
    block_count: u64,
    n_vocab: u64,
    has_chat_template: bool,
    parts: Vec<PathBuf>,
    size_bytes: u64,
    split: bool,
}

#[pymethods]
impl GgufReport {
    fn __repr__(&self) -> String {
        format!("{self:?}")
    }
}

impl From<Report> for GgufReport {
    fn from(report: Report) -> Self {
        Self {
            architecture: report.architecture,
            name: report.name,
            n_tensors: report.n_tensors,
            n_params: report.n_params,
            quantization: report.quantization,
            context_length: report.context_length,
            block_count: report.block_count,
            n_vocab: report.n_vocab,
            has_chat_template: report.has_chat_template,
            parts: report.parts,
            size_bytes: report.size_bytes,
            split: report.split,
        }
    }
}

/// Checks a GGUF model, every file of it, without loading it.
///
/// Reads at most 128 MiB of each file and takes at most 256 MiB of memory, whatever the file
/// claims. Raises `GgufError` where it is no sound language model or can't be read.
#[pyfunction]
pub(crate) fn check_gguf(py: Python<'_>, path: PathBuf) -> PyResult<GgufReport> {
    py.detach(move || hearth_gguf::check_file(&path))
        .map(GgufReport::from)
        .map_err(|error| to_python(py, &error))
}

/// The identity `sample:<size>:<hex>` of a model: a hash of its header and of samples of its
/// data, quick to tell and therefore not proof against every change. Raises as `check_gguf`.
#[pyfunction]
pub(crate) fn sample_id(py: Python<'_>, path: PathBuf) -> PyResult<String> {
    py.detach(move || hearth_gguf::sample_id(&path))
        .map_err(|error| to_python(py, &error))
}

fn to_python(py: Python<'_>, error: &hearth_gguf::GgufError) -> PyErr {
    let raised = GgufError::new_err(error.to_string());
    match set_attributes(raised.value(py), error) {
        Ok(()) => raised,
        Err(fault) => fault,
    }
}

fn set_attributes(raised: &Bound<'_, PyAny>, error: &hearth_gguf::GgufError) -> PyResult<()> {
    let part = match &error.kind {
        GgufErrorKind::PartMissing { missing, count } => Some((missing, *count)),
        _ => None,
    };
    raised.setattr("reason", &error.reason)?;
    raised.setattr("kind", error.kind.name())?;
    raised.setattr("offset", error.offset)?;
    raised.setattr("missing", part.map(|(missing, _)| missing))?;
    raised.setattr("count", part.map(|(_, count)| count))
}

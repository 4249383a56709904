//! Everything before the tensors' data, checked: the bounded, strict reading of a GGUF file.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>; where it leaves room,
//! what llama.cpp's `gguf_init_from_file` takes.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use crate::error::{GgufError, GgufErrorKind};
use crate::foreign::{START_BYTES, foreign};
use crate::limits;
use crate::metadata::{Kind, Metadata, Value};
use crate::reader::Reader;
use crate::tensor_type::{TensorType, tensor_type};

const MAGIC: &[u8] = b"GGUF";
const NEWEST_VERSION: u32 = 3;
const DEFAULT_ALIGNMENT: u64 = 32;

/// One tensor as the header describes it.
#[derive(Debug)]
pub(crate) struct Tensor {
    pub(crate) name: String,
    pub(crate) kind: TensorType,
    /// Number of weights.
    pub(crate) weights: u64,
    /// Size of its data.
    pub(crate) bytes: u64,
}

/// A file's checked header.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) metadata: Metadata,
    pub(crate) tensors: Vec<Tensor>,
    /// Where the data begins: the header's length, padded.
    pub(crate) data_start: u64,
    /// Length of the whole file.
    pub(crate) file_bytes: u64,
}

impl Header {
    /// Reads and checks a header. `len` is the length of the whole file in bytes.
    pub(crate) fn read<R: Read + Seek>(mut inner: R, len: u64) -> Result<Self, GgufError> {
        let mut start = Vec::new();
        (&mut inner)
            .take(START_BYTES)
            .read_to_end(&mut start)
            .map_err(GgufError::unreadable)?;
        if !start.starts_with(MAGIC) {
            return Err(foreign(&start));
        }
        inner
            .seek(SeekFrom::Start(0))
            .map_err(GgufError::unreadable)?;
        let mut reader = Reader::new(inner, len);
        reader.array::<4>("its first bytes")?;
        check_version(reader.u32("its version")?)?;
        let n_tensors = count(&mut reader, limits::TENSORS, "tensors")?;
        let n_keys = count(&mut reader, limits::KEYS, "settings")?;
        let metadata = Metadata::read(&mut reader, n_keys)?;
        let alignment = alignment(&metadata)?;
        let mut layout = Layout::new(alignment);
        for _ in 0..n_tensors {
            layout.read_tensor(&mut reader)?;
        }
        layout.finish(metadata, reader.position(), len)
    }
}

fn check_version(version: u32) -> Result<(), GgufError> {
    let reason = match version {
        2..=NEWEST_VERSION => return Ok(()),
        1 => "it is in GGUF version 1 of 2023; look for a newer file".to_owned(),
        _ if version != 0 && version.trailing_zeros() >= 16 => {
            "it was made for computers of the other byte order (big-endian)".to_owned()
        }
        _ => format!("it says it is GGUF version {version}; this program knows versions 2 and 3"),
    };
    Err(GgufError::new(GgufErrorKind::Unsupported, reason).at(4))
}

fn count<R: Read + Seek>(reader: &mut Reader<R>, limit: u64, what: &str) -> Result<u64, GgufError> {
    let start = reader.position();
    let count = reader.u64(&format!("the number of its {what}"))?;
    if count <= limit {
        return Ok(count);
    }
    let reason = format!("it claims to hold {count} {what}, more than any real model");
    Err(GgufError::new(GgufErrorKind::Limit, reason).at(start))
}

fn alignment(metadata: &Metadata) -> Result<u64, GgufError> {
    let alignment = match metadata.get("general.alignment") {
        None => return Ok(DEFAULT_ALIGNMENT),
        Some(Value::Number(Kind::U32, Some(number))) => *number,
        Some(_) => 0,
    };
    if alignment.is_power_of_two() && (8..=limits::ALIGNMENT).contains(&alignment) {
        return Ok(alignment);
    }
    let reason = "its “general.alignment” is not a power of two between 8 and 65,536";
    Err(GgufError::new(GgufErrorKind::Malformed, reason))
}

/// The tensors read so far. llama.cpp wants their data in their order and without gaps.
struct Layout {
    alignment: u64,
    tensors: Vec<Tensor>,
    names: HashSet<String>,
    /// Bytes of data so far, padded: where the next tensor must begin.
    next: u64,
    /// The same without the last padding, which need not be there.
    end: u64,
}

impl Layout {
    fn new(alignment: u64) -> Self {
        Self {
            alignment,
            tensors: Vec::new(),
            names: HashSet::new(),
            next: 0,
            end: 0,
        }
    }

    fn read_tensor<R: Read + Seek>(&mut self, reader: &mut Reader<R>) -> Result<(), GgufError> {
        let start = reader.position();
        let name = reader.string(limits::TENSOR_NAME_BYTES, "the name of a tensor")?;
        if !self.names.insert(name.clone()) {
            let reason = format!("the tensor “{name}” is there twice");
            return Err(GgufError::new(GgufErrorKind::Duplicate, reason).at(start));
        }
        let tensor = read_shape(reader, name)?;
        let at = reader.position();
        let offset = reader.u64("the place of a tensor")?;
        self.place(&tensor, offset).map_err(|error| error.at(at))?;
        self.tensors.push(tensor);
        Ok(())
    }

    fn place(&mut self, tensor: &Tensor, offset: u64) -> Result<(), GgufError> {
        if offset != self.next {
            let fault = if offset < self.next {
                "overlaps the one before it"
            } else {
                "leaves a gap to the one before it"
            };
            let reason = format!("the data of the tensor “{}” {fault}", tensor.name);
            return Err(GgufError::new(GgufErrorKind::Malformed, reason));
        }
        let padded = self
            .next
            .checked_add(tensor.bytes)
            .and_then(|end| Some((end, end.checked_next_multiple_of(self.alignment)?)));
        let Some((end, next)) = padded else {
            return Err(too_large(&tensor.name));
        };
        (self.end, self.next) = (end, next);
        Ok(())
    }

    fn finish(self, metadata: Metadata, position: u64, len: u64) -> Result<Header, GgufError> {
        let data_start = position.next_multiple_of(self.alignment);
        let needed = data_start.saturating_add(self.end);
        if !self.tensors.is_empty() && needed > len {
            let reason = format!("it is incomplete: {len} of its {needed} bytes are there");
            return Err(GgufError::new(GgufErrorKind::Truncated, reason).at(len));
        }
        Ok(Header {
            metadata,
            tensors: self.tensors,
            data_start: data_start.min(len),
            file_bytes: len,
        })
    }
}

fn read_shape<R: Read + Seek>(reader: &mut Reader<R>, name: String) -> Result<Tensor, GgufError> {
    let start = reader.position();
    let malformed = |kind, reason: String| Err(GgufError::new(kind, reason).at(start));
    let n_dims = reader.u32("the shape of a tensor")?;
    if n_dims > limits::DIMS {
        let reason = format!("the tensor “{name}” has {n_dims} dimensions; 4 are possible");
        return malformed(GgufErrorKind::Malformed, reason);
    }
    let mut dims = [1; limits::DIMS as usize];
    for dim in dims.iter_mut().take(n_dims as usize) {
        *dim = reader.u64("the shape of a tensor")?;
    }
    let number = reader.u32("the type of a tensor")?;
    let Some(kind) = tensor_type(number) else {
        let reason = format!(
            "the tensor “{name}” has the data type {number}, which this engine does not know"
        );
        return malformed(GgufErrorKind::Unsupported, reason);
    };
    if dims.contains(&0) || dims[0] % kind.block != 0 {
        let reason = format!(
            "the tensor “{name}” has rows of {} weights, not a multiple of {} as {} needs",
            dims[0], kind.block, kind.name
        );
        return malformed(GgufErrorKind::Malformed, reason);
    }
    let size = dims
        .iter()
        .try_fold(1_u64, |product, dim| product.checked_mul(*dim))
        .filter(|weights| i64::try_from(*weights).is_ok())
        .and_then(|weights| Some((weights, (weights / kind.block).checked_mul(kind.bytes)?)));
    match size {
        Some((weights, bytes)) => Ok(Tensor {
            name,
            kind,
            weights,
            bytes,
        }),
        None => Err(too_large(&name).at(start)),
    }
}

fn too_large(name: &str) -> GgufError {
    let reason = format!("the tensor “{name}” claims to be larger than any computer's memory");
    GgufError::new(GgufErrorKind::Limit, reason)
}

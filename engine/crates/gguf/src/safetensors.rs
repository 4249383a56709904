//! The bounded, strict reading of a safetensors header.
//!
//! Format: <https://github.com/huggingface/safetensors#format>.

use std::collections::HashSet;
use std::fmt;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::check::open;
use crate::error::{GgufError, GgufErrorKind};
use crate::foreign::foreign;
use crate::limits;

const MAX_DIMS: usize = 8;
const METADATA: &str = "__metadata__";

/// A sound safetensors file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SafetensorsReport {
    /// Tensors in the file.
    pub n_tensors: u64,
    /// Weights in all tensors.
    pub n_params: u64,
    /// Size of the file.
    pub size_bytes: u64,
}

/// Checks a safetensors file: its header's length and JSON, names, shapes and places.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn check_safetensors(path: &Path) -> Result<SafetensorsReport, GgufError> {
    let (file, len) = open(path)?;
    check(file, len)
}

fn check<R: Read>(mut file: R, len: u64) -> Result<SafetensorsReport, GgufError> {
    let mut start = Vec::new();
    (&mut file)
        .take(9)
        .read_to_end(&mut start)
        .map_err(GgufError::unreadable)?;
    let Some((length, b"{")) = start.split_first_chunk::<8>() else {
        return Err(foreign(&start));
    };
    let length = u64::from_le_bytes(*length);
    if length > limits::SAFETENSORS_HEADER_BYTES {
        let reason = format!("its header claims to have {length} bytes; 16 MiB are possible");
        return Err(GgufError::new(GgufErrorKind::Limit, reason).at(0));
    }
    let Some(data) = len.checked_sub(8 + length) else {
        let reason = "it ends within its header";
        return Err(GgufError::new(GgufErrorKind::Truncated, reason).at(len));
    };
    let header = BufReader::new(start[8..].chain(file).take(length));
    let Tensors(mut tensors) = serde_json::from_reader(header).map_err(|error| {
        let reason = format!("its header is not what it must be: {error}");
        GgufError::new(GgufErrorKind::Malformed, reason).at(8)
    })?;
    tensors.sort_by_key(|tensor| tensor.data_offsets);
    let end = tensors
        .iter()
        .try_fold(0, |end, tensor| tensor.check_place(end))
        .map_err(|reason| GgufError::new(GgufErrorKind::Malformed, reason).at(8))?;
    if end != data {
        let reason = format!("its tensors have {end} bytes, but {data} are there");
        return Err(GgufError::new(GgufErrorKind::Truncated, reason).at(8 + length));
    }
    let weights = tensors.iter().filter_map(Tensor::weights);
    Ok(SafetensorsReport {
        n_tensors: tensors.len() as u64,
        n_params: weights.fold(0, u64::saturating_add),
        size_bytes: len,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tensor {
    dtype: DataType,
    #[serde(deserialize_with = "few_dims")]
    shape: Vec<u64>,
    data_offsets: (u64, u64),
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "UPPERCASE")]
#[allow(non_camel_case_types, reason = "the format's own names")]
enum DataType {
    Bool,
    F4,
    F6_E2M3,
    F6_E3M2,
    U8,
    I8,
    F8_E5M2,
    F8_E4M3,
    F8_E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
    C64,
}

impl DataType {
    const fn bits(self) -> u64 {
        match self {
            Self::F4 => 4,
            Self::F6_E2M3 | Self::F6_E3M2 => 6,
            Self::Bool | Self::U8 | Self::I8 | Self::F8_E5M2 | Self::F8_E4M3 | Self::F8_E8M0 => 8,
            Self::I16 | Self::U16 | Self::F16 | Self::BF16 => 16,
            Self::I32 | Self::U32 | Self::F32 => 32,
            Self::I64 | Self::U64 | Self::F64 | Self::C64 => 64,
        }
    }
}

impl Tensor {
    fn weights(&self) -> Option<u64> {
        self.shape
            .iter()
            .try_fold(1_u64, |product, dim| product.checked_mul(*dim))
    }

    /// The tensor must begin where the last one ended and be as long as its shape says.
    fn check_place(&self, last_end: u64) -> Result<u64, String> {
        let (begin, end) = self.data_offsets;
        if begin != last_end {
            return Err(format!(
                "a tensor's data begins at {begin} where {last_end} is expected"
            ));
        }
        let bits = self
            .weights()
            .and_then(|weights| weights.checked_mul(self.dtype.bits()));
        let bytes = end.checked_sub(begin);
        if bits.filter(|bits| bits % 8 == 0).map(|bits| bits / 8) != bytes || bytes.is_none() {
            return Err(format!("the data at {begin} has not the size of its shape"));
        }
        Ok(end)
    }
}

fn few_dims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    struct Dims;
    impl<'de> Visitor<'de> for Dims {
        type Value = Vec<u64>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a shape of at most {MAX_DIMS} dimensions")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u64>, A::Error> {
            let mut dims = Vec::new();
            while let Some(dim) = seq.next_element()? {
                if dims.len() == MAX_DIMS {
                    return Err(A::Error::custom("a tensor has more than 8 dimensions"));
                }
                dims.push(dim);
            }
            Ok(dims)
        }
    }
    deserializer.deserialize_seq(Dims)
}

/// The tensors of a header; their names are only compared.
struct Tensors(Vec<Tensor>);

impl<'de> Deserialize<'de> for Tensors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Tensors;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tensors by their names")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tensors, A::Error> {
                let mut names = HashSet::new();
                let mut tensors = Vec::new();
                while let Some(name) = map.next_key::<String>()? {
                    if name == METADATA {
                        map.next_value::<Texts>()?;
                    } else {
                        tensors.push(map.next_value()?);
                    }
                    if !names.insert(name) {
                        return Err(A::Error::custom("a name is there twice"));
                    }
                }
                Ok(Tensors(tensors))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// `__metadata__`: texts by names, read and forgotten.
struct Texts;

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Texts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("texts by their names")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                while map.next_entry::<String, String>()?.is_some() {}
                Ok(Texts)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(header: &str, data: usize) -> Result<SafetensorsReport, GgufError> {
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.as_bytes());
        file.resize(file.len() + data, 0);
        check(&file[..], file.len() as u64)
    }

    fn reason(header: &str, data: usize) -> String {
        checked(header, data).expect_err("must be refused").reason
    }

    #[test]
    fn passes_a_sound_file() {
        let header = r#"{"__metadata__":{"format":"pt"},
            "b":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},
            "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#;
        let report = checked(header, 12 + 4).expect("sound");
        assert_eq!((report.n_tensors, report.n_params), (2, 7));
    }

    #[test]
    fn refuses_what_contradicts_itself() {
        let tensor = |dtype: &str, shape: &str, from: u64, to: u64| {
            format!(r#"{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[{from},{to}]}}"#)
        };
        let a = tensor("F32", "1", 0, 4);
        assert!(reason(&format!(r#"{{"a":{a},"a":{a}}}"#), 4).contains("twice"));
        assert!(reason(&format!(r#"{{"a":{a},"b":{a}}}"#), 4).contains("expected"));
        assert!(reason(&format!(r#"{{"a":{a}}}"#), 5).contains("are there"));
        let hole = tensor("F32", "1", 4, 8);
        assert!(reason(&format!(r#"{{"a":{hole}}}"#), 8).contains("expected"));
        let wraps = tensor("F32", "4294967296,4294967296", 0, 0);
        assert!(reason(&format!(r#"{{"a":{wraps}}}"#), 0).contains("size of its shape"));
        let back = tensor("F32", "1", 0, 0).replace("[0,0]", "[4,0]");
        assert!(reason(&format!(r#"{{"a":{back}}}"#), 0).contains("expected"));
        let deep = tensor("F32", "1,1,1,1,1,1,1,1,1", 0, 4);
        assert!(reason(&format!(r#"{{"a":{deep}}}"#), 4).contains("8 dimensions"));
        let odd = tensor("F4", "3", 0, 1);
        assert!(reason(&format!(r#"{{"a":{odd}}}"#), 1).contains("size of its shape"));
        let unknown = tensor("F31", "1", 0, 4);
        assert!(reason(&format!(r#"{{"a":{unknown}}}"#), 4).contains("F31"));
    }

    #[test]
    fn refuses_a_header_that_is_no_header() {
        assert!(reason("{", 0).contains("not what it must be"));
        assert!(check(&[0xff; 20][..], 20).is_err());
        let huge = [&u64::MAX.to_le_bytes()[..], b"{"].concat();
        let error = check(&huge[..], 9).expect_err("too long");
        assert_eq!(error.kind, GgufErrorKind::Limit);
        let short = [&100_u64.to_le_bytes()[..], b"{}"].concat();
        let error = check(&short[..], 10).expect_err("too short");
        assert_eq!(error.kind, GgufErrorKind::Truncated);
    }
}

//! The keys and values at the head of a GGUF file, kept where they are short and counted
//! where they are long.

use std::collections::HashMap;
use std::io::{Read, Seek};

use crate::error::{GgufError, GgufErrorKind};
use crate::limits;
use crate::reader::Reader;
use crate::vocabulary::Vocabulary;

pub(crate) const TOKENS: &str = "tokenizer.ggml.tokens";
pub(crate) const CHAT_TEMPLATE: &str = "tokenizer.chat_template";
/// How the names of the terms end that keep norms from dividing by zero.
const EPSILON: &str = "_epsilon";

/// GGUF's value types (`enum gguf_type`), arrays excepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    String,
    U64,
    I64,
    F64,
}

const ARRAY: u32 = 9;

impl Kind {
    const fn from_number(number: u32) -> Option<Self> {
        Some(match number {
            0 => Self::U8,
            1 => Self::I8,
            2 => Self::U16,
            3 => Self::I16,
            4 => Self::U32,
            5 => Self::I32,
            6 => Self::F32,
            7 => Self::Bool,
            8 => Self::String,
            10 => Self::U64,
            11 => Self::I64,
            12 => Self::F64,
            _ => return None,
        })
    }

    /// Bytes of one value; `None` for strings.
    const fn size(self) -> Option<u64> {
        Some(match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
            Self::String => return None,
        })
    }

    /// A whole number that is not negative, from a value's bytes; `None` for everything else.
    fn number(self, bytes: &[u8]) -> Option<u64> {
        let mut wide = [0; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        let unsigned = u64::from_le_bytes(wide);
        let negative = bytes.last().is_some_and(|high| high & 0x80 != 0);
        match self {
            Self::U8 | Self::U16 | Self::U32 | Self::U64 | Self::Bool => Some(unsigned),
            Self::I8 | Self::I16 | Self::I32 | Self::I64 if !negative => Some(unsigned),
            _ => None,
        }
    }
}

/// A value, or what of it is worth keeping.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A whole number or a flag; `None` for negative numbers and fractions.
    Number(Kind, Option<u64>),
    /// A string; `None` for a long one.
    Text(Option<String>),
    /// An array.
    Array {
        kind: Kind,
        len: u64,
        /// Its numbers, where it is a short one of whole numbers that are not negative.
        numbers: Option<Vec<u64>>,
    },
}

/// All keys and values of a file.
#[derive(Debug, Default)]
pub(crate) struct Metadata(HashMap<String, Value>);

impl Metadata {
    pub(crate) fn read<R: Read + Seek>(
        reader: &mut Reader<R>,
        n_keys: u64,
    ) -> Result<Self, GgufError> {
        let mut all = Self::default();
        let mut strings_left = limits::ARRAY_STRINGS;
        for _ in 0..n_keys {
            let start = reader.position();
            let key = reader.string(limits::KEY_BYTES, "the name of a setting")?;
            if key.is_empty() {
                let reason = "a setting in it has no name";
                return Err(GgufError::new(GgufErrorKind::Malformed, reason).at(start));
            }
            if all.0.contains_key(&key) {
                let reason = format!("the setting “{key}” is there twice");
                return Err(GgufError::new(GgufErrorKind::Duplicate, reason).at(start));
            }
            let value = read_value(reader, &key, &mut strings_left)?;
            all.0.insert(key, value);
        }
        Ok(all)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// A short string.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Value::Text(text) => text.as_deref(),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        match self.0.get(key)? {
            Value::Number(_, number) => *number,
            _ => None,
        }
    }

    /// The number of one layer: an array's entry, or the one number that holds for all.
    pub(crate) fn number_of_layer(&self, key: &str, layer: u64) -> Option<u64> {
        match self.0.get(key)? {
            Value::Number(_, number) => *number,
            Value::Array { numbers, .. } => {
                let index = usize::try_from(layer).ok()?;
                numbers.as_ref()?.get(index).copied()
            }
            Value::Text(_) => None,
        }
    }

    /// Whether there is such a key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

fn read_value<R: Read + Seek>(
    reader: &mut Reader<R>,
    key: &str,
    strings_left: &mut u64,
) -> Result<Value, GgufError> {
    let what = format!("the setting “{key}”");
    let start = reader.position();
    let number = reader.u32(&what)?;
    if number == ARRAY {
        return read_array(reader, key, &what, strings_left);
    }
    let kind = kind(number, &what, start)?;
    if kind == Kind::String {
        return Ok(Value::Text(read_text(reader, key, &what)?));
    }
    let at = reader.position();
    let bytes = read_scalar(reader, kind, &what)?;
    if key.ends_with(EPSILON) && kind == Kind::F32 && !is_small_positive(&bytes) {
        let reason = format!("{what} is not a number from 0 to 1");
        return Err(GgufError::new(GgufErrorKind::Malformed, reason).at(at));
    }
    Ok(Value::Number(kind, kind.number(&bytes)))
}

/// llama.cpp ends its process over an epsilon that is negative or not a number.
fn is_small_positive(bytes: &[u8]) -> bool {
    let epsilon = bytes.first_chunk().map(|bits| f32::from_le_bytes(*bits));
    epsilon.is_some_and(|epsilon| (0.0..=1.0).contains(&epsilon))
}

fn kind(number: u32, what: &str, start: u64) -> Result<Kind, GgufError> {
    Kind::from_number(number).ok_or_else(|| {
        let reason = format!("{what} has the type {number}, which does not exist");
        GgufError::new(GgufErrorKind::Unsupported, reason).at(start)
    })
}

fn read_scalar<R: Read + Seek>(
    reader: &mut Reader<R>,
    kind: Kind,
    what: &str,
) -> Result<Vec<u8>, GgufError> {
    Ok(match kind.size() {
        Some(1) => reader.array::<1>(what)?.to_vec(),
        Some(2) => reader.array::<2>(what)?.to_vec(),
        Some(4) => reader.array::<4>(what)?.to_vec(),
        _ => reader.array::<8>(what)?.to_vec(),
    })
}

fn read_text<R: Read + Seek>(
    reader: &mut Reader<R>,
    key: &str,
    what: &str,
) -> Result<Option<String>, GgufError> {
    let limit = if key.starts_with(CHAT_TEMPLATE) {
        limits::TEMPLATE_BYTES
    } else {
        limits::STRING_BYTES
    };
    let text = reader.string(limit, what)?;
    Ok((text.len() as u64 <= limits::KEPT_STRING_BYTES).then_some(text))
}

fn read_array<R: Read + Seek>(
    reader: &mut Reader<R>,
    key: &str,
    what: &str,
    strings_left: &mut u64,
) -> Result<Value, GgufError> {
    let start = reader.position();
    let number = reader.u32(what)?;
    if number == ARRAY {
        let reason = format!("{what} is a list of lists, which no model uses");
        return Err(GgufError::new(GgufErrorKind::Unsupported, reason).at(start));
    }
    let kind = kind(number, what, start)?;
    let len = reader.u64(what)?;
    let numbers = if let Some(size) = kind.size() {
        read_numbers(reader, kind, size, len, what)?
    } else {
        read_strings(reader, key, len, strings_left)?;
        None
    };
    Ok(Value::Array { kind, len, numbers })
}

fn read_numbers<R: Read + Seek>(
    reader: &mut Reader<R>,
    kind: Kind,
    size: u64,
    len: u64,
    what: &str,
) -> Result<Option<Vec<u64>>, GgufError> {
    if len > limits::KEPT_NUMBERS {
        reader.skip(len.saturating_mul(size), what)?;
        return Ok(None);
    }
    let mut numbers = Some(Vec::new());
    for _ in 0..len {
        let number = kind.number(&read_scalar(reader, kind, what)?);
        numbers = numbers.zip(number).map(|(mut list, number)| {
            list.push(number);
            list
        });
    }
    Ok(numbers)
}

fn read_strings<R: Read + Seek>(
    reader: &mut Reader<R>,
    key: &str,
    len: u64,
    strings_left: &mut u64,
) -> Result<(), GgufError> {
    let start = reader.position();
    let is_vocabulary = key == TOKENS;
    let limit = if is_vocabulary {
        limits::VOCABULARY
    } else {
        *strings_left
    };
    if len > limit.min(*strings_left) {
        let reason = format!("“{key}” has {len} entries, which is more than any real model's");
        return Err(GgufError::new(GgufErrorKind::Limit, reason).at(start));
    }
    *strings_left -= len;
    let what = format!("an entry of “{key}”");
    let mut vocabulary = is_vocabulary.then(Vocabulary::default);
    let mut buffer = Vec::new();
    for index in 0..len {
        let at = reader.position();
        let text = reader.string_into(limits::ARRAY_STRING_BYTES, &what, &mut buffer)?;
        if let Some(vocabulary) = &mut vocabulary {
            vocabulary.add(index, text).map_err(|error| error.at(at))?;
        }
    }
    Ok(())
}

//! Builds GGUF files as lists of fields, so that a test can spoil any one of them.

use std::path::{Path, PathBuf};

/// One field of a file's header.
#[derive(Debug, Clone)]
pub(crate) enum Field {
    /// A count, type, version or other number of 4 bytes.
    U32(u32),
    /// A count, length, dimension or offset.
    U64(u64),
    /// Bytes as they are: the text of a string, a value.
    Bytes(Vec<u8>),
}

/// A file to be: the header's fields, then data.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub(crate) fields: Vec<Field>,
    pub(crate) data: usize,
}

impl Draft {
    pub(crate) fn new(n_tensors: u64, n_keys: u64) -> Self {
        let mut draft = Self::default();
        draft.fields.push(Field::Bytes(b"GGUF".to_vec()));
        draft.fields.push(Field::U32(3));
        draft.fields.push(Field::U64(n_tensors));
        draft.fields.push(Field::U64(n_keys));
        draft
    }

    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        self.fields.push(Field::U64(text.len() as u64));
        self.fields.push(Field::Bytes(text.as_bytes().to_vec()));
        self
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.string(key).fields.push(Field::U32(8));
        self.string(value)
    }

    pub(crate) fn number(&mut self, key: &str, value: u32) -> &mut Self {
        self.string(key).fields.push(Field::U32(4));
        self.fields.push(Field::U32(value));
        self
    }

    pub(crate) fn texts(&mut self, key: &str, values: &[&str]) -> &mut Self {
        self.array(key, 8, values.len());
        for value in values {
            self.string(value);
        }
        self
    }

    pub(crate) fn numbers(&mut self, key: &str, kind: u32, values: &[u32]) -> &mut Self {
        self.array(key, kind, values.len());
        self.fields
            .extend(values.iter().map(|value| Field::U32(*value)));
        self
    }

    pub(crate) fn array(&mut self, key: &str, kind: u32, len: usize) -> &mut Self {
        self.string(key).fields.push(Field::U32(9));
        self.fields.push(Field::U32(kind));
        self.fields.push(Field::U64(len as u64));
        self
    }

    pub(crate) fn tensor(&mut self, name: &str, dims: &[u64], kind: u32, offset: u64) -> &mut Self {
        self.string(name)
            .fields
            .push(Field::U32(u32::try_from(dims.len()).expect("few")));
        self.fields.extend(dims.iter().map(|dim| Field::U64(*dim)));
        self.fields.push(Field::U32(kind));
        self.fields.push(Field::U64(offset));
        self
    }

    pub(crate) fn header(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for field in &self.fields {
            match field {
                Field::U32(number) => out.extend(number.to_le_bytes()),
                Field::U64(number) => out.extend(number.to_le_bytes()),
                Field::Bytes(bytes) => out.extend(bytes),
            }
        }
        out
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = self.header();
        out.resize(out.len().next_multiple_of(32) + self.data, 0);
        out
    }

    pub(crate) fn write(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, self.bytes()).expect("the folder can be written");
        path
    }
}

/// The settings of a sound model.
pub(crate) const N_KEYS: u64 = 11;

/// A sound model with a vocabulary of four entries and two tensors.
pub(crate) fn sound() -> Draft {
    let mut draft = Draft::new(2, N_KEYS);
    draft
        .text("general.architecture", "llama")
        .text("general.name", "tiny")
        .number("general.alignment", 32)
        .number("general.file_type", 15)
        .number("llama.context_length", 512)
        .number("llama.embedding_length", 64)
        .number("llama.block_count", 2)
        .number("llama.attention.head_count", 4)
        .texts("tokenizer.ggml.tokens", &["<s>", "a", "سلام", ""])
        .numbers("tokenizer.ggml.token_type", 5, &[3, 1, 1, 1])
        .text("tokenizer.chat_template", "{{ messages }}")
        .tensor("token_embd.weight", &[64, 4], 0, 0)
        .tensor("output.weight", &[256, 3], 12, 1024);
    draft.data = 1024 + 3 * 144;
    draft
}

/// One part of a split model: its first has the settings, all have one tensor.
pub(crate) fn part(number: u32, count: u32, n_tensors: u32) -> Draft {
    let first = number == 0;
    let mut draft = Draft::new(1, if first { 8 } else { 3 });
    if first {
        draft
            .text("general.architecture", "llama")
            .number("llama.context_length", 512)
            .number("llama.embedding_length", 64)
            .number("llama.block_count", 2)
            .texts("tokenizer.ggml.tokens", &["a", "b"]);
    }
    draft
        .number("split.no", number)
        .number("split.count", count)
        .number("split.tensors.count", n_tensors)
        .tensor(&format!("blk.{number}.weight"), &[8], 0, 0);
    draft.data = 32;
    draft
}

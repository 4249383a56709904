//! What a checked model file says of itself.

use std::path::PathBuf;

use serde::Serialize;

use crate::error::{GgufError, GgufErrorKind};
use crate::header::{Header, Tensor};
use crate::limits;
use crate::metadata::{CHAT_TEMPLATE, Kind, Metadata, TOKENS, Value};
use crate::tensor_type::file_type_name;

/// A sound model file, all its parts included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// `general.architecture`: `llama`, `qwen3`, ...
    pub architecture: String,
    /// `general.name`; empty where there is none.
    pub name: String,
    /// Tensors in all parts.
    pub n_tensors: u64,
    /// Weights in all tensors.
    pub n_params: u64,
    /// Name of the quantisation, as in `Q4_K_M`.
    pub quantization: String,
    /// Tokens of context that the model was trained for.
    pub context_length: u64,
    /// Layers.
    pub block_count: u64,
    /// Entries of the vocabulary.
    pub n_vocab: u64,
    /// Whether it brings a chat template.
    pub has_chat_template: bool,
    /// Its files; the first is the one to load.
    pub parts: Vec<PathBuf>,
    /// Size of all its files.
    pub size_bytes: u64,
    /// Whether it is a model of several files.
    pub split: bool,
    /// The numbers that decide how much memory it needs.
    pub shape: Shape,
}

/// The numbers that decide how much memory a model needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// Bytes of the tensors' data.
    pub weight_bytes: u64,
    /// Numbers that the KV cache keeps for each token, over all layers.
    pub kv_numbers_per_token: u64,
    /// Width of the residual stream.
    pub embedding_length: u64,
    /// Width of the widest feed-forward layer.
    pub feed_forward_length: u64,
}

/// Checks that a first or only part is a language model, and says what it is.
pub(crate) fn report(header: &Header) -> Result<Report, GgufError> {
    let metadata = &header.metadata;
    let architecture = architecture(metadata)?;
    if header.tensors.is_empty() {
        return Err(no_model("it holds a vocabulary without a model"));
    }
    let n_vocab = check_vocabulary(metadata)?;
    let number = |name: &str| needed_number(metadata, &format!("{architecture}.{name}"));
    let block_count = number("block_count")?;
    if !(1..=limits::LAYERS).contains(&block_count) {
        let reason = format!("it claims to have {block_count} layers; 1 to 512 are possible");
        return Err(GgufError::new(GgufErrorKind::Limit, reason));
    }
    let n_experts = metadata.number(&format!("{architecture}.expert_count"));
    if n_experts.is_some_and(|count| count > limits::EXPERTS) {
        let reason = "it claims to have more than 1,024 experts";
        return Err(GgufError::new(GgufErrorKind::Limit, reason));
    }
    let embedding_length = number("embedding_length")?;
    let mut report = Report {
        name: metadata.text("general.name").unwrap_or_default().to_owned(),
        n_tensors: 0,
        n_params: 0,
        quantization: quantization(header),
        context_length: number("context_length")?,
        block_count,
        n_vocab,
        has_chat_template: metadata.has(CHAT_TEMPLATE),
        parts: Vec::new(),
        size_bytes: 0,
        split: false,
        shape: Shape {
            weight_bytes: 0,
            kv_numbers_per_token: kv_numbers(
                metadata,
                &architecture,
                block_count,
                embedding_length,
            ),
            embedding_length,
            feed_forward_length: widest(metadata, &architecture, block_count),
        },
        architecture,
    };
    report.add(header);
    Ok(report)
}

impl Report {
    /// Counts the tensors of a part in.
    pub(crate) fn add(&mut self, header: &Header) {
        let sum =
            |of: fn(&Tensor) -> u64| header.tensors.iter().map(of).fold(0, u64::saturating_add);
        self.n_tensors += header.tensors.len() as u64;
        self.n_params = self.n_params.saturating_add(sum(|tensor| tensor.weights));
        self.shape.weight_bytes += sum(|tensor| tensor.bytes);
        self.size_bytes += header.file_bytes;
    }
}

fn no_model(reason: &str) -> GgufError {
    GgufError::new(GgufErrorKind::NotALanguageModel, reason)
}

fn architecture(metadata: &Metadata) -> Result<String, GgufError> {
    let kind = metadata.text("general.type").unwrap_or("model");
    let architecture = metadata.text("general.architecture");
    match (kind, architecture) {
        ("adapter", _) => Err(no_model(
            "it is an adapter (LoRA), which changes a model but is none",
        )),
        ("imatrix", _) => Err(no_model(
            "it is an importance matrix, which helps to make a model but is none",
        )),
        ("mmproj", _) | (_, Some("clip")) => Err(no_model(
            "it is the vision part (mmproj) of a model, not the model itself",
        )),
        (_, Some(name)) if !name.is_empty() => Ok(name.to_owned()),
        _ => Err(GgufError::new(
            GgufErrorKind::Malformed,
            "it does not say what architecture it has (“general.architecture”)",
        )),
    }
}

fn needed_number(metadata: &Metadata, key: &str) -> Result<u64, GgufError> {
    metadata.number(key).ok_or_else(|| {
        let reason = format!("it lacks the number “{key}”");
        GgufError::new(GgufErrorKind::Malformed, reason)
    })
}

/// The lists that belong to a vocabulary must reach as far as it does.
fn check_vocabulary(metadata: &Metadata) -> Result<u64, GgufError> {
    let n_vocab = match metadata.get(TOKENS) {
        Some(Value::Array {
            kind: Kind::String,
            len,
            ..
        }) if *len > 0 => *len,
        Some(_) => {
            let reason = format!("“{TOKENS}” is not a list of texts");
            return Err(GgufError::new(GgufErrorKind::Malformed, reason));
        }
        None => return Err(no_model("it has no vocabulary, so it can't read or write")),
    };
    for (key, kinds) in [
        ("tokenizer.ggml.scores", &[Kind::F32, Kind::I32][..]),
        ("tokenizer.ggml.token_type", &[Kind::I32]),
    ] {
        let fits = match metadata.get(key) {
            None => true,
            Some(Value::Array { kind, len, .. }) => kinds.contains(kind) && *len >= n_vocab,
            Some(_) => false,
        };
        if !fits {
            let reason = format!("“{key}” does not fit the vocabulary of {n_vocab} entries");
            return Err(GgufError::new(GgufErrorKind::Malformed, reason));
        }
    }
    Ok(n_vocab)
}

/// What the file says, else the type that most of its bytes have.
fn quantization(header: &Header) -> String {
    let stated = header.metadata.number("general.file_type");
    if let Some(name) = stated.and_then(file_type_name) {
        return name.to_owned();
    }
    let mut bytes_by_type: Vec<(&str, u64)> = Vec::new();
    for tensor in &header.tensors {
        match bytes_by_type
            .iter_mut()
            .find(|(name, _)| *name == tensor.kind.name)
        {
            Some((_, bytes)) => *bytes += tensor.bytes,
            None => bytes_by_type.push((tensor.kind.name, tensor.bytes)),
        }
    }
    let most = bytes_by_type.into_iter().max_by_key(|(_, bytes)| *bytes);
    most.map_or_else(String::new, |(name, _)| name.to_owned())
}

/// Keys and values that each token leaves in the cache, over all layers that have attention.
fn kv_numbers(metadata: &Metadata, architecture: &str, layers: u64, width: u64) -> u64 {
    let key = |name: &str| format!("{architecture}.{name}");
    let (heads, heads_kv) = (key("attention.head_count"), key("attention.head_count_kv"));
    let key_length = metadata.number(&key("attention.key_length"));
    let value_length = metadata.number(&key("attention.value_length"));
    // Hybrid models attend in every n-th layer only.
    let interval = metadata
        .number(&key("full_attention_interval"))
        .filter(|interval| *interval > 0)
        .unwrap_or(1);
    (0..layers)
        .filter(|layer| (layer + 1) % interval == 0)
        .map(|layer| {
            let n_heads = metadata.number_of_layer(&heads, layer).unwrap_or(0);
            let n_kv = metadata
                .number_of_layer(&heads_kv, layer)
                .unwrap_or(n_heads);
            let head_width = width.checked_div(n_heads).unwrap_or(0);
            let both = key_length
                .unwrap_or(head_width)
                .saturating_add(value_length.unwrap_or(head_width));
            n_kv.saturating_mul(both)
        })
        .fold(0, u64::saturating_add)
}

fn widest(metadata: &Metadata, architecture: &str, layers: u64) -> u64 {
    let key = format!("{architecture}.feed_forward_length");
    (0..layers)
        .filter_map(|layer| metadata.number_of_layer(&key, layer))
        .max()
        .unwrap_or(0)
}

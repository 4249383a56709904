//! A writer of tiny GGUF models.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// A control token of every model written here.
pub(crate) const TURN: &str = "<|turn|>";
/// A control token of gpt-oss, which llama.cpp makes a user-defined one.
pub(crate) const START: &str = "<|start|>";
/// The number of [`START`].
pub(crate) const START_TOKEN: i32 = 261;
/// The number of [`TURN`].
pub(crate) const TURN_TOKEN: i32 = 3;
/// The number of the beginning-of-text token.
pub(crate) const BOS_TOKEN: i32 = 1;
/// The number of the end-of-text token.
pub(crate) const END_TOKEN: i32 = 2;
/// The number of the token for byte 0; the other bytes follow.
pub(crate) const FIRST_BYTE_TOKEN: usize = 5;

/// What fills the tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weights {
    /// The model writes this text's bytes in a circle (each byte may occur once only); after
    /// the last one it ends where `ends`, else it goes on with the first.
    Circle { text: &'static str, ends: bool },
    /// Pseudo-random numbers: what is written depends on everything before.
    Random,
    /// Zeros that take no room on the disk, for models that are only to be slow.
    Zero,
    /// Not-a-number in every logit.
    Broken,
}

/// A model of the `llama` architecture with a byte vocabulary.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TinyModel {
    pub(crate) weights: Weights,
    pub(crate) layers: usize,
    pub(crate) width: usize,
    pub(crate) feed_forward: usize,
    pub(crate) context: u32,
    pub(crate) template: Option<&'static str>,
}

impl TinyModel {
    pub(crate) fn new(weights: Weights) -> Self {
        Self {
            weights,
            layers: 2,
            width: 64,
            feed_forward: 64,
            context: 1024,
            template: None,
        }
    }

    /// Takes about a second for a prompt of 512 tokens.
    pub(crate) fn slow() -> Self {
        let small = Self::new(Weights::Zero);
        Self {
            layers: 8,
            width: 768,
            feed_forward: 2048,
            context: 8192,
            ..small
        }
    }

    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let vocabulary = vocabulary();
        let tensors = self.tensors(vocabulary.len());
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(b"GGUF")?;
        file.write_all(&3_u32.to_le_bytes())?;
        file.write_all(&(tensors.len() as u64).to_le_bytes())?;
        let pairs = self.pairs(&vocabulary);
        file.write_all(&(pairs.len() as u64).to_le_bytes())?;
        for (key, value) in &pairs {
            put_text(&mut file, key)?;
            file.write_all(value)?;
        }
        let mut offset = 0_u64;
        for tensor in &tensors {
            tensor.put_header(&mut file, offset)?;
            offset += padded(tensor.bytes());
        }
        let start = padded(file.stream_position()?);
        let mut at = start;
        for tensor in &tensors {
            if self.weights != Weights::Zero || tensor.shape.len() == 1 {
                file.seek(SeekFrom::Start(at))?;
                self.put_data(&mut file, tensor)?;
            }
            at += padded(tensor.bytes());
        }
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .set_len(start + offset)
    }

    fn pairs(&self, vocabulary: &[(String, u32)]) -> Vec<(&'static str, Vec<u8>)> {
        let size = |value: usize| number(u32::try_from(value).expect("small"));
        let mut pairs = vec![
            ("general.architecture", text("llama")),
            ("general.name", text("tiny")),
            ("llama.context_length", number(self.context)),
            ("llama.embedding_length", size(self.width)),
            ("llama.block_count", size(self.layers)),
            ("llama.feed_forward_length", size(self.feed_forward)),
            ("llama.attention.head_count", number(4)),
            ("llama.attention.head_count_kv", number(4)),
            ("llama.attention.layer_norm_rms_epsilon", float(1e-5)),
            ("llama.rope.dimension_count", size(self.width / 4)),
            ("llama.vocab_size", size(vocabulary.len())),
            ("tokenizer.ggml.model", text("llama")),
            (
                "tokenizer.ggml.tokens",
                array(8, vocabulary.iter().map(|(t, _)| plain_text(t))),
            ),
            (
                "tokenizer.ggml.scores",
                array(6, vocabulary.iter().map(|_| 0_f32.to_le_bytes().to_vec())),
            ),
            (
                "tokenizer.ggml.token_type",
                array(
                    5,
                    vocabulary
                        .iter()
                        .map(|(_, kind)| kind.to_le_bytes().to_vec()),
                ),
            ),
            ("tokenizer.ggml.bos_token_id", number(1)),
            ("tokenizer.ggml.eos_token_id", number(2)),
            ("tokenizer.ggml.unknown_token_id", number(0)),
            ("tokenizer.ggml.add_bos_token", vec![7, 0, 0, 0, 1]),
            ("tokenizer.ggml.add_space_prefix", vec![7, 0, 0, 0, 0]),
        ];
        if let Some(template) = self.template {
            pairs.push(("tokenizer.chat_template", text(template)));
        }
        pairs
    }

    fn tensors(&self, n_vocab: usize) -> Vec<Tensor> {
        let (width, wide) = (self.width, self.feed_forward);
        let mut tensors = vec![
            Tensor::new("token_embd.weight".into(), &[width, n_vocab]),
            Tensor::new("output_norm.weight".into(), &[width]),
            Tensor::new("output.weight".into(), &[width, n_vocab]),
        ];
        for layer in 0..self.layers {
            let name = |part: &str| format!("blk.{layer}.{part}.weight");
            tensors.extend([
                Tensor::new(name("attn_norm"), &[width]),
                Tensor::new(name("ffn_norm"), &[width]),
                Tensor::new(name("attn_q"), &[width, width]),
                Tensor::new(name("attn_k"), &[width, width]),
                Tensor::new(name("attn_v"), &[width, width]),
                Tensor::new(name("attn_output"), &[width, width]),
                Tensor::new(name("ffn_gate"), &[width, wide]),
                Tensor::new(name("ffn_up"), &[width, wide]),
                Tensor::new(name("ffn_down"), &[wide, width]),
            ]);
        }
        tensors
    }

    fn put_data(&self, file: &mut impl Write, tensor: &Tensor) -> io::Result<()> {
        let values = self.values(tensor);
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        file.write_all(&bytes)
    }

    fn values(&self, tensor: &Tensor) -> Vec<f32> {
        let count = tensor.shape.iter().product();
        if tensor.shape.len() == 1 {
            return vec![1.0; count];
        }
        match self.weights {
            Weights::Zero => vec![0.0; count],
            Weights::Broken if tensor.name == "output.weight" => vec![f32::NAN; count],
            Weights::Random | Weights::Broken => noise(&tensor.name, count, 0.3),
            Weights::Circle { text, ends } => self.circle(tensor, text, ends),
        }
    }

    /// The layers add nothing, so the logits are products of the last token's embedding and the
    /// rows of the output matrix: the row of what follows a token holds that token's embedding.
    fn circle(&self, tensor: &Tensor, text: &str, ends: bool) -> Vec<f32> {
        let width = self.width;
        let embedding = noise_signs("token_embd.weight", width * tensor.shape[1]);
        match tensor.name.as_str() {
            "token_embd.weight" => embedding,
            "output.weight" => {
                let tokens: Vec<usize> = text
                    .bytes()
                    .map(|byte| FIRST_BYTE_TOKEN + usize::from(byte))
                    .collect();
                let after_last = if ends {
                    END_TOKEN.unsigned_abs() as usize
                } else {
                    tokens[0]
                };
                let mut rows = vec![0.0; embedding.len()];
                for (at, &token) in tokens.iter().enumerate() {
                    let next = *tokens.get(at + 1).unwrap_or(&after_last);
                    for column in 0..width {
                        rows[next * width + column] += embedding[token * width + column] / 4.0;
                    }
                }
                rows
            }
            _ => vec![0.0; tensor.shape.iter().product()],
        }
    }
}

struct Tensor {
    name: String,
    shape: Vec<usize>,
}

impl Tensor {
    fn new(name: String, shape: &[usize]) -> Self {
        Self {
            name,
            shape: shape.to_vec(),
        }
    }

    fn bytes(&self) -> u64 {
        4 * self.shape.iter().product::<usize>() as u64
    }

    fn put_header(&self, file: &mut impl Write, offset: u64) -> io::Result<()> {
        put_text(file, &self.name)?;
        let dimensions = u32::try_from(self.shape.len()).expect("small");
        file.write_all(&dimensions.to_le_bytes())?;
        for &size in &self.shape {
            file.write_all(&(size as u64).to_le_bytes())?;
        }
        file.write_all(&0_u32.to_le_bytes())?; // f32
        file.write_all(&offset.to_le_bytes())
    }
}

/// Texts and types (1 normal, 2 unknown, 3 control, 4 user-defined, 6 byte), in the order of their numbers.
fn vocabulary() -> Vec<(String, u32)> {
    let mut tokens: Vec<(String, u32)> = vec![
        ("<unk>".into(), 2),
        ("<s>".into(), 3),
        ("</s>".into(), 3),
        (TURN.into(), 3),
        ("\u{2581}".into(), 1),
    ];
    tokens.extend((0..256).map(|byte| (format!("<0x{byte:02X}>"), 6)));
    tokens.push((START.into(), 4));
    tokens
}

fn padded(size: u64) -> u64 {
    size.next_multiple_of(32)
}

fn plain_text(value: &str) -> Vec<u8> {
    let mut bytes = (value.len() as u64).to_le_bytes().to_vec();
    bytes.extend(value.as_bytes());
    bytes
}

fn put_text(file: &mut impl Write, value: &str) -> io::Result<()> {
    file.write_all(&plain_text(value))
}

fn typed(kind: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(value);
    bytes
}

fn text(value: &str) -> Vec<u8> {
    typed(8, &plain_text(value))
}

fn number(value: u32) -> Vec<u8> {
    typed(4, &value.to_le_bytes())
}

fn float(value: f32) -> Vec<u8> {
    typed(6, &value.to_le_bytes())
}

fn array(kind: u32, items: impl ExactSizeIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((items.len() as u64).to_le_bytes());
    items.for_each(|item| bytes.extend(item));
    typed(9, &bytes)
}

/// Numbers of a linear congruential generator that starts from the name.
fn random(name: &str) -> impl Iterator<Item = u32> {
    let mut state = name
        .bytes()
        .fold(7_u64, |s, byte| s.wrapping_mul(31) + u64::from(byte));
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as u32
    })
}

fn noise(name: &str, count: usize, scale: f32) -> Vec<f32> {
    let span = f32::from(u16::MAX);
    let unit = |value: u32| f32::from(u16::try_from(value & 0xffff).expect("16 bits")) / span;
    random(name)
        .take(count)
        .map(|value| (unit(value) - 0.5) * 2.0 * scale)
        .collect()
}

fn noise_signs(name: &str, count: usize) -> Vec<f32> {
    random(name)
        .take(count)
        .map(|value| if value & 64 == 0 { 1.0 } else { -1.0 })
        .collect()
}

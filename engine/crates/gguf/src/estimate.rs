//! How much memory a model will need, from its header alone.

use serde::Serialize;

use crate::report::Report;

/// Tokens that llama.cpp computes at once while it reads a prompt (its default `n_ubatch`).
const TOKENS_AT_ONCE: u64 = 512;
/// The KV cache is kept for a multiple of this many tokens.
const CACHE_STEP: u64 = 256;

/// How the numbers of the KV cache are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KvType {
    /// 32-bit floating point.
    F32,
    /// 16-bit floating point: llama.cpp's default.
    F16,
    /// 8.5 bits each.
    Q8_0,
    /// 4.5 bits each.
    Q4_0,
}

impl KvType {
    /// Bytes of 32 numbers.
    const fn bytes_of_32(self) -> u64 {
        match self {
            Self::F32 => 128,
            Self::F16 => 64,
            Self::Q8_0 => 34,
            Self::Q4_0 => 18,
        }
    }
}

/// Bytes of memory by use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MemoryNeed {
    /// The tensors.
    pub weights: u64,
    /// Keys and values of the whole context.
    pub kv_cache: u64,
    /// Buffers for intermediate results.
    pub compute: u64,
}

impl MemoryNeed {
    /// All together.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.weights
            .saturating_add(self.kv_cache)
            .saturating_add(self.compute)
    }
}

/// Estimates what a model needs with a context of `n_ctx` tokens, all of it on one device and
/// with flash attention.
///
/// The weights are exact. The cache is exact for plain attention, and an upper bound for models
/// with sliding windows. The buffers hold, for 512 tokens at once, the widest step (the logits,
/// or the three intermediate results of the feed-forward layer), some copies of the residual
/// stream, and the mask over the context; llama.cpp's own allocation for a model of 1.2 billion
/// weights lies 0 to 2 % below that.
#[must_use]
pub fn estimate(report: &Report, n_ctx: u32, kv: KvType) -> MemoryNeed {
    let shape = &report.shape;
    let cached = u64::from(n_ctx).next_multiple_of(CACHE_STEP);
    let widest = report
        .n_vocab
        .max(shape.feed_forward_length.saturating_mul(3));
    let numbers_per_token = widest
        .saturating_add(shape.embedding_length.saturating_mul(5))
        .saturating_add(cached);
    MemoryNeed {
        weights: shape.weight_bytes,
        kv_cache: shape
            .kv_numbers_per_token
            .saturating_mul(cached)
            .div_ceil(32)
            .saturating_mul(kv.bytes_of_32()),
        compute: numbers_per_token.saturating_mul(TOKENS_AT_ONCE * size_of::<f32>() as u64),
    }
}

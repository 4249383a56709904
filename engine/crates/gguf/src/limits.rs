//! How much of everything a file may hold. Each limit lies well above the largest known model
//! and well below what would cost memory or time.

/// Bytes before the tensors' data: metadata with a vocabulary of 260,000 tokens takes 20 MiB.
pub(crate) const HEADER_BYTES: u64 = 128 << 20;
/// Metadata keys; models have under 100.
pub(crate) const KEYS: u64 = 4096;
/// Bytes of a key; the format allows 65,535, models use under 100.
pub(crate) const KEY_BYTES: u64 = 1024;
/// Bytes of a string outside the vocabulary, chat templates excepted.
pub(crate) const STRING_BYTES: u64 = 1 << 20;
/// Bytes of a chat template; the largest known ones have 30,000.
pub(crate) const TEMPLATE_BYTES: u64 = 256 << 10;
/// Bytes of one string of an array: a vocabulary entry, a merge rule.
pub(crate) const ARRAY_STRING_BYTES: u64 = 64 << 10;
/// Strings in all arrays together; Gemma has 780,000.
pub(crate) const ARRAY_STRINGS: u64 = 4 << 20;
/// Entries of the vocabulary; Gemma has 262,208.
pub(crate) const VOCABULARY: u64 = 1 << 20;
/// Strings up to this many bytes are kept; of longer ones only the length is.
pub(crate) const KEPT_STRING_BYTES: u64 = 4096;
/// Arrays of numbers up to this many entries are kept (one for each layer).
pub(crate) const KEPT_NUMBERS: u64 = 1024;
/// Tensors; `DeepSeek` V3 has 1,025, and files from before experts were merged have thousands.
pub(crate) const TENSORS: u64 = 65_536;
/// Bytes of a tensor's name: `GGML_MAX_NAME` less the closing zero.
pub(crate) const TENSOR_NAME_BYTES: u64 = 63;
/// Dimensions of a tensor: `GGML_MAX_DIMS`.
pub(crate) const DIMS: u32 = 4;
/// Largest alignment of the data; files use 32, some 64 or 4,096.
pub(crate) const ALIGNMENT: u64 = 64 << 10;
/// Layers: `LLAMA_MAX_LAYERS`, beyond which llama.cpp ends its process.
pub(crate) const LAYERS: u64 = 512;
/// Experts: `LLAMA_MAX_EXPERTS`, likewise.
pub(crate) const EXPERTS: u64 = 1024;
/// Parts of a split model; the largest known has under 100.
pub(crate) const PARTS: u16 = 512;
/// Bytes of a safetensors header; the reference reader allows 100 MB, files have under 1 MB.
pub(crate) const SAFETENSORS_HEADER_BYTES: u64 = 16 << 20;

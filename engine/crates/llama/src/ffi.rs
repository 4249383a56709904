//! The functions of `shim/llama_shim.h`, as declared there; see it for what each one does.

use std::ffi::{c_char, c_void};

// The llama.cpp libraries are linked through this crate.
use llama_cpp_sys_2 as _;

/// Error codes of the shim.
pub(crate) const OK: i32 = 0;
pub(crate) const CANCELLED: i32 = 2;
pub(crate) const OUT_OF_MEMORY: i32 = 3;

#[repr(C)]
pub(crate) struct Model {
    _opaque: [u8; 0],
}

#[repr(C)]
pub(crate) struct Context {
    _opaque: [u8; 0],
}

#[repr(C)]
pub(crate) struct Sampler {
    _opaque: [u8; 0],
}

#[repr(C)]
pub(crate) struct Error {
    pub(crate) code: i32,
    pub(crate) text: [c_char; 2048],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) path: *const c_char,
    pub(crate) n_gpu_layers: i32,
    pub(crate) n_ctx: u32,
    pub(crate) n_batch: u32,
    pub(crate) n_ubatch: u32,
    pub(crate) n_seq_max: u32,
    pub(crate) n_threads: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    pub(crate) host_needed: u64,
    pub(crate) devices_fit: i32,
    pub(crate) n_devices: i32,
    pub(crate) n_layers: u32,
    pub(crate) n_ctx_train: u32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Facts {
    pub(crate) n_ctx_train: u32,
    pub(crate) n_vocab: u32,
    pub(crate) n_params: u64,
    pub(crate) size_bytes: u64,
    pub(crate) bos: i32,
    pub(crate) eos: i32,
    pub(crate) add_bos: bool,
    pub(crate) has_vocab: bool,
    pub(crate) has_encoder: bool,
    pub(crate) has_decoder: bool,
    pub(crate) is_diffusion: bool,
}

#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct Sampling {
    pub(crate) temperature: f32,
    pub(crate) top_k: i32,
    pub(crate) top_p: f32,
    pub(crate) min_p: f32,
    pub(crate) repeat_penalty: f32,
    pub(crate) repeat_last_n: i32,
    pub(crate) presence_penalty: f32,
    pub(crate) frequency_penalty: f32,
    pub(crate) seed: u32,
    pub(crate) ignore_eos: bool,
}

pub(crate) type ProgressFn = extern "C" fn(progress: f32, data: *mut c_void) -> bool;
pub(crate) type AbortFn = extern "C" fn(data: *mut c_void) -> bool;

unsafe extern "C" {
    pub(crate) fn hearth_start(dir: *const c_char, error: *mut Error) -> i32;
    pub(crate) fn hearth_cpu_name(buffer: *mut c_char, size: usize);
    pub(crate) fn hearth_gpu_name(buffer: *mut c_char, size: usize);
    pub(crate) fn hearth_host_memory() -> u64;
    pub(crate) fn hearth_measure(plan: *const Plan, memory: *mut Memory, error: *mut Error) -> i32;

    pub(crate) fn hearth_model_load(
        plan: *const Plan,
        progress: ProgressFn,
        data: *mut c_void,
        error: *mut Error,
    ) -> *mut Model;
    pub(crate) fn hearth_model_free(model: *mut Model);
    pub(crate) fn hearth_model_facts(model: *const Model, facts: *mut Facts);
    pub(crate) fn hearth_model_description(model: *const Model, buffer: *mut c_char, size: usize);
    pub(crate) fn hearth_model_template(model: *const Model) -> *const c_char;

    pub(crate) fn hearth_token_is_control(model: *const Model, token: i32) -> bool;
    pub(crate) fn hearth_token_is_user_defined(model: *const Model, token: i32) -> bool;
    pub(crate) fn hearth_token_is_end(model: *const Model, token: i32) -> bool;
    pub(crate) fn hearth_token_piece(
        model: *const Model,
        token: i32,
        special: bool,
        buffer: *mut c_char,
        size: i32,
        error: *mut Error,
    ) -> i32;
    pub(crate) fn hearth_tokenize(
        model: *const Model,
        text: *const c_char,
        text_size: i32,
        parse_special: bool,
        tokens: *mut i32,
        n_tokens_max: i32,
        error: *mut Error,
    ) -> i32;

    pub(crate) fn hearth_context_new(
        model: *const Model,
        plan: *const Plan,
        abort: AbortFn,
        data: *mut c_void,
        error: *mut Error,
    ) -> *mut Context;
    pub(crate) fn hearth_context_free(context: *mut Context);
    pub(crate) fn hearth_context_size(context: *const Context) -> u32;
    pub(crate) fn hearth_context_batch(context: *const Context) -> u32;
    pub(crate) fn hearth_decode(
        context: *mut Context,
        tokens: *const i32,
        positions: *const i32,
        sequences: *const i32,
        logits: *const i8,
        n_tokens: i32,
        error: *mut Error,
    ) -> i32;
    pub(crate) fn hearth_truncate(
        context: *mut Context,
        sequence: i32,
        from: i32,
        error: *mut Error,
    ) -> i32;

    pub(crate) fn hearth_sampler_new(
        model: *const Model,
        sampling: *const Sampling,
        error: *mut Error,
    ) -> *mut Sampler;
    pub(crate) fn hearth_sampler_free(sampler: *mut Sampler);
    pub(crate) fn hearth_sampler_accept(
        sampler: *mut Sampler,
        token: i32,
        error: *mut Error,
    ) -> i32;
    pub(crate) fn hearth_sample(
        sampler: *mut Sampler,
        context: *mut Context,
        index: i32,
        error: *mut Error,
    ) -> i32;
}

// What llama.cpp is asked for with a plan; the same for measuring as for loading.
#pragma once

#include "llama_shim.h"

#include "llama.h"

namespace hearth {

inline llama_model_params model_params(const hearth_plan & plan) {
    llama_model_params params = llama_model_default_params();
    params.n_gpu_layers = plan.n_gpu_layers;
    return params;
}

inline llama_context_params context_params(const hearth_plan & plan) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = plan.n_ctx;
    params.n_batch = plan.n_batch;
    params.n_ubatch = plan.n_ubatch;
    params.n_seq_max = plan.n_seq_max;
    // Only the last token of each sequence is ever sampled: without this the logits buffer is
    // n_batch rows of the vocabulary, hundreds of megabytes for a large one.
    params.n_outputs_max = plan.n_seq_max;
    params.n_threads = plan.n_threads;
    params.n_threads_batch = plan.n_threads;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_AUTO;
    params.swa_full = false;
    params.no_perf = true;
    return params;
}

} // namespace hearth

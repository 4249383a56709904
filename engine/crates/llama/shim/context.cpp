#include "guard.h"
#include "params.h"

#include "llama.h"

#include <algorithm>
#include <vector>

using namespace hearth;

namespace {

// Whether the cells that attention over a sliding window needs behind `from` are still there.
// llama.cpp drops them as the window moves on, and a cut does not bring them back.
bool window_is_whole(llama_context * ctx, llama_memory_t memory, int32_t sequence, int32_t from) {
    const int32_t n_swa = llama_model_n_swa(llama_get_model(ctx));
    const llama_pos first = llama_memory_seq_pos_min(memory, sequence);
    return first <= 0 || first < std::max(0, from - n_swa);
}

} // namespace

extern "C" {

hearth_context * hearth_context_new(
        const hearth_model * model, const hearth_plan * plan, hearth_abort_fn abort, void * data,
        hearth_error * error) {
    return guarded(error, (hearth_context *) nullptr, [&]() -> hearth_context * {
        llama_context_params params = context_params(*plan);
        params.abort_callback = abort;
        params.abort_callback_data = data;
        llama_context * context =
            llama_init_from_model(const_cast<llama_model *>(raw(model)), params);
        if (context == nullptr) {
            fail("llama.cpp can't make a context");
        }
        if (llama_get_memory(context) == nullptr) {
            llama_free(context);
            fail("it has no KV cache: a model for embeddings, not for writing text");
        }
        return reinterpret_cast<hearth_context *>(context);
    });
}

void hearth_context_free(hearth_context * context) {
    hearth_error error;
    guarded(&error, false, [&]() {
        llama_free(raw(context));
        return true;
    });
}

uint32_t hearth_context_size(const hearth_context * context) { return llama_n_ctx_seq(raw(context)); }

uint32_t hearth_context_batch(const hearth_context * context) { return llama_n_batch(raw(context)); }

int32_t hearth_decode(
        hearth_context * context, const int32_t * tokens, const int32_t * positions,
        const int32_t * sequences, const int8_t * logits, int32_t n_tokens, hearth_error * error) {
    return guarded(error, (int32_t) HEARTH_FAILED, [&]() -> int32_t {
        std::vector<int32_t> n_seq_ids(n_tokens, 1);
        std::vector<llama_seq_id *> seq_ids(n_tokens);
        for (int32_t i = 0; i < n_tokens; ++i) {
            seq_ids[i] = const_cast<llama_seq_id *>(&sequences[i]);
        }
        llama_batch batch = {};
        batch.n_tokens = n_tokens;
        batch.token = const_cast<llama_token *>(tokens);
        batch.pos = const_cast<llama_pos *>(positions);
        batch.n_seq_id = n_seq_ids.data();
        batch.seq_id = seq_ids.data();
        batch.logits = const_cast<int8_t *>(logits);
        const int32_t status = llama_decode(raw(context), batch);
        switch (status) {
            case 0: return HEARTH_OK;
            case 1: fail("no room in the KV cache for the batch");
            case 2: throw failure(HEARTH_CANCELLED, "aborted");
            case -2: throw failure(HEARTH_OUT_OF_MEMORY, "an allocation failed while computing");
            default: fail("llama.cpp can't compute the batch");
        }
    });
}

int32_t hearth_truncate(
        hearth_context * context, int32_t sequence, int32_t from, hearth_error * error) {
    return guarded(error, (int32_t) 0, [&]() -> int32_t {
        llama_context * ctx = raw(context);
        llama_memory_t memory = llama_get_memory(ctx);
        const llama_pos last = llama_memory_seq_pos_max(memory, sequence);
        if (last < from) {
            return last + 1; // nothing to cut
        }
        if (from > 0 && window_is_whole(ctx, memory, sequence, from) &&
            llama_memory_seq_rm(memory, sequence, from, -1)) {
            return from;
        }
        llama_memory_seq_rm(memory, sequence, -1, -1); // a whole sequence can always go
        return 0;
    });
}

} // extern "C"

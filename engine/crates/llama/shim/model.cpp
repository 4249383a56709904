#include "guard.h"
#include "params.h"

#include "llama.h"

#include <algorithm>

using namespace hearth;

extern "C" {

hearth_model * hearth_model_load(
        const hearth_plan * plan, hearth_progress_fn progress, void * data, hearth_error * error) {
    struct progress_state {
        hearth_progress_fn call;
        void * data;
        bool stopped;
    } state = { progress, data, false };

    return guarded(error, (hearth_model *) nullptr, [&]() -> hearth_model * {
        llama_model_params params = model_params(*plan);
        params.progress_callback = [](float done, void * user) {
            auto * s = static_cast<progress_state *>(user);
            s->stopped = s->stopped || !s->call(done, s->data);
            return !s->stopped;
        };
        params.progress_callback_user_data = &state;
        llama_model * model = llama_model_load_from_file(plan->path, params);
        if (model == nullptr) {
            throw failure(state.stopped ? HEARTH_CANCELLED : HEARTH_FAILED, "llama.cpp can't load it");
        }
        return reinterpret_cast<hearth_model *>(model);
    });
}

void hearth_model_free(hearth_model * model) {
    hearth_error error;
    guarded(&error, false, [&]() {
        llama_model_free(reinterpret_cast<llama_model *>(model));
        return true;
    });
}

void hearth_model_facts(const hearth_model * model, hearth_facts * facts) {
    *facts = {};
    facts->bos = -1;
    facts->eos = -1;
    hearth_error error;
    guarded(&error, false, [&]() {
        const llama_vocab * vocab = vocab_of(model);
        facts->n_ctx_train = (uint32_t) std::max(0, llama_model_n_ctx_train(raw(model)));
        facts->n_vocab = (uint32_t) std::max(0, llama_vocab_n_tokens(vocab));
        facts->n_params = llama_model_n_params(raw(model));
        facts->size_bytes = llama_model_size(raw(model));
        facts->has_vocab = llama_vocab_type(vocab) != LLAMA_VOCAB_TYPE_NONE;
        facts->has_encoder = llama_model_has_encoder(raw(model));
        facts->has_decoder = llama_model_has_decoder(raw(model));
        facts->is_diffusion = llama_model_is_diffusion(raw(model));
        facts->bos = llama_vocab_bos(vocab);
        facts->eos = llama_vocab_eos(vocab);
        facts->add_bos = llama_vocab_get_add_bos(vocab);
        return true;
    });
}

void hearth_model_description(const hearth_model * model, char * buffer, size_t size) {
    buffer[0] = '\0';
    hearth_error error;
    guarded(&error, false, [&]() {
        llama_model_desc(raw(model), buffer, size);
        return true;
    });
}

const char * hearth_model_template(const hearth_model * model) {
    hearth_error error;
    return guarded(&error, (const char *) nullptr, [&]() {
        return llama_model_chat_template(raw(model), nullptr);
    });
}

bool hearth_token_is_control(const hearth_model * model, int32_t token) {
    hearth_error error;
    return guarded(&error, true, [&]() {
        const auto attributes = llama_vocab_get_attr(vocab_of(model), token);
        return (attributes & (LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN)) != 0;
    });
}

bool hearth_token_is_user_defined(const hearth_model * model, int32_t token) {
    hearth_error error;
    return guarded(&error, true, [&]() {
        return (llama_vocab_get_attr(vocab_of(model), token) & LLAMA_TOKEN_ATTR_USER_DEFINED) != 0;
    });
}

bool hearth_token_is_end(const hearth_model * model, int32_t token) {
    hearth_error error;
    return guarded(&error, true, [&]() { return llama_vocab_is_eog(vocab_of(model), token); });
}

int32_t hearth_token_piece(
        const hearth_model * model, int32_t token, bool special, char * buffer, int32_t size,
        hearth_error * error) {
    return guarded(error, (int32_t) 0, [&]() {
        return llama_token_to_piece(vocab_of(model), token, buffer, size, 0, special);
    });
}

int32_t hearth_tokenize(
        const hearth_model * model, const char * text, int32_t text_size, bool parse_special,
        int32_t * tokens, int32_t n_tokens_max, hearth_error * error) {
    return guarded(error, (int32_t) 0, [&]() {
        return llama_tokenize(
            vocab_of(model), text, text_size, tokens, n_tokens_max, false, parse_special);
    });
}

} // extern "C"

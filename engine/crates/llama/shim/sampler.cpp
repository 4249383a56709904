#include "guard.h"

#include "llama.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace hearth;

namespace {

void add_penalties(llama_sampler * chain, const hearth_sampling & s, int32_t n_vocab) {
    const bool active = s.repeat_penalty != 1.0f || s.presence_penalty != 0.0f || s.frequency_penalty != 0.0f;
    if (active && s.repeat_last_n != 0) {
        llama_sampler_chain_add(chain, llama_sampler_init_penalties(
            n_vocab, s.repeat_last_n, s.repeat_penalty, s.frequency_penalty, s.presence_penalty));
    }
}

// Tokens that must never be chosen: those the model file names, and the end tokens if asked.
void add_bans(llama_sampler * chain, const llama_vocab * vocab, bool ignore_eos) {
    std::vector<llama_logit_bias> bans;
    int32_t n_suppressed = 0;
    const llama_token * suppressed = llama_vocab_get_suppress_tokens(vocab, &n_suppressed);
    for (int32_t i = 0; i < n_suppressed; ++i) {
        bans.push_back({ suppressed[i], -INFINITY });
    }
    const int32_t n_vocab = llama_vocab_n_tokens(vocab);
    for (llama_token token = 0; ignore_eos && token < n_vocab; ++token) {
        if (llama_vocab_is_eog(vocab, token)) {
            bans.push_back({ token, -INFINITY });
        }
    }
    if (!bans.empty()) {
        llama_sampler_chain_add(
            chain, llama_sampler_init_logit_bias(n_vocab, (int32_t) bans.size(), bans.data()));
    }
}

// Logits divided by less leave the range of a float, and then llama.cpp chooses whatever comes
// last. The best token has all of the probability long before that.
constexpr float SMALLEST_TEMPERATURE = 1e-6f;

void add_choice(llama_sampler * chain, const hearth_sampling & s) {
    if (s.temperature < SMALLEST_TEMPERATURE) {
        llama_sampler_chain_add(chain, llama_sampler_init_greedy());
        return;
    }
    llama_sampler_chain_add(chain, llama_sampler_init_top_k(s.top_k));
    llama_sampler_chain_add(chain, llama_sampler_init_top_p(s.top_p, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_min_p(s.min_p, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_temp(s.temperature));
    llama_sampler_chain_add(chain, llama_sampler_init_dist(s.seed));
}

// A softmax over these would give nonsense, and a sampler would still choose something.
void check_logits(const float * logits, int32_t n_vocab) {
    bool broken = false;
    float best = -INFINITY;
    for (int32_t i = 0; i < n_vocab; ++i) {
        broken |= std::isnan(logits[i]);
        best = std::max(best, logits[i]);
    }
    if (broken || !std::isfinite(best)) {
        fail("the model computed logits that are not numbers");
    }
}

} // namespace

extern "C" {

hearth_sampler * hearth_sampler_new(
        const hearth_model * model, const hearth_sampling * sampling, hearth_error * error) {
    return guarded(error, (hearth_sampler *) nullptr, [&]() -> hearth_sampler * {
        const llama_vocab * vocab = vocab_of(model);
        llama_sampler_chain_params params = llama_sampler_chain_default_params();
        params.no_perf = true;
        llama_sampler * chain = llama_sampler_chain_init(params);
        if (chain == nullptr) {
            fail("no sampler");
        }
        add_bans(chain, vocab, sampling->ignore_eos);
        add_penalties(chain, *sampling, llama_vocab_n_tokens(vocab));
        add_choice(chain, *sampling);
        return reinterpret_cast<hearth_sampler *>(chain);
    });
}

void hearth_sampler_free(hearth_sampler * sampler) {
    hearth_error error;
    guarded(&error, false, [&]() {
        llama_sampler_free(raw(sampler));
        return true;
    });
}

int32_t hearth_sampler_accept(hearth_sampler * sampler, int32_t token, hearth_error * error) {
    return guarded(error, (int32_t) HEARTH_FAILED, [&]() -> int32_t {
        llama_sampler_accept(raw(sampler), token);
        return HEARTH_OK;
    });
}

int32_t hearth_sample(
        hearth_sampler * sampler, hearth_context * context, int32_t index, hearth_error * error) {
    return guarded(error, (int32_t) -1, [&]() -> int32_t {
        llama_context * ctx = raw(context);
        const float * logits = llama_get_logits_ith(ctx, index);
        if (logits == nullptr) {
            fail("the last batch has no logits there");
        }
        const llama_vocab * vocab = llama_model_get_vocab(llama_get_model(ctx));
        check_logits(logits, llama_vocab_n_tokens(vocab));
        return llama_sampler_sample(raw(sampler), ctx, index);
    });
}

} // extern "C"

#include "llama_shim.h"

#include "llama-ext.h"
#include "llama.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#if defined(_WIN32)
#    include <stdlib.h>
#else
#    include <dlfcn.h>
#endif

namespace {

// What llama.cpp logs on this thread while a call is under way.
struct log_capture {
    std::string errors;
    std::string warnings;
    std::string * open = nullptr; // where a continued line goes
};

thread_local log_capture * current_capture = nullptr;

constexpr size_t MAX_CAPTURED = 1600;

// Everything below a warning is dropped: nothing of llama.cpp may reach a stream or a file unasked.
void on_log(ggml_log_level level, const char * text, void *) {
    log_capture * capture = current_capture;
    if (capture == nullptr || text == nullptr) {
        return;
    }
    if (level == GGML_LOG_LEVEL_ERROR) {
        capture->open = &capture->errors;
    } else if (level == GGML_LOG_LEVEL_WARN) {
        capture->open = &capture->warnings;
    } else if (level != GGML_LOG_LEVEL_CONT) {
        capture->open = nullptr;
    }
    if (capture->open == nullptr || capture->open->size() >= MAX_CAPTURED) {
        return;
    }
    capture->open->append(text, std::min(strlen(text), MAX_CAPTURED - capture->open->size()));
}

class capture_scope {
  public:
    capture_scope() : previous(current_capture) { current_capture = &capture; }
    ~capture_scope() { current_capture = previous; }
    capture_scope(const capture_scope &) = delete;
    capture_scope & operator=(const capture_scope &) = delete;

    const std::string & reason() const {
        return capture.errors.empty() ? capture.warnings : capture.errors;
    }

  private:
    log_capture capture;
    log_capture * previous;
};

class failure : public std::runtime_error {
  public:
    failure(int32_t code, const char * text) : std::runtime_error(text), code(code) {}
    const int32_t code;
};

[[noreturn]] void fail(const char * text) { throw failure(HEARTH_FAILED, text); }

// llama.cpp turns a failed allocation into a null pointer and a line of log.
bool tells_of_memory(const std::string & log) {
    for (const char * words : { "failed to allocate", "unable to allocate", "Cannot allocate memory" }) {
        if (log.find(words) != std::string::npos) {
            return true;
        }
    }
    return false;
}

void set_error(hearth_error * error, int32_t code, const char * what, const std::string & log) {
    error->code = code == HEARTH_FAILED && tells_of_memory(log) ? HEARTH_OUT_OF_MEMORY : code;
    snprintf(error->text, sizeof(error->text), "%s%s%s", what, log.empty() ? "" : ": ", log.c_str());
}

// Runs `body` with the log captured; nothing it throws comes out.
template <typename Body>
std::invoke_result_t<Body> guarded(
        hearth_error * error, std::invoke_result_t<Body> on_failure, Body body) {
    error->code = HEARTH_OK;
    error->text[0] = '\0';
    capture_scope scope;
    try {
        return body();
    } catch (const failure & e) {
        set_error(error, e.code, e.what(), scope.reason());
    } catch (const std::bad_alloc &) {
        set_error(error, HEARTH_OUT_OF_MEMORY, "an allocation failed", scope.reason());
    } catch (const std::exception & e) {
        set_error(error, HEARTH_FAILED, e.what(), scope.reason());
    } catch (...) {
        set_error(error, HEARTH_FAILED, "unknown C++ exception", scope.reason());
    }
    return on_failure;
}

const llama_model * raw(const hearth_model * model) {
    return reinterpret_cast<const llama_model *>(model);
}

const llama_vocab * vocab_of(const hearth_model * model) {
    return llama_model_get_vocab(raw(model));
}

llama_context * raw(hearth_context * context) { return reinterpret_cast<llama_context *>(context); }

const llama_context * raw(const hearth_context * context) {
    return reinterpret_cast<const llama_context *>(context);
}

llama_sampler * raw(hearth_sampler * sampler) { return reinterpret_cast<llama_sampler *>(sampler); }

llama_model_params model_params(const hearth_plan & plan) {
    llama_model_params params = llama_model_default_params();
    params.n_gpu_layers = plan.n_gpu_layers;
    return params;
}

llama_context_params context_params(const hearth_plan & plan) {
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

using model_ptr = std::unique_ptr<llama_model, decltype(&llama_model_free)>;
using context_ptr = std::unique_ptr<llama_context, decltype(&llama_free)>;

// Adds up what a context and its model take in host buffers and on each GPU device.
void sum_memory(const llama_context * context, hearth_memory & memory) {
    std::map<ggml_backend_dev_t, uint64_t> needed;
    for (const auto & [type, part] : llama_get_memory_breakdown(context)) {
        if (ggml_backend_buft_is_host(type) || ggml_backend_buft_get_device(type) == nullptr) {
            memory.host_needed += part.total();
        } else {
            needed[ggml_backend_buft_get_device(type)] += part.total();
        }
    }
    memory.devices_fit = 1;
    for (const auto & [device, bytes] : needed) {
        // The processor's repacked weights are in no host buffer, but in the host's memory.
        if (ggml_backend_dev_type(device) == GGML_BACKEND_DEVICE_TYPE_CPU) {
            memory.host_needed += bytes;
            continue;
        }
        size_t free_bytes = 0;
        size_t total_bytes = 0;
        ggml_backend_dev_memory(device, &free_bytes, &total_bytes);
        memory.device_needed += bytes;
        memory.device_free += free_bytes;
        memory.devices_fit &= bytes <= free_bytes ? 1 : 0;
    }
}

void copy_text(const std::string & text, char * buffer, size_t size) {
    snprintf(buffer, size, "%s", text.c_str());
}

// ".../libggml-cpu-zen4.so" -> "zen4"
std::string variant_of(const std::string & file) {
    const std::string mark = "ggml-cpu-";
    const size_t at = file.rfind(mark);
    if (at == std::string::npos) {
        return "";
    }
    const size_t from = at + mark.size();
    return file.substr(from, file.find('.', from) - from);
}

std::string cpu_variant() {
#if !defined(_WIN32)
    ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (device == nullptr) {
        return "";
    }
    void * symbol = ggml_backend_reg_get_proc_address(
        ggml_backend_dev_backend_reg(device), "ggml_backend_get_features");
    Dl_info info;
    if (symbol != nullptr && dladdr(symbol, &info) != 0 && info.dli_fname != nullptr) {
        return variant_of(info.dli_fname);
    }
#endif
    return "";
}

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

void add_choice(llama_sampler * chain, const hearth_sampling & s) {
    if (s.temperature <= 0.0f) {
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

// Whether the cells that attention over a sliding window needs behind `from` are still there.
// llama.cpp drops them as the window moves on, and a cut does not bring them back.
bool window_is_whole(llama_context * ctx, llama_memory_t memory, int32_t sequence, int32_t from) {
    const int32_t n_swa = llama_model_n_swa(llama_get_model(ctx));
    const llama_pos first = llama_memory_seq_pos_min(memory, sequence);
    return first <= 0 || first < std::max(0, from - n_swa);
}

} // namespace

extern "C" {

int32_t hearth_start(const char * dir, hearth_error * error) {
    return guarded(error, (int32_t) HEARTH_FAILED, [&]() -> int32_t {
        llama_log_set(on_log, nullptr);
        // ggml loads the library named here even when it is given a folder.
#if defined(_WIN32)
        _putenv_s("GGML_BACKEND_PATH", "");
#else
        unsetenv("GGML_BACKEND_PATH");
#endif
        ggml_backend_load_all_from_path(dir);
        if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == nullptr) {
            fail("no processor backend was found beside the program");
        }
        llama_backend_init();
        return HEARTH_OK;
    });
}

void hearth_cpu_name(char * buffer, size_t size) {
    hearth_error error;
    guarded(&error, false, [&]() {
        const std::string variant = cpu_variant();
        copy_text(variant.empty() ? "CPU" : "CPU (" + variant + ")", buffer, size);
        return true;
    });
}

void hearth_host_memory(uint64_t * available, uint64_t * total) {
    *available = 0;
    *total = 0;
    hearth_error error;
    guarded(&error, false, [&]() {
        size_t free_bytes = 0;
        size_t total_bytes = 0;
        ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
        if (device != nullptr) {
            ggml_backend_dev_memory(device, &free_bytes, &total_bytes);
        }
        *available = free_bytes;
        *total = total_bytes;
        return true;
    });
}

int32_t hearth_measure(const hearth_plan * plan, hearth_memory * memory, hearth_error * error) {
    return guarded(error, (int32_t) HEARTH_FAILED, [&]() -> int32_t {
        llama_model_params mparams = model_params(*plan);
        mparams.no_alloc = true;
        mparams.load_mode = LLAMA_LOAD_MODE_NONE;
        const model_ptr model(llama_model_load_from_file(plan->path, mparams), llama_model_free);
        if (!model) {
            fail("llama.cpp can't load it");
        }
        const context_ptr context(
            llama_init_from_model(model.get(), context_params(*plan)), llama_free);
        if (!context) {
            fail("llama.cpp can't make a context");
        }
        *memory = {};
        memory->n_layers = (uint32_t) std::max(0, llama_model_n_layer(model.get()));
        memory->n_ctx_train = (uint32_t) std::max(0, llama_model_n_ctx_train(model.get()));
        memory->n_devices = llama_model_n_devices(model.get());
        sum_memory(context.get(), *memory);
        return HEARTH_OK;
    });
}

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
        facts->n_swa = llama_model_n_swa(raw(model));
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

void hearth_gpu_name(char * buffer, size_t size) {
    buffer[0] = '\0';
    hearth_error error;
    guarded(&error, false, [&]() {
        for (const auto type : { GGML_BACKEND_DEVICE_TYPE_GPU, GGML_BACKEND_DEVICE_TYPE_IGPU }) {
            ggml_backend_dev_t device = ggml_backend_dev_by_type(type);
            if (device != nullptr) {
                const std::string name = ggml_backend_dev_name(device);
                copy_text(name + " (" + ggml_backend_dev_description(device) + ")", buffer, size);
                return true;
            }
        }
        return false;
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

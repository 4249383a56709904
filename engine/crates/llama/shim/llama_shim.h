// The C face of llama.cpp that crate `hearth-llama` calls.
//
// Only plain C types cross it, so no struct layout of llama.cpp is repeated in Rust. No C++
// exception leaves it: a function that can fail takes a `hearth_error`, and its text is made of
// the exception and of what llama.cpp logged on this thread during the call.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hearth_model hearth_model;
typedef struct hearth_context hearth_context;
typedef struct hearth_sampler hearth_sampler;

// What went wrong. `code` is one of HEARTH_*.
typedef struct hearth_error {
    int32_t code;
    char text[2048];
} hearth_error;

enum {
    HEARTH_OK = 0,
    HEARTH_FAILED = 1,        // llama.cpp refused or threw
    HEARTH_CANCELLED = 2,     // a callback of ours said stop
    HEARTH_OUT_OF_MEMORY = 3, // an allocation failed
};

// What a model needs to be loaded with these settings.
typedef struct hearth_plan {
    const char * path;
    int32_t n_gpu_layers; // negative: all
    uint32_t n_ctx;
    uint32_t n_batch;
    uint32_t n_ubatch;
    uint32_t n_seq_max;
    int32_t n_threads;
} hearth_plan;

// What a load takes.
typedef struct hearth_memory {
    uint64_t host_needed; // bytes in host buffers
    // 1 if every single device holds its share.
    int32_t devices_fit;
    int32_t n_devices;
    uint32_t n_layers;
    uint32_t n_ctx_train;
} hearth_memory;

typedef struct hearth_facts {
    uint32_t n_ctx_train;
    uint32_t n_vocab;
    uint64_t n_params;
    uint64_t size_bytes;
    int32_t bos; // -1: none
    int32_t eos; // -1: none
    bool add_bos;
    bool has_vocab;
    bool has_encoder;
    bool has_decoder;
    bool is_diffusion;
} hearth_facts;

typedef struct hearth_sampling {
    float temperature;
    int32_t top_k;
    float top_p;
    float min_p;
    float repeat_penalty;
    int32_t repeat_last_n;
    float presence_penalty;
    float frequency_penalty;
    uint32_t seed;
    bool ignore_eos;
} hearth_sampling;

typedef bool (*hearth_progress_fn)(float progress, void * data); // false cancels
typedef bool (*hearth_abort_fn)(void * data);                    // true aborts

// Loads ggml's backend libraries from `dir` and nowhere else, then starts llama.cpp. Once.
int32_t hearth_start(const char * dir, hearth_error * error);
// Writes the name of the processor backend in use, such as "CPU (zen4)".
void hearth_cpu_name(char * buffer, size_t size);
// Writes the name of the first GPU device; an empty text where there is none.
void hearth_gpu_name(char * buffer, size_t size);
// Bytes of the machine's memory that can be had; 0 where that is not known.
uint64_t hearth_host_memory(void);

int32_t hearth_measure(const hearth_plan * plan, hearth_memory * memory, hearth_error * error);

hearth_model * hearth_model_load(
    const hearth_plan * plan, hearth_progress_fn progress, void * data, hearth_error * error);
void hearth_model_free(hearth_model * model);
void hearth_model_facts(const hearth_model * model, hearth_facts * facts);
void hearth_model_description(const hearth_model * model, char * buffer, size_t size);
// The chat template in the file; NULL where there is none. Lives as long as the model.
const char * hearth_model_template(const hearth_model * model);

bool hearth_token_is_control(const hearth_model * model, int32_t token);
// Such a token is found in every text, with `parse_special` or without.
bool hearth_token_is_user_defined(const hearth_model * model, int32_t token);
bool hearth_token_is_end(const hearth_model * model, int32_t token);
// Writes the bytes of a token and returns their number; if it is negative, -n bytes are needed.
int32_t hearth_token_piece(
    const hearth_model * model, int32_t token, bool special, char * buffer, int32_t size,
    hearth_error * error);
// Writes the tokens of a text and returns their number; if it is negative, room for -n is needed.
int32_t hearth_tokenize(
    const hearth_model * model, const char * text, int32_t text_size, bool parse_special,
    int32_t * tokens, int32_t n_tokens_max, hearth_error * error);

hearth_context * hearth_context_new(
    const hearth_model * model, const hearth_plan * plan, hearth_abort_fn abort, void * data,
    hearth_error * error);
void hearth_context_free(hearth_context * context);
uint32_t hearth_context_size(const hearth_context * context);
uint32_t hearth_context_batch(const hearth_context * context);
int32_t hearth_decode(
    hearth_context * context, const int32_t * tokens, const int32_t * positions,
    const int32_t * sequences, const int8_t * logits, int32_t n_tokens, hearth_error * error);
// Removes a sequence's positions from `from` on; returns from where on it is empty now.
int32_t hearth_truncate(hearth_context * context, int32_t sequence, int32_t from, hearth_error * error);

hearth_sampler * hearth_sampler_new(
    const hearth_model * model, const hearth_sampling * sampling, hearth_error * error);
void hearth_sampler_free(hearth_sampler * sampler);
int32_t hearth_sampler_accept(hearth_sampler * sampler, int32_t token, hearth_error * error);
// Chooses a token from the logits at `index` of the last batch; -1 where that failed.
int32_t hearth_sample(
    hearth_sampler * sampler, hearth_context * context, int32_t index, hearth_error * error);

#ifdef __cplusplus
}
#endif

// How every call of the shim reports a failure: no exception leaves it, and the reason is
// llama.cpp's own.
#pragma once

#include "llama_shim.h"

#include "llama.h"

#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace hearth {

// What llama.cpp logs on this thread while a call is under way.
struct log_capture {
    std::string errors;
    std::string warnings;
    std::string * open = nullptr; // where a continued line goes
};

// Collects what llama.cpp logs on this thread as long as it lives.
class capture_scope {
  public:
    capture_scope();
    ~capture_scope();
    capture_scope(const capture_scope &) = delete;
    capture_scope & operator=(const capture_scope &) = delete;

    const std::string & reason() const {
        return capture.errors.empty() ? capture.warnings : capture.errors;
    }

  private:
    log_capture capture;
    log_capture * previous;
};

// The log callback of the process; without a scope, every line is dropped.
void on_log(ggml_log_level level, const char * text, void * data);

class failure : public std::runtime_error {
  public:
    failure(int32_t code, const char * text) : std::runtime_error(text), code(code) {}
    const int32_t code;
};

[[noreturn]] inline void fail(const char * text) { throw failure(HEARTH_FAILED, text); }

void set_error(hearth_error * error, int32_t code, const char * what, const std::string & log);

// Writes a text into a buffer, cut to its size.
void copy_text(const std::string & text, char * buffer, size_t size);

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

inline const llama_model * raw(const hearth_model * model) {
    return reinterpret_cast<const llama_model *>(model);
}

inline const llama_vocab * vocab_of(const hearth_model * model) {
    return llama_model_get_vocab(raw(model));
}

inline llama_context * raw(hearth_context * context) { return reinterpret_cast<llama_context *>(context); }

inline const llama_context * raw(const hearth_context * context) {
    return reinterpret_cast<const llama_context *>(context);
}

inline llama_sampler * raw(hearth_sampler * sampler) { return reinterpret_cast<llama_sampler *>(sampler); }

} // namespace hearth

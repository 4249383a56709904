#include "guard.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace hearth {

namespace {

thread_local log_capture * current_capture = nullptr;

constexpr size_t MAX_CAPTURED = 1600;

// llama.cpp turns a failed allocation into a null pointer and a line of log.
bool tells_of_memory(const std::string & log) {
    for (const char * words : { "failed to allocate", "unable to allocate", "Cannot allocate memory" }) {
        if (log.find(words) != std::string::npos) {
            return true;
        }
    }
    return false;
}

} // namespace

capture_scope::capture_scope() : previous(current_capture) { current_capture = &capture; }

capture_scope::~capture_scope() { current_capture = previous; }

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

void set_error(hearth_error * error, int32_t code, const char * what, const std::string & log) {
    error->code = code == HEARTH_FAILED && tells_of_memory(log) ? HEARTH_OUT_OF_MEMORY : code;
    snprintf(error->text, sizeof(error->text), "%s%s%s", what, log.empty() ? "" : ": ", log.c_str());
}

void copy_text(const std::string & text, char * buffer, size_t size) {
    snprintf(buffer, size, "%s", text.c_str());
}

} // namespace hearth

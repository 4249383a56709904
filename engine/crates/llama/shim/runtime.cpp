#include "guard.h"

#include "llama.h"

#include <string>

#if defined(_WIN32)
#    include <stdlib.h>
#else
#    include <cstdlib>
#    include <dlfcn.h>
#endif

using namespace hearth;

namespace {

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

uint64_t hearth_host_memory(void) {
    hearth_error error;
    return guarded(&error, (uint64_t) 0, [&]() -> uint64_t {
        size_t free_bytes = 0;
        size_t total_bytes = 0;
        ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
        if (device != nullptr) {
            ggml_backend_dev_memory(device, &free_bytes, &total_bytes);
        }
        return free_bytes;
    });
}

} // extern "C"

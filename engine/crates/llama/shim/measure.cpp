#include "guard.h"
#include "params.h"

#include "llama-ext.h"
#include "llama.h"

#include <algorithm>
#include <map>
#include <memory>

using namespace hearth;

namespace {

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
        memory.devices_fit &= bytes <= free_bytes ? 1 : 0;
    }
}

} // namespace

extern "C" {

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

} // extern "C"

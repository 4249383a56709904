// The C face of llama.cpp's chat templates (common/chat.h): text in, text out.
#pragma once

#include <cstddef>

extern "C" {

// Renders a chat template. `request` is `length` bytes of JSON:
//   {"template": str, "bos": str, "eos": str, "messages": [{"role": str, "content": str}],
//    "add_generation_prompt": bool, "kwargs": {name: any}, "max_prompt_bytes": int}
// Gives a JSON text that the caller frees with hearth_chat_free, one of
//   {"prompt": str} | {"failed": str} | "too_long" | "out_of_memory"
// or nullptr where not even that could be allocated.
char * hearth_chat_render(const char * request, size_t length) noexcept;

void hearth_chat_free(char * text) noexcept;

}

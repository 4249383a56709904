#include "chat_shim.h"

#include "chat.h"
#include "json.h"
#include "log.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>

namespace {

// llama.cpp derives a parser for the answer from every template. Where it can't, the prompt is
// as good as ever; the beginning of its message is the only sign.
constexpr const char * NO_PARSER = "Unable to generate parser for this template";

// The template engine turns every exception into one of its own and keeps only the words.
constexpr const char * NO_MEMORY = "std::bad_alloc";

common_chat_templates_inputs inputs_of(const common_json & request) {
    common_chat_templates_inputs inputs;
    inputs.use_jinja             = true;
    inputs.messages              = common_chat_msgs_parse_oaicompat(request.at("messages"));
    inputs.add_generation_prompt = request.at("add_generation_prompt").get<bool>();
    for (const auto & [name, value] : request.at("kwargs").items()) {
        inputs.chat_template_kwargs[name] = value.dump();
        if (name == "enable_thinking" && value.is_boolean()) {
            inputs.enable_thinking = value.get<bool>();
        }
    }
    return inputs;
}

common_chat_templates_ptr parse(const std::string & source, const std::string & bos, const std::string & eos) {
    try {
        return common_chat_templates_init(nullptr, source, bos, eos);
    } catch (const std::exception &) {
        // Its `throw e` slices the exception down to "std::exception". This one keeps the words.
        common_chat_template(source, bos, eos);
        throw;
    }
}

std::string prompt_of(const common_json & request) {
    const auto source = request.at("template").get<std::string>();
    if (source.empty()) {
        // llama.cpp would assert, which ends the process.
        throw std::invalid_argument("the template is empty");
    }
    const auto templates = parse(source, request.at("bos").get<std::string>(), request.at("eos").get<std::string>());
    auto       inputs    = inputs_of(request);
    try {
        return common_chat_templates_apply(templates.get(), inputs).prompt;
    } catch (const std::invalid_argument & error) {
        if (std::strncmp(error.what(), NO_PARSER, std::strlen(NO_PARSER)) != 0) {
            throw;
        }
    }
    inputs.force_pure_content = true;
    return common_chat_templates_apply(templates.get(), inputs).prompt;
}

std::string reply_to(const std::string & text) {
    const auto request = common_json::parse(text);
    auto       prompt  = prompt_of(request);
    if (prompt.size() > request.at("max_prompt_bytes").get<size_t>()) {
        return "\"too_long\"";
    }
    common_json reply = common_json::object();
    reply["prompt"]   = std::move(prompt);
    // A template can cut a character in two: `dump_safe` puts U+FFFD there.
    return reply.dump_safe();
}

std::string failure(const char * reason) {
    common_json reply = common_json::object();
    reply["failed"]   = std::string(reason);
    return reply.dump_safe();
}

char * copy_of(const std::string & text) noexcept {
    char * copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (copy != nullptr) {
        std::memcpy(copy, text.c_str(), text.size() + 1);
    }
    return copy;
}

}  // namespace

extern "C" char * hearth_chat_render(const char * request, size_t length) noexcept {
    try {
        // llama.cpp logs templates and prompts; ours are nobody's business.
        common_log_set_verbosity_thold(-1);
        try {
            return copy_of(reply_to(std::string(request, length)));
        } catch (const std::bad_alloc &) {
            return copy_of("\"out_of_memory\"");
        } catch (const std::length_error &) {
            return copy_of("\"out_of_memory\"");
        } catch (const std::exception & error) {
            const bool memory = std::strstr(error.what(), NO_MEMORY) != nullptr;
            return copy_of(memory ? "\"out_of_memory\"" : failure(error.what()));
        }
    } catch (...) {
        return nullptr;
    }
}

extern "C" void hearth_chat_free(char * text) noexcept {
    std::free(text);
}

"""The engine's JSON as our values: request bodies, chunks, errors.

Source: OpenAI's completions API with llama-server's extensions (`timings`, `prompt_progress`,
`exceed_context_size_error`).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

from assistant.domain.errors import (
    ContextExceededError,
    EngineBusyError,
    EngineCancelledError,
    EngineCrashedError,
    EngineFaultError,
    EngineRequestError,
    EngineUnavailableError,
    HearthError,
    ModelFileError,
    ModelNotFoundError,
    ModelTooLargeError,
    TemplateError,
)
from assistant.domain.generation import (
    GenerationDone,
    GenerationOptions,
    PromptMessage,
    PromptRead,
)
from assistant.domain.llm import LoadedInfo
from assistant.domain.sizes import readable_size

_OPENINGS = (
    "the model file can't be used: ",
    "the model's chat template failed: ",
    "internal error: ",
)
_LARGEST_NUMBER = 2**63
_UNAUTHORIZED = 401
_TOO_LARGE = 413


class JsonObject:
    """A JSON object read with types: a wrong one is the engine's fault, and is said to be."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise EngineFaultError(detail="it sent something that is not a JSON object")
        self._fields: dict[str, object] = value

    @classmethod
    def parse(cls, text: str | bytes) -> "JsonObject":
        """Read one.

        Raises:
            EngineFaultError: it is not JSON, or not an object.

        """
        try:
            return cls(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise EngineFaultError(detail="it sent something that is not JSON") from error

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._fields.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """Give a string; `default` where it is missing or null."""
        value = self._fields.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise _wrong_type(name)
        return value

    def number(self, name: str, default: float = 0.0) -> float:
        """Give a number; `default` where it is missing or null."""
        value = self._fields.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong_type(name)
        if not abs(value) <= _LARGEST_NUMBER:  # neither infinite nor NaN
            raise _wrong_type(name)
        return float(value)

    def integer(self, name: str, default: int = 0) -> int:
        """Give a whole number; `default` where it is missing or null."""
        return int(self.number(name, default))

    def flag(self, name: str) -> bool:
        """Whether the field is `true`."""
        return self._fields.get(name) is True

    def object(self, name: str) -> "JsonObject":
        """Give an object; an empty one where it is missing or null."""
        value = self._fields.get(name)
        return JsonObject({} if value is None else value)

    def objects(self, name: str) -> list["JsonObject"]:
        """Give a list of objects; an empty one where it is missing or null."""
        value = self._fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _wrong_type(name)
        return [JsonObject(item) for item in value]


def _wrong_type(name: str) -> EngineFaultError:
    return EngineFaultError(detail=f"it sent a field “{name}” of a wrong type")


def chat_body(
    model_id: str, messages: Sequence[PromptMessage], options: GenerationOptions
) -> dict[str, object]:
    """Body of `POST /v1/chat/completions`."""
    plain = [{"role": each.role, "content": _whole_characters(each.content)} for each in messages]
    return _body(model_id, options) | {"messages": plain}


def completion_body(model_id: str, prompt: str, options: GenerationOptions) -> dict[str, object]:
    """Body of `POST /v1/completions`."""
    return _body(model_id, options) | {"prompt": _whole_characters(prompt)}


def _whole_characters(text: str) -> str:
    """Join surrogate pairs and replace lone halves, which UTF-8 can't carry."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _body(model_id: str, options: GenerationOptions) -> dict[str, object]:
    chosen = {name: value for name, value in asdict(options).items() if value not in (None, ())}
    return chosen | {
        "model": model_id,
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,
    }


def loaded_info(meta: JsonObject) -> LoadedInfo:
    """`meta` of a loaded model."""
    return LoadedInfo(
        n_ctx=meta.integer("n_ctx"),
        n_ctx_train=meta.integer("n_ctx_train"),
        description=meta.text("description"),
        has_chat_template=meta.flag("has_chat_template"),
        device=meta.text("device"),
    )


def prompt_read(progress: JsonObject) -> PromptRead:
    """`prompt_progress` of a chunk."""
    return PromptRead(
        total=progress.integer("total"),
        cached=progress.integer("cache"),
        processed=progress.integer("processed"),
    )


def generation_done(finish_reason: str, usage: JsonObject, timings: JsonObject) -> GenerationDone:
    """Read the end of a generation. Counts that `usage` lacks come from `timings`."""
    cached = timings.integer("cache_n")
    return GenerationDone(
        finish_reason=finish_reason,
        prompt_tokens=usage.integer("prompt_tokens", timings.integer("prompt_n") + cached),
        completion_tokens=usage.integer("completion_tokens", timings.integer("predicted_n")),
        cached_tokens=cached,
        prompt_ms=timings.number("prompt_ms"),
        prompt_per_second=timings.number("prompt_per_second"),
        predicted_ms=timings.number("predicted_ms"),
        predicted_per_second=timings.number("predicted_per_second"),
        seed=usage.integer("seed") if usage.has("seed") else None,
    )


def error_of_response(
    status: int, body: bytes, model_name: str, retry_after: str = ""
) -> HearthError:
    """Give the error that a refused request carries, whatever its body looks like.

    `retry_after` is the header of that name.
    """
    try:
        fields = JsonObject.parse(body).object("error")
    except EngineFaultError:
        fields = JsonObject({})
    error = error_of(fields, model_name)
    if isinstance(error, EngineBusyError):
        return EngineBusyError(retry_after_s=int(retry_after) if retry_after.isdecimal() else 1)
    if type(error) is not EngineFaultError:
        return error
    if status == _UNAUTHORIZED:
        return EngineUnavailableError(detail="it does not take our key")
    if status == _TOO_LARGE:
        return EngineRequestError(detail="the conversation is too large to be sent")
    return EngineFaultError(detail=fields.text("message") or f"HTTP {status}")


def error_of(fields: JsonObject, model_name: str) -> HearthError:
    """Map one error object by its `code` (llama-server: `type`)."""
    for name in (_name(fields, "code"), _name(fields, "type")):
        make = _ERRORS.get(name)
        if make is not None:
            return make(fields, model_name)
    return EngineFaultError(detail=_detail(fields) or "it gave no reason")


def _context_exceeded(fields: JsonObject, _model_name: str) -> HearthError:
    return ContextExceededError(
        prompt_tokens=fields.integer("n_prompt_tokens"), context_tokens=fields.integer("n_ctx")
    )


def _too_large(fields: JsonObject, model_name: str) -> HearthError:
    return ModelTooLargeError(
        name=model_name,
        needed=readable_size(fields.integer("needed_bytes")),
        available=readable_size(fields.integer("available_bytes")),
    )


_ERRORS: dict[str, Callable[[JsonObject, str], HearthError]] = {
    "bad_request": lambda fields, _: EngineRequestError(detail=_detail(fields)),
    "exceed_context_size_error": _context_exceeded,
    "context_exceeded": _context_exceeded,
    "model_not_found": lambda _, name: ModelNotFoundError(model=name),
    "model_file": lambda fields, name: ModelFileError(name=name, detail=_detail(fields)),
    "out_of_memory": _too_large,
    "template": lambda fields, _: TemplateError(detail=_detail(fields)),
    "busy": lambda *_: EngineBusyError(retry_after_s=1),
    "worker_died": lambda *_: EngineCrashedError(),
    "cancelled": lambda *_: EngineCancelledError(),
    "invalid_api_key": lambda *_: EngineUnavailableError(detail="it does not take our key"),
}


def _detail(fields: JsonObject) -> str:
    """The reason alone: our sentences say for themselves what failed."""
    message = fields.text("message").rstrip(".")
    for opening in _OPENINGS:
        message = message.removeprefix(opening)
    return message


def _name(fields: JsonObject, name: str) -> str:
    """Give a name; empty where a foreign server sends a number in its place."""
    try:
        return fields.text(name)
    except EngineFaultError:
        return ""

"""The engine over HTTP: OpenAI's API with server-sent events, plus load and unload."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path

import httpx2

from assistant.domain.errors import (
    EngineCrashedError,
    EngineUnavailableError,
    HearthError,
    LoadCrashedError,
)
from assistant.domain.generation import (
    GenerationEvent,
    GenerationOptions,
    ModelFile,
    PromptMessage,
    TextDelta,
)
from assistant.domain.llm import LoadedInfo
from assistant.engine_client.sse import SseReader
from assistant.engine_client.wire import (
    JsonObject,
    chat_body,
    completion_body,
    error_of,
    error_of_response,
    generation_done,
    loaded_info,
    prompt_read,
)

_CONNECT_SECONDS = 5.0
_SHORT_ANSWER_SECONDS = 30.0
_SIGN_OF_LIFE_SECONDS = 10.0
_OK = 200
_END = "[DONE]"


class HttpEngineClient:
    """An `EngineClient` over a Unix socket or a loopback address.

    There is no read timeout on generations and loads: a long prompt on a slow machine is
    silent for minutes. Whether the engine still lives is its process's business (supervisor);
    when it ends, its connections close and every open call raises `EngineCrashedError`.
    """

    def __init__(self, token: str, *, socket: Path | None = None, address: str = "hearth") -> None:
        # trust_env off: no proxy from the environment ever stands between us and our engine.
        self._http = httpx2.AsyncClient(
            transport=httpx2.AsyncHTTPTransport(
                uds=None if socket is None else str(socket),
                trust_env=False,
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=4),
            ),
            base_url=f"http://{address}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx2.Timeout(_SHORT_ANSWER_SECONDS, connect=_CONNECT_SECONDS, read=None),
            trust_env=False,
        )

    async def load(self, model: ModelFile, on_progress: Callable[[float], None]) -> LoadedInfo:
        """Load a model; see `EngineClient.load`."""
        body: dict[str, object] = {"id": model.id, "path": str(model.path), "n_ctx": model.n_ctx}
        name = model.path.name
        try:
            async with aclosing(self._stream("/hearth/models/load", body, name)) as stream:
                async for fields in stream:
                    if fields.text("state") == "ready":
                        return loaded_info(fields.object("meta"))
                    on_progress(fields.number("progress"))
        except EngineCrashedError as error:
            raise LoadCrashedError(name=name) from error
        raise LoadCrashedError(name=name)

    async def unload(self, model_id: str) -> None:
        """Give a model's memory back; see `EngineClient.unload`."""
        with _transport_errors():
            response = await self._http.post(
                "/hearth/models/unload", json={"id": model_id}, timeout=_SHORT_ANSWER_SECONDS
            )
        if response.status_code != _OK:
            raise _refusal(response, model_id)

    async def health(self) -> str:
        """Give the engine's version.

        Raises:
            EngineUnavailableError: no engine answers there.

        """
        try:
            response = await self._http.get("/health", timeout=_SIGN_OF_LIFE_SECONDS)
        except httpx2.TransportError as error:
            raise EngineUnavailableError(detail="it does not answer") from error
        if response.status_code != _OK:
            raise _refusal(response, "")
        return JsonObject.parse(response.content).text("version")

    def chat(
        self, model_id: str, messages: Sequence[PromptMessage], options: GenerationOptions
    ) -> AsyncGenerator[GenerationEvent, None]:
        """Answer a conversation; see `EngineClient.chat`."""
        body = chat_body(model_id, messages, options)
        return self._generate("/v1/chat/completions", body, model_id)

    def complete(
        self, model_id: str, prompt: str, options: GenerationOptions
    ) -> AsyncGenerator[GenerationEvent, None]:
        """Continue a raw text; see `EngineClient.complete`."""
        return self._generate(
            "/v1/completions", completion_body(model_id, prompt, options), model_id
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def _generate(
        self, path: str, body: dict[str, object], model_id: str
    ) -> AsyncGenerator[GenerationEvent, None]:
        finish_reason = ""
        usage = timings = JsonObject({})
        async with aclosing(self._stream(path, body, model_id)) as stream:
            async for fields in stream:
                if fields.has("prompt_progress"):
                    yield prompt_read(fields.object("prompt_progress"))
                for choice in fields.objects("choices"):
                    text = choice.object("delta").text("content") or choice.text("text")
                    if text:
                        yield TextDelta(text)
                    finish_reason = choice.text("finish_reason") or finish_reason
                timings = fields.object("timings") if fields.has("timings") else timings
                usage = fields.object("usage") if fields.has("usage") else usage
        if not finish_reason:
            raise EngineCrashedError
        yield generation_done(finish_reason, usage, timings)

    async def _stream(
        self, path: str, body: dict[str, object], name: str
    ) -> AsyncGenerator[JsonObject, None]:
        """Yield the objects of an event stream up to `[DONE]` or its end.

        `name` is what an error calls the model. Leaving early closes the connection.
        """
        reader = SseReader()
        with _transport_errors():
            async with self._http.stream("POST", path, json=body) as response:
                if response.status_code != _OK:
                    await response.aread()
                    raise _refusal(response, name)
                async for chunk in response.aiter_raw():
                    for event in reader.feed(chunk):
                        if event.data == _END:
                            return
                        fields = JsonObject.parse(event.data)
                        if fields.has("error"):
                            raise error_of(fields.object("error"), name)
                        yield fields


def _refusal(response: httpx2.Response, name: str) -> HearthError:
    retry_after = response.headers.get("Retry-After", "")
    return error_of_response(response.status_code, response.content, name, retry_after)


@contextmanager
def _transport_errors() -> Iterator[None]:
    """Say that a line which can't be opened, or drops, is an engine that is off or has ended."""
    try:
        yield
    except httpx2.ConnectError as error:
        raise EngineUnavailableError(detail="it is not running") from error
    except httpx2.TransportError as error:
        raise EngineCrashedError from error

"""A stand-in for `hearth-engine serve`: the same HTTP, told by the prompt when to misbehave.

It "tokenises" by words and answers every prompt with the same story. Words in the last message
command a fault: see `FAULTS`. Runs inside a test (`FakeEngine`) or as a program
(`python -m tests.fakes.engine serve --socket PATH`), with the real one's start and end.
"""

import argparse
import asyncio
import contextlib
import hmac
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAULTS = {
    "!die": "the engine ends after five tokens, in mid-answer",
    "!worker": "the worker dies after five tokens: a typed error in the stream",
    "!drop": "the line drops after five tokens",
    "!busy": "429",
    "!garbage": "a chunk that is no JSON",
    "!types": "a chunk with a field of a wrong type",
    "!bytes": "the stream is cut into single bytes, so every character is cut",
    "!slow": "50 ms for each token",
    "!hang": "nothing comes after five tokens",
    "!long": "the prompt is read in ten steps",
    "!html": "a proxy's error page",
}
STORY = (
    "Once upon a time, there was a little girl named Lily. She said سلام دنیا to the sun, 你好 to "
    "the moon and 👩🏽‍🚀 to the stars. "
)
_DEFAULT_N_CTX = 2048
_GGUF = b"GGUF"


@dataclass
class FakeModel:
    """One loaded model."""

    path: str
    n_ctx: int

    def meta(self) -> dict[str, object]:
        return {
            "n_ctx": self.n_ctx,
            "n_ctx_train": 4096,
            "n_vocab": 512,
            "n_params": 260_000,
            "size_bytes": 1_000_000,
            "description": "fake 260K F32",
            "has_chat_template": True,
            "device": "CPU (fake)",
        }


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class FakeEngine:
    """The server. `client_left`: a client went away before its answer was whole."""

    token: str
    models: dict[str, FakeModel] = field(default_factory=dict)
    prompts: list[Any] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    client_left: asyncio.Event = field(default_factory=asyncio.Event)
    load_step_s: float = 0.0

    @contextlib.asynccontextmanager
    async def running(self, socket: Path | None = None) -> AsyncIterator[str]:
        """Serve on a Unix socket, or on a free loopback port; gives the address."""
        if socket is None:
            server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
            address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        else:
            server = await asyncio.start_unix_server(self._serve, socket)
            _private(socket)
            address = "hearth"
        async with server:
            yield address

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read_request(reader)
            answering = asyncio.ensure_future(self._answer(request, Reply(writer)))
            gone = asyncio.ensure_future(reader.read(1))
            await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            if not answering.done():
                answering.cancel()
                self.client_left.set()
                return
            await answering
        except (ConnectionError, _DropError):
            pass
        finally:
            writer.close()

    async def _answer(self, request: Request, reply: "Reply") -> None:
        authorization = request.headers.get("authorization", "")
        if not hmac.compare_digest(authorization, f"Bearer {self.token}"):
            await reply.error(401, "invalid_api_key", "missing or wrong key")
            return
        routes = {
            ("GET", "/health"): self._health,
            ("GET", "/v1/models"): self._list,
            ("POST", "/hearth/models/load"): self._load,
            ("POST", "/hearth/models/unload"): self._unload,
            ("POST", "/v1/chat/completions"): self._generate,
            ("POST", "/v1/completions"): self._generate,
        }
        route = routes.get((request.method, request.path))
        if route is None:
            await reply.error(404, "not_found", "no such route")
            return
        await route(request, reply)

    async def _health(self, _request: Request, reply: "Reply") -> None:
        await reply.json(200, {"status": "ok", "version": "0.1.0"})

    async def _list(self, _request: Request, reply: "Reply") -> None:
        data = [
            {"id": id_, "object": "model", "state": "ready", "progress": 1, "meta": model.meta()}
            for id_, model in self.models.items()
        ]
        await reply.json(200, {"object": "list", "data": data})

    async def _load(self, request: Request, reply: "Reply") -> None:
        path = Path(request.body["path"])
        if not _is_gguf(path):
            await reply.error(422, "model_file", "not a GGUF file: the magic is missing")
            return
        if "huge" in path.name:
            facts = {"needed_bytes": 48_000_000_000, "available_bytes": 7_500_000_000}
            await reply.error(507, "out_of_memory", "too large", facts)
            return
        await reply.begin_stream()
        for progress in (0.25, 0.5, 0.75):
            await reply.event({"state": "loading", "progress": progress})
            await asyncio.sleep(self.load_step_s)
        if "abort" in path.name:
            await reply.event(_error("worker_died", "signal: 6 (SIGABRT)"))
            return
        model = FakeModel(str(path), request.body.get("n_ctx") or _DEFAULT_N_CTX)
        self.models[request.body["id"]] = model
        await reply.event({"state": "ready", "meta": model.meta()})
        await reply.end_stream()

    async def _unload(self, request: Request, reply: "Reply") -> None:
        known = self.models.pop(request.body["id"], None) is not None
        await reply.json(200, {"unloaded": known})

    async def _generate(self, request: Request, reply: "Reply") -> None:
        body = request.body
        self.bodies.append(body)
        prompt = body.get("prompt") or "\n\n".join(each["content"] for each in body["messages"])
        self.prompts.append(body.get("messages", prompt))
        model = self.models.get(body["model"])
        if model is None:
            await reply.error(404, "model_not_found", "no such model")
            return
        last = body["messages"][-1]["content"] if "messages" in body else prompt
        faults = {word for word in last.split() if word in FAULTS}
        tokens = len(prompt.split()) + 4
        if tokens >= model.n_ctx:
            facts = {"n_prompt_tokens": tokens, "n_ctx": model.n_ctx}
            await reply.error(400, "exceed_context_size_error", "too long", facts)
        elif not 0 <= body.get("temperature", 0.8) <= 2:
            await reply.error(400, "bad_request", "temperature must be between 0 and 2")
        elif "!busy" in faults:
            await reply.error(429, "busy", "the engine is busy")
        elif "!html" in faults:
            await reply.raw(502, "text/html", b"<html>Bad gateway</html>")
        else:
            await self._stream(body, tokens, faults, reply)

    async def _stream(
        self, body: dict[str, Any], prompt_tokens: int, faults: set[str], reply: "Reply"
    ) -> None:
        reply.byte_by_byte = "!bytes" in faults
        await reply.begin_stream()
        for processed in _reading(prompt_tokens, 10 if "!long" in faults else 1):
            progress = {"total": prompt_tokens, "cache": 0, "processed": processed, "time_ms": 1}
            await reply.event(_chunk(body, "", None) | {"prompt_progress": progress})
            await asyncio.sleep(0)
        limit = body.get("max_tokens") or 60
        written = 0
        words = itertools.cycle(STORY.split(" ")[:-1])
        for written in range(1, limit + 1):
            if written > 5:
                await self._misbehave(faults, reply, body)
            await reply.event(_chunk(body, next(words) + " ", None))
            await asyncio.sleep(0.05 if "!slow" in faults else 0)
        reason = "length" if body.get("max_tokens") else "stop"
        timings = {
            "cache_n": 0,
            "prompt_n": prompt_tokens,
            "prompt_ms": 20.0,
            "prompt_per_second": prompt_tokens * 50.0,
            "predicted_n": written,
            "predicted_ms": 100.0,
            "predicted_per_second": written * 10.0,
        }
        await reply.event(_chunk(body, "", reason) | {"timings": timings})
        usage = {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": written,
            "total_tokens": prompt_tokens + written,
            "seed": body.get("seed", 42),
        }
        await reply.event(_chunk(body, "", None) | {"choices": [], "usage": usage})
        await reply.text("data: [DONE]\n\n")
        await reply.end_stream()

    async def _misbehave(self, faults: set[str], reply: "Reply", body: dict[str, Any]) -> None:
        if "!die" in faults:
            os.kill(os.getpid(), signal.SIGKILL)
        if "!drop" in faults:
            raise _DropError
        if "!worker" in faults:
            self.models.clear()
            await reply.event(_error("worker_died", "signal: 9 (SIGKILL)"))
            raise _DropError
        if "!garbage" in faults:
            await reply.text("data: {no json\n\n")
        if "!types" in faults:
            await reply.event(_chunk(body, "", None) | {"choices": 7})
        if "!hang" in faults:
            await asyncio.Event().wait()


class _DropError(Exception):
    """The line is cut."""


def _is_gguf(path: Path) -> bool:
    return path.is_file() and path.read_bytes()[:4] == _GGUF


def _private(socket: Path) -> None:
    socket.chmod(0o600)


def _reading(total: int, steps: int) -> Iterator[int]:
    return (total * step // steps for step in range(steps + 1))


def _chunk(body: dict[str, Any], text: str, finish_reason: str | None) -> dict[str, Any]:
    choice: dict[str, Any] = {"index": 0, "finish_reason": finish_reason}
    if "messages" in body:
        choice["delta"] = {"content": text} if text else {}
    else:
        choice["text"] = text
    return {"id": "1", "object": "chunk", "model": body["model"], "choices": [choice]}


def _error(code: str, message: str, facts: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "server_error", "code": code} | (facts or {})}


@dataclass
class Reply:
    """One HTTP answer."""

    writer: asyncio.StreamWriter
    byte_by_byte: bool = False

    async def json(self, status: int, value: object) -> None:
        await self.raw(status, "application/json", json.dumps(value).encode())

    async def error(
        self, status: int, code: str, message: str, facts: dict[str, Any] | None = None
    ) -> None:
        await self.json(status, _error(code, message, facts))

    async def raw(self, status: int, kind: str, body: bytes) -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        if status == 429:
            head += "Retry-After: 7\r\n"
        self.writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await self.writer.drain()

    async def begin_stream(self) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
        self.writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        await self.writer.drain()

    async def event(self, value: object) -> None:
        await self.text(f"data: {json.dumps(value, ensure_ascii=False)}\n\n")

    async def text(self, text: str) -> None:
        data = text.encode()
        size = 1 if self.byte_by_byte else len(data)
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            self.writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        await self.writer.drain()

    async def end_stream(self) -> None:
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    method, path, _ = (await reader.readline()).decode().split(" ", 2)
    headers = {}
    while (line := (await reader.readline()).decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, json.loads(body) if body else {})


async def _program(socket: str | None) -> None:
    stdin = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    token = (await stdin.readline()).decode().strip()
    async with FakeEngine(token).running(Path(socket) if socket else None) as address:
        where = {"socket": socket} if socket else {"address": address}
        ready = json.dumps({"ready": True, "version": "0.1.0"} | where)
        sys.stdout.write(f"{ready}\n")
        sys.stdout.flush()
        await stdin.read()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--socket")
    parser.add_argument("--listen")
    words = parser.parse_args()
    asyncio.run(_program(words.socket))


if __name__ == "__main__":
    main()

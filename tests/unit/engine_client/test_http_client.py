"""The client against an engine that misbehaves on command."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from assistant.domain.errors import (
    EngineBusyError,
    EngineCrashedError,
    EngineFaultError,
    EngineUnavailableError,
    HearthError,
    LoadCrashedError,
    ModelTooLargeError,
)
from assistant.domain.generation import (
    GenerationOptions,
    ModelFile,
    PromptMessage,
    TextDelta,
)
from assistant.engine_client.http_client import HttpEngineClient
from tests.fakes.engine import STORY, FakeEngine

TOKEN = "t" * 40


@pytest.fixture
def fake() -> FakeEngine:
    return FakeEngine(TOKEN)


@pytest.fixture
async def client(fake: FakeEngine, tmp_path: Path) -> AsyncIterator[HttpEngineClient]:
    socket = tmp_path / "s"
    async with fake.running(socket):
        client = HttpEngineClient(TOKEN, socket=socket)
        await client.load(model(tmp_path, "tiny"), lambda _: None)
        yield client
        await client.aclose()


def model(folder: Path, name: str) -> ModelFile:
    path = folder / f"{name}.gguf"
    path.write_bytes(b"GGUF")
    return ModelFile(name, path)


async def answer(client: HttpEngineClient, text: str, written: list[str] | None = None) -> str:
    parts = written if written is not None else []
    messages = [PromptMessage("user", text)]
    async with aclosing(client.chat("tiny", messages, GenerationOptions())) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                parts.append(event.text)
    return "".join(parts)


async def test_characters_cut_by_the_line_arrive_whole(client: HttpEngineClient) -> None:
    text = await answer(client, "!bytes")
    assert text.startswith(STORY)
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("!drop", EngineCrashedError),
        ("!worker", EngineCrashedError),
        ("!garbage", EngineFaultError),
        ("!types", EngineFaultError),
        ("!html", EngineFaultError),
        ("!busy", EngineBusyError),
    ],
)
async def test_each_fault_is_a_typed_error(
    client: HttpEngineClient, fault: str, error: type[HearthError]
) -> None:
    with pytest.raises(error) as caught:
        await answer(client, fault)
    assert caught.value.message
    assert caught.value.next_step


async def test_what_came_before_a_fault_was_given(client: HttpEngineClient) -> None:
    written: list[str] = []
    with pytest.raises(EngineCrashedError):
        await answer(client, "!drop", written)
    assert "".join(written) == "Once upon a time, there "


async def test_busy_says_when_to_come_back(client: HttpEngineClient) -> None:
    with pytest.raises(EngineBusyError) as caught:
        await answer(client, "!busy")
    assert caught.value.params["retry_after_s"] == 7


async def test_closing_reaches_an_engine_that_hangs(
    client: HttpEngineClient, fake: FakeEngine
) -> None:
    began = asyncio.get_running_loop().time()
    task = asyncio.create_task(answer(client, "!hang"))
    done, _ = await asyncio.wait({task}, timeout=0.3)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await fake.client_left.wait()
    assert asyncio.get_running_loop().time() - began < 2


async def test_cancelling_a_load_reaches_the_engine(
    client: HttpEngineClient, fake: FakeEngine, tmp_path: Path
) -> None:
    fake.load_step_s = 30
    started = asyncio.Event()
    task = asyncio.create_task(client.load(model(tmp_path, "b"), lambda _: started.set()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await fake.client_left.wait()


async def test_a_model_that_kills_its_worker_is_told_by_name(
    client: HttpEngineClient, tmp_path: Path
) -> None:
    with pytest.raises(LoadCrashedError, match=r"abort\.gguf"):
        await client.load(model(tmp_path, "abort"), lambda _: None)


async def test_a_model_larger_than_memory_is_told_with_sizes(
    client: HttpEngineClient, tmp_path: Path
) -> None:
    with pytest.raises(ModelTooLargeError, match=r"48\.00 GB .* 7\.50 GB"):
        await client.load(model(tmp_path, "huge"), lambda _: None)


async def test_a_wrong_key_and_a_missing_engine_are_told(
    client: HttpEngineClient, tmp_path: Path
) -> None:
    assert await client.health() == "0.1.0"
    stranger = HttpEngineClient("x" * 40, socket=tmp_path / "s")
    nobody = HttpEngineClient(TOKEN, socket=tmp_path / "none")
    for broken in (stranger, nobody):
        with pytest.raises(EngineUnavailableError):
            await broken.health()
        with pytest.raises(EngineUnavailableError):
            await answer(broken, "hello")
        await broken.aclose()


async def test_no_proxy_of_the_environment_stands_between(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with fake.running() as address:
        client = HttpEngineClient(TOKEN, address=address)
        assert await client.health() == "0.1.0"
        await client.aclose()

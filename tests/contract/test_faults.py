"""The real engine, and what its death, its hanging and the app's own death leave behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

import psutil
import pytest

from assistant.domain.errors import EngineCrashedError, HearthError, LoadCrashedError
from assistant.domain.events import EngineStateChanged, Event
from assistant.domain.generation import (
    GenerationEvent,
    GenerationOptions,
    ModelFile,
    PromptMessage,
    TextDelta,
)
from assistant.engine_client.protocol import EngineClient
from assistant.engine_client.supervisor import EngineSupervisor
from tests.contract.conftest import ROOT, real_command
from tests.fixtures.tiny_gguf import make_tiny_gguf

pytestmark = pytest.mark.engine

HELLO = [PromptMessage("user", "Hello")]
GREEDY = GenerationOptions(temperature=0)
SHORT = GenerationOptions(temperature=0, max_tokens=8)


class Running:
    """The real engine under a supervisor, and what it said."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.supervisor = EngineSupervisor(real_command(), self.events.append)

    def router(self) -> psutil.Process:
        [router] = [each for each in psutil.Process().children() if "serve" in each.cmdline()]
        return router

    def workers(self) -> list[psutil.Process]:
        return [each for each in self.router().children() if "worker" in each.cmdline()]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    running = Running()
    yield running
    await running.supervisor.stop()


@pytest.fixture(scope="session")
def slow_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_gguf(tmp_path_factory.mktemp("models") / "slow.gguf", slow=True).path


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    return make_tiny_gguf(tmp_path / "tiny.gguf").path


async def load(client: EngineClient, id_: str, path: Path) -> None:
    await client.load(ModelFile(id_, path), lambda _: None)


async def read(events: AsyncGenerator[GenerationEvent, None], text: list[str]) -> None:
    async with aclosing(events):
        async for event in events:
            text += [event.text] if isinstance(event, TextDelta) else []


async def begun(text: list[str], pieces: int = 3) -> None:
    async with asyncio.timeout(30):
        while len(text) < pieces:  # noqa: ASYNC110 - the text is filled by an engine, not by us
            await asyncio.sleep(0.005)


async def strike(process: psutil.Process, kind: signal.Signals) -> None:
    """Send a deadly signal until it is: Rust's guard of the stack lets one SIGSEGV pass that no
    fault of memory caused.
    """
    async with asyncio.timeout(10):
        with suppress(psutil.NoSuchProcess):
            while process.status() != psutil.STATUS_ZOMBIE:
                process.send_signal(kind)
                await asyncio.sleep(0.02)


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
async def test_death_of_a_worker_touches_only_its_own_answer(
    running: Running, slow_model: Path, tiny_model: Path, kind: signal.Signals
) -> None:
    client = await running.supervisor.start()
    await load(client, "slow", slow_model)
    [worker] = running.workers()
    await load(client, "tiny", tiny_model)
    alone: list[str] = []
    await read(client.chat("tiny", HELLO, SHORT), alone)
    text: list[str] = []
    answer = asyncio.create_task(read(client.chat("slow", HELLO, GREEDY), text))
    await begun(text)
    await strike(worker, kind)
    with pytest.raises(EngineCrashedError):
        await answer
    assert text
    again: list[str] = []
    await read(client.chat("tiny", HELLO, SHORT), again)
    assert "".join(again) == "".join(alone)
    await load(client, "slow", slow_model)
    assert await running.supervisor.start() is client


async def test_death_of_the_engine_is_told_and_it_comes_back(
    running: Running, slow_model: Path
) -> None:
    client = await running.supervisor.start()
    await load(client, "slow", slow_model)
    text: list[str] = []
    answer = asyncio.create_task(read(client.chat("slow", HELLO, GREEDY), text))
    await begun(text)
    workers = running.workers()
    began = time.monotonic()
    running.router().kill()
    with pytest.raises(EngineCrashedError):
        await answer
    assert psutil.wait_procs(workers, timeout=2)[1] == []
    fresh = await running.supervisor.start()
    assert time.monotonic() - began < 5
    assert fresh is not client
    await load(fresh, "slow", slow_model)
    states = [event.ready for event in running.events if isinstance(event, EngineStateChanged)]
    assert states == [True, False, True]


async def test_a_hanging_engine_is_stopped_within_two_seconds_and_a_little(
    running: Running, slow_model: Path
) -> None:
    client = await running.supervisor.start()
    await load(client, "slow", slow_model)
    everyone = [running.router(), *running.workers()]
    for process in everyone:
        process.suspend()
    began = time.monotonic()
    await running.supervisor.stop()
    assert time.monotonic() - began < 10  # 2 s, and what a busy machine adds
    assert psutil.wait_procs(everyone, timeout=2)[1] == []


async def test_closing_an_answer_reaches_a_worker_at_once(
    running: Running, slow_model: Path
) -> None:
    """A worker that is free again answers; one that still writes 2,000 tokens would not."""
    client = await running.supervisor.start()
    await load(client, "slow", slow_model)
    for _ in range(3):
        text: list[str] = []
        answer = asyncio.create_task(read(client.chat("slow", HELLO, GREEDY), text))
        await begun(text)
        answer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answer
    began = time.monotonic()
    await read(client.chat("slow", HELLO, GenerationOptions(temperature=0, max_tokens=1)), [])
    assert time.monotonic() - began < 3


async def test_cancelling_a_load_ends_its_worker(running: Running, slow_model: Path) -> None:
    client = await running.supervisor.start()
    loading = asyncio.create_task(load(client, "slow", slow_model))
    async with asyncio.timeout(30):
        while not running.workers():  # noqa: ASYNC110 - another process starts it
            await asyncio.sleep(0.001)
    workers = running.workers()
    loading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loading
    assert psutil.wait_procs(workers, timeout=2)[1] == []
    await load(client, "slow", slow_model)


async def test_a_model_that_aborts_llama_cpp_is_told_and_others_load(
    running: Running, tiny_model: Path, tmp_path: Path
) -> None:
    bad = make_tiny_gguf(tmp_path / "bad.gguf", rope_scaling="nonsense").path
    client = await running.supervisor.start()
    with pytest.raises(HearthError) as caught:
        await load(client, "bad", bad)
    assert isinstance(caught.value, LoadCrashedError)
    await load(client, "tiny", tiny_model)


@pytest.mark.parametrize("moment_s", [0.0, 0.05, 0.3])
def test_kill_of_the_app_leaves_nothing_of_the_engine(slow_model: Path, moment_s: float) -> None:
    source = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from assistant.domain.generation import *\n"
        "from assistant.engine_client.supervisor import EngineSupervisor\n"
        "async def main():\n"
        "    client = await EngineSupervisor(sys.argv[2:], lambda _: None).start()\n"
        "    await client.load(ModelFile('m', Path(sys.argv[1])), lambda _: None)\n"
        "    messages = [PromptMessage('user', 'Hello')]\n"
        "    async for event in client.chat('m', messages, GenerationOptions(temperature=0)):\n"
        "        if isinstance(event, TextDelta):\n"
        "            print(event.text, flush=True)\n"
        "asyncio.run(main())\n"
    )
    words = [sys.executable, "-c", source, str(slow_model), *real_command()]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as app:
        assert app.stdout is not None
        assert app.stdout.readline()
        time.sleep(moment_s)
        everyone = psutil.Process(app.pid).children(recursive=True)
        assert len(everyone) >= 2
        os.kill(app.pid, signal.SIGKILL)
        assert psutil.wait_procs(everyone, timeout=2)[1] == []

"""The supervisor with small scripted programs in the engine's place."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from assistant.domain.errors import (
    EngineCrashedError,
    EngineGaveUpError,
    EngineUnavailableError,
)
from assistant.domain.events import EngineStateChanged, Event
from assistant.engine_client.supervisor import EngineSupervisor

ROOT = Path(__file__).resolve().parents[3]
FAKE = ROOT / "tests" / "fakes" / "engine.py"


@dataclass
class World:
    """A clock that only sleeping moves, and everything that was said."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)
    events: list[EngineStateChanged] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def publish(self, event: Event) -> None:
        assert isinstance(event, EngineStateChanged)
        self.events.append(event)
        self.changed.set()

    async def until(self, count: int) -> EngineStateChanged:
        """Wait for that many events; give the last."""
        async with asyncio.timeout(30):
            while len(self.events) < count:
                self.changed.clear()
                await self.changed.wait()
        return self.events[count - 1]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def supervisor(world: World) -> AsyncIterator[EngineSupervisor]:
    made = make(world, [sys.executable, str(FAKE)])
    yield made
    await made.stop()


def make(world: World, command: list[str], ready_timeout_s: float = 30) -> EngineSupervisor:
    return EngineSupervisor(
        command,
        world.publish,
        clock=world.clock,
        sleep=world.sleep,
        ready_timeout_s=ready_timeout_s,
    )


def script(tmp_path: Path, source: str) -> list[str]:
    path = tmp_path / "engine.py"
    path.write_text(source)
    return [sys.executable, str(path)]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def there(path: Path) -> bool:
    return path.exists()


def engine_process() -> psutil.Process:
    [child] = [each for each in psutil.Process().children() if "serve" in each.cmdline()]
    return child


async def test_start_is_idempotent_and_private(world: World, supervisor: EngineSupervisor) -> None:
    first, second = await asyncio.gather(supervisor.start(), supervisor.start())
    assert first is second
    assert world.events == [EngineStateChanged(ready=True)]
    child = engine_process()
    socket = Path(child.cmdline()[-1])
    assert [mode(socket.parent), mode(socket)] == [0o700, 0o600]
    assert not [word for word in child.cmdline() if len(word) > 40 and "/" not in word]
    await supervisor.stop()
    assert not child.is_running()
    assert not there(socket.parent)


async def test_the_engine_gets_no_secret_of_ours(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    supervisor = make(world, [sys.executable, str(FAKE)])
    await supervisor.start()
    assert "HF_TOKEN" not in engine_process().environ()
    await supervisor.stop()


async def test_a_death_is_told_and_the_next_client_is_new(
    world: World, supervisor: EngineSupervisor
) -> None:
    first = await supervisor.start()
    os.kill(engine_process().pid, signal.SIGKILL)
    died = await world.until(2)
    assert isinstance(died.error, EngineCrashedError)
    second = await supervisor.start()
    assert second is not first
    assert world.slept == [0.0]


async def test_a_death_that_nobody_noticed_yet_gives_no_dead_client(
    world: World, supervisor: EngineSupervisor
) -> None:
    """`start` right after a kill, before the system told us of the end of the process."""
    for _ in range(2):
        first = await supervisor.start()
        os.kill(engine_process().pid, signal.SIGKILL)
        second = await supervisor.start()
        assert second is not first
        assert await second.health() == "0.1.0"


async def test_an_engine_that_hangs_is_replaced(
    world: World, supervisor: EngineSupervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine_client.http_client._SIGN_OF_LIFE_SECONDS", 0.2)
    first = await supervisor.start()
    os.kill(engine_process().pid, signal.SIGSTOP)
    second, third = await asyncio.gather(supervisor.start(), supervisor.start())
    assert second is third
    assert second is not first


async def test_three_deaths_in_two_minutes_and_it_stays_off_until_told(
    world: World, supervisor: EngineSupervisor
) -> None:
    await supervisor.start()
    for count in (1, 3, 5):
        await world.until(count)
        os.kill(engine_process().pid, signal.SIGKILL)
    assert isinstance((await world.until(6)).error, EngineGaveUpError)
    assert world.slept == [0.0, 1.0]
    with pytest.raises(EngineGaveUpError):
        await supervisor.start()
    await supervisor.restart()
    assert (await world.until(7)).ready
    os.kill(engine_process().pid, signal.SIGKILL)
    assert isinstance((await world.until(8)).error, EngineCrashedError)


async def test_deaths_far_apart_wait_longer_each_time(
    world: World, supervisor: EngineSupervisor
) -> None:
    await supervisor.start()
    for count in (1, 3, 5, 7, 9):
        await world.until(count)
        world.now += 100
        os.kill(engine_process().pid, signal.SIGKILL)
    await world.until(11)
    assert world.slept == [0.0, 1.0, 5.0, 30.0, 30.0]


async def test_an_early_end_is_told_with_its_last_words(world: World, tmp_path: Path) -> None:
    command = script(tmp_path, "import sys; sys.exit('error while loading libggml.so')")
    supervisor = make(world, command)
    with pytest.raises(EngineUnavailableError, match=r"status 1: error while loading libggml"):
        await supervisor.start()
    assert world.events[-1].ready is False
    await supervisor.stop()


async def test_a_missing_program_is_told(world: World, tmp_path: Path) -> None:
    supervisor = make(world, [str(tmp_path / "none")])
    with pytest.raises(EngineUnavailableError, match="No such file"):
        await supervisor.start()
    await supervisor.stop()


async def test_no_room_for_the_private_folder_is_told(
    world: World, supervisor: EngineSupervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("assistant.engine_client.environment.tempfile.mkdtemp", full)
    async with asyncio.timeout(10):
        with pytest.raises(EngineUnavailableError, match="No space left"):
            await supervisor.start()
    monkeypatch.undo()
    assert await (await supervisor.start()).health() == "0.1.0"


@pytest.mark.parametrize("line", ["hello", "{}", "[1]", '{"ready":false}', "x" * 200_000])
async def test_an_odd_ready_line_is_told(world: World, tmp_path: Path, line: str) -> None:
    command = script(tmp_path, f"import sys; print({line!r}, flush=True); sys.stdin.read()")
    supervisor = make(world, command)
    with pytest.raises(EngineUnavailableError):
        await supervisor.start()
    await supervisor.stop()


async def test_a_program_that_never_gets_ready_is_ended(world: World, tmp_path: Path) -> None:
    command = script(tmp_path, "import time; time.sleep(600)")
    supervisor = make(world, command, ready_timeout_s=0.2)
    began = time.monotonic()
    with pytest.raises(EngineUnavailableError, match=r"0\.2 s"):
        await supervisor.start()
    await supervisor.stop()
    assert time.monotonic() - began < 5
    assert not [each for each in psutil.Process().children() if "serve" in each.cmdline()]


async def test_a_program_that_closes_its_output_but_lives_on_is_ended(
    world: World, tmp_path: Path
) -> None:
    command = script(tmp_path, "import os, time; os.close(1); time.sleep(600)")
    supervisor = make(world, command)
    with pytest.raises(EngineUnavailableError, match="SIGKILL"):
        await asyncio.wait_for(supervisor.start(), 20)
    await supervisor.stop()
    assert not [each for each in psutil.Process().children() if "serve" in each.cmdline()]


async def test_stop_insists_and_leaves_no_worker(world: World, tmp_path: Path) -> None:
    """A program that ignores everything, with a child that does too."""
    source = (
        "import json, signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "child = subprocess.Popen(sleep)\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "print(json.dumps({'ready': True}), flush=True)\n"
        "time.sleep(600)\n"
    )
    supervisor = make(world, script(tmp_path, source))
    await supervisor.start()
    program = engine_process()
    worker = int((tmp_path / "pid").read_text())
    began = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - began < 10  # 2 s, and what a busy machine adds
    assert not program.is_running()
    assert not psutil.pid_exists(worker) or psutil.Process(worker).status() == "zombie"


@pytest.mark.expects_log_errors
async def test_a_flood_of_log_lines_never_blocks_the_engine(world: World, tmp_path: Path) -> None:
    source = (
        "import json, sys\n"
        "for number in range(20_000): print('x' * 300, number, file=sys.stderr)\n"
        "print('y' * 3_000_000, file=sys.stderr)\n"
        "print(json.dumps({'ready': True}), flush=True)\n"
        "sys.stdin.readline(); sys.stdin.read()\n"
    )
    supervisor = make(world, script(tmp_path, source))
    await supervisor.start()
    await supervisor.stop()


@pytest.mark.parametrize("command", [[sys.executable, str(FAKE)]])
def test_kill_of_the_app_leaves_no_engine(command: list[str]) -> None:
    assert_dies_with_its_parent(command)


def assert_dies_with_its_parent(command: list[str]) -> None:
    source = (
        "import asyncio, sys\n"
        "from assistant.engine_client.supervisor import EngineSupervisor\n"
        "async def main():\n"
        "    await EngineSupervisor(sys.argv[1:], lambda _: None).start()\n"
        "    print('up', flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    words = [sys.executable, "-c", source, *command]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert children
        parent.kill()
        _, alive = psutil.wait_procs(children, timeout=2)
        assert alive == []

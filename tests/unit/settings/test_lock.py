import asyncio
import errno
import json
import os
import queue
import signal
import socket
import stat
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.errors import AlreadyRunningError, HistoryDiskError
from assistant.settings import lock as lock_module
from assistant.settings.lock import DataFolderLock, one_process

HOLDER = """
import sys, pathlib
from assistant.settings.lock import DataFolderLock, one_process
lock = DataFolderLock(pathlib.Path(sys.argv[1]))
lock.acquire()
lock.on_raise = lambda file: print("raise", file, flush=True)
print("held", flush=True)
sys.stdin.read()
lock.release()
"""


@pytest.fixture(params=["short", "long"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path if request.param == "short" else tmp_path / ("پوشه" * 20)
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / "hearth.lock"


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with process:
        yield process
        if process.poll() is None:
            process.kill()


def test_a_second_process_is_refused_and_raises_the_first(
    path: Path, holder: subprocess.Popen[str]
) -> None:
    second = DataFolderLock(path)
    with pytest.raises(AlreadyRunningError) as caught:
        second.acquire()
    assert str(path.parent) in caught.value.message
    assert holder.stdout is not None
    assert second.ask_first()
    assert holder.stdout.readline() == "raise None\n"
    assert second.ask_first(Path("/models/مدل one.gguf"))
    assert holder.stdout.readline() == "raise /models/مدل one.gguf\n"
    note = json.loads(path.with_suffix(".json").read_bytes())
    assert note["pid"] == holder.pid
    assert stat.S_IMODE(path.with_suffix(".json").stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(note["socket"]).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(note["socket"]).parent.stat().st_mode) == 0o700


def test_a_killed_process_leaves_no_lock(path: Path, holder: subprocess.Popen[str]) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    after = DataFolderLock(path)
    after.acquire()
    after.release()


def test_a_dead_first_does_not_answer(
    path: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    monkeypatch.setattr(lock_module, "ANSWER_WITHIN_S", 0.1)
    assert not DataFolderLock(path).ask_first()


def test_after_the_release_the_folder_is_free_and_the_socket_gone(path: Path) -> None:
    for _ in range(2):
        lock = DataFolderLock(path)
        lock.acquire()
        where = Path(json.loads(path.with_suffix(".json").read_bytes())["socket"])
        assert where.exists()
        lock.release()
        lock.release()
        assert not where.exists()


def test_requests_from_before_the_window_wait_for_it(path: Path) -> None:
    first = DataFolderLock(path)
    first.acquire()
    assert DataFolderLock(path).ask_first(Path("/a.gguf"))
    asked: queue.Queue[Path | None] = queue.Queue()
    first.on_raise = asked.put
    assert asked.get(timeout=5) == Path("/a.gguf")
    first.release()


def test_a_request_that_comes_while_the_window_opens_is_not_lost(path: Path) -> None:
    lock = DataFolderLock(path)
    seen: list[Path | None] = []

    class WindowOpens(deque[Path | None]):
        def append(self, item: Path | None) -> None:
            lock.on_raise = seen.append
            super().append(item)

    lock._waiting = WindowOpens()
    lock._raise(Path("/a.gguf"))
    assert seen == [Path("/a.gguf")]


def test_only_who_knows_the_token_can_raise_and_noise_does_no_harm(path: Path) -> None:
    first = DataFolderLock(path)
    first.acquire()
    asked: queue.Queue[Path | None] = queue.Queue()
    first.on_raise = asked.put
    address = json.loads(path.with_suffix(".json").read_bytes())["socket"]
    lines = [b"", b"\n", b"{", b"[]\n", b'{"token": "wrong", "open": "/x"}\n', b'{"token": 1}\n']
    for line in [*lines, b"x" * 100_000]:
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(address)
            stranger.settimeout(5)
            try:
                stranger.sendall(line)
                stranger.shutdown(socket.SHUT_WR)
                assert stranger.recv(10) == b""
            except (BrokenPipeError, ConnectionResetError):
                continue
    assert DataFolderLock(path).ask_first(Path("/right"))
    assert asked.get(timeout=5) == Path("/right")
    assert asked.empty()
    first.release()


async def test_one_process_at_a_time(path: Path) -> None:
    order: list[str] = []

    async def work(name: str) -> None:
        async with one_process(path):
            order.append(name)
            await asyncio.sleep(0.01)
            order.append(name)

    await asyncio.gather(*(work(name) for name in "abc"))
    assert order[::2] == order[1::2]
    assert sorted(order) == ["a", "a", "b", "b", "c", "c"]


async def test_another_process_that_never_ends(path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(HistoryDiskError, match="another Hearth"):
        async with one_process(path, patience_s=0.1):
            raise AssertionError("two processes at once")


async def test_a_read_only_disk_needs_no_lock(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*_: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("os.open", read_only)
    lock = DataFolderLock(path)
    lock.acquire()
    lock.release()
    async with one_process(path):
        pass


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HistoryDiskError):
        DataFolderLock(tmp_path / "none" / "hearth.lock").acquire()

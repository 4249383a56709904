"""What was acknowledged is there after a kill, and after a disk that was full."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.chat import Role
from assistant.storage.connection import connect
from assistant.storage.history import create_history, open_history
from tests.unit.storage import writer_child

RUNS = 30


def start(folder: Path, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", writer_child.__name__, str(folder), how],
        stdout=subprocess.PIPE,
        text=True,
    )


def ids_in(database: Path) -> set[str]:
    looking = connect(database, writer_child.KEY)
    assert looking.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert looking.execute("PRAGMA cipher_integrity_check").fetchall() == []
    assert looking.execute("PRAGMA foreign_key_check").fetchall() == []
    found = {row[0] for row in looking.execute("SELECT id FROM messages").fetchall()}
    looking.close()
    return found


@pytest.fixture
def chance() -> Iterator[random.Random]:
    seed = random.randrange(2**32)
    yield random.Random(seed)
    sys.stdout.write(f"seed of the kills: {seed}\n")


def test_no_acknowledged_message_is_lost_by_kill_9(tmp_path: Path, chance: random.Random) -> None:
    database = tmp_path / "history.db"
    acknowledged: set[str] = set()
    for _ in range(RUNS):
        # Some die while they open the database, most while they write.
        lines_until_death = chance.choice([0, 1, *range(1, 60)])
        with start(tmp_path, "forever") as child:
            assert child.stdout is not None
            said = [child.stdout.readline().strip() for _ in range(lines_until_death)]
            if chance.random() < 0.5:
                # Somewhere within the next transactions, not at the edge of one.
                os.sched_yield()
            os.kill(child.pid, signal.SIGKILL)
            said += [line.strip() for line in child.stdout if line.endswith("\n")]
        acknowledged |= set(said) - {"open", ""}
        if database.exists() and database.stat().st_size:
            assert acknowledged <= ids_in(database)
    assert len(acknowledged) > RUNS
    store = open_history(database, writer_child.KEY, tmp_path / "backups")
    store.interrupt_unfinished()
    assert {message.id for chat in store.chats() for message in store.branch(chat.id)}
    store.close()


def test_a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with start(tmp_path, "until-full") as child:
        assert child.stdout is not None
        said = child.stdout.read().split("\n")
    assert child.returncode == 0
    assert any(line.startswith("full ") for line in said), said
    assert "read 1" in said
    acknowledged = {line for line in said if line.count("-") == 4}
    assert len(acknowledged) > 10
    assert acknowledged <= ids_in(tmp_path / "history.db")


def test_chats_are_read_from_a_disk_that_is_full_from_the_start(tmp_path: Path) -> None:
    database, backups = tmp_path / "history.db", tmp_path / "backups"
    store = create_history(database, writer_child.KEY, backups)
    store.add_message(store.create_chat("").id, None, Role.USER, "hello")
    store.close()
    with start(tmp_path, "opened-when-full") as child:
        assert child.stdout is not None
        said = child.stdout.read().splitlines()
    assert child.returncode == 0
    assert said[:3] == ["problem history_disk", "read 1", "refused"]
    assert said[3] in ids_in(database)

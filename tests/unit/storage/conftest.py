from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.storage.history import HistoryStore, create_history


@pytest.fixture
def key() -> bytes:
    return bytes(range(32))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def store(database: Path, key: bytes, backups: Path) -> Iterator[HistoryStore]:
    opened = create_history(database, key, backups)
    yield opened
    opened.close()

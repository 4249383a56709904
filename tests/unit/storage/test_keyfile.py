import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.errors import (
    HistoryDiskError,
    HistoryNewerError,
    HistoryUnreadableError,
)
from assistant.domain.vault import Protection
from assistant.settings.durable import write_durably
from assistant.storage.keyfile import KeyFile, KeyRecord
from assistant.storage.sealing import Cost, check_value, new_key, seal

CHEAP = Cost(memory_kib=64, iterations=1, lanes=1)
KEY = new_key()
RECORD = KeyRecord(
    folder="f" * 32,
    protection=Protection.PASSPHRASE,
    made=True,
    keyring="keyring.backends.SecretService.Keyring",
    check=check_value(KEY, "f" * 32),
    passphrase=seal(KEY, b"a", "p", CHEAP),
    recovery=seal(KEY, b"b", "r", CHEAP),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "key.json"


def test_every_field_comes_back(path: Path) -> None:
    file = KeyFile(path, write_durably)
    assert file.read() is None
    assert not file.exists()
    file.save(RECORD)
    assert KeyFile(path, write_durably).read() == RECORD
    assert file.is_whole(RECORD)
    assert KEY.hex() not in path.read_text()


def test_the_folder_names_the_entry() -> None:
    assert RECORD.folder in RECORD.entry


@pytest.mark.parametrize("fails_at", [1, 2])
def test_a_write_that_fails_leaves_a_record_that_can_be_read(path: Path, fails_at: int) -> None:
    KeyFile(path, write_durably).save(RECORD)
    new = KeyRecord(folder="e" * 32, protection=Protection.NONE)
    calls = 0

    def failing(target: Path, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise OSError(28, "No space left on device")
        write_durably(target, data)

    file = KeyFile(path, failing)
    with pytest.raises(HistoryDiskError):
        file.save(new)
    assert file.read() == (RECORD if fails_at == 1 else new)
    assert not file.is_whole(new)


def test_the_copy_waits_until_the_first_can_be_read(path: Path) -> None:
    KeyFile(path, write_durably).save(RECORD)

    def cut_short(target: Path, data: bytes) -> None:
        write_durably(target, data[:-10])

    file = KeyFile(path, cut_short)
    with pytest.raises(HistoryDiskError):
        file.save(KeyRecord(folder="e" * 32, protection=Protection.NONE))
    assert file.read() == RECORD


def changed(**changes: object) -> bytes:
    return json.dumps({**as_json(), **changes}).encode()


def as_json() -> dict[str, object]:
    text: list[bytes] = []
    file = KeyFile(Path("/nowhere"), lambda _, data: text.append(data))
    with pytest.raises(HistoryDiskError):
        file.save(RECORD)
    values: dict[str, object] = json.loads(text[0])
    return values


SEALED = as_json()["passphrase"]
assert isinstance(SEALED, dict)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        changed(format=0),
        changed(format="1"),
        changed(format=None),
        changed(folder=7),
        changed(protection="magic"),
        changed(check=None),
        changed(check="é" * 64),
        changed(check="00"),
        changed(passphrase=None),
        changed(passphrase=[]),
        changed(passphrase={**SEALED, "kdf": "scrypt"}),
        changed(passphrase={**SEALED, "memory_kib": 2**40}),
        changed(passphrase={**SEALED, "iterations": 10**9}),
        changed(passphrase={**SEALED, "lanes": True}),
        changed(passphrase={**SEALED, "salt": "zz"}),
        changed(passphrase={**SEALED, "sealed": "00"}),
    ],
)
def test_a_bad_file_is_said_and_stays(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(HistoryUnreadableError):
        KeyFile(path, write_durably).read()
    assert path.read_bytes() == data


def test_a_newer_file_is_said_even_beside_an_older_copy(path: Path) -> None:
    file = KeyFile(path, write_durably)
    file.save(RECORD)
    path.write_bytes(changed(format=2))
    with pytest.raises(HistoryNewerError):
        file.read()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200) | st.integers(0, 900))
def test_foreign_bytes_never_do_anything_else(path: Path, data: bytes | int) -> None:
    whole = changed()
    path.write_bytes(whole[:data] if isinstance(data, int) else data)
    try:
        record = KeyFile(path, write_durably).read()
    except (HistoryUnreadableError, HistoryNewerError):
        return
    assert record == RECORD

"""Damaged, missing, newer and half-made files: nothing is ever replaced or lost."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.domain.errors import (
    HistoryDiskError,
    HistoryNewerError,
    HistoryUnreadableError,
    KeyringUnavailableError,
)
from assistant.domain.vault import Protection, VaultState
from tests.unit.services.vault_house import MARKER, House, chats_of, write_chat


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format": 1}', b"\x00" * 200])
async def test_a_damaged_key_file_is_read_from_its_copy(house: House, damage: bytes) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    whole = house.paths.key_file.read_bytes()
    house.paths.key_file.write_bytes(damage)
    vault = house.vault()
    assert (await vault.open()).state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    assert house.paths.key_file.read_bytes() == whole
    await vault.close()


@pytest.mark.parametrize("damage", [None, b"", b"{", b'{"format": true}'])
async def test_without_any_key_file_the_database_stays_as_it_is(
    house: House, damage: bytes | None
) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    for path in house.paths.root.glob("key*.json"):
        path.unlink()
        if damage is not None:
            path.write_bytes(damage)
    before = house.files()
    vault = house.vault()
    status = await vault.open()
    assert status.state is VaultState.LOCKED
    assert isinstance(status.problem, HistoryUnreadableError)
    await vault.choose_unencrypted()
    await vault.choose_passphrase("x")
    assert house.files() == before


async def test_an_unencrypted_history_survives_the_loss_of_its_key_file(house: House) -> None:
    house.secrets.fault = KeyringUnavailableError(detail="none")
    vault = house.vault()
    await vault.open()
    await vault.choose_unencrypted()
    await write_chat(vault)
    await vault.close()
    for path in house.paths.root.glob("key*.json"):
        path.unlink()
    vault = house.vault()
    status = await vault.open()
    assert (status.state, status.protection) == (VaultState.OPEN, Protection.NONE)
    assert await chats_of(vault) == [MARKER]
    await vault.close()


def damage_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoil",
    [
        damage_page,
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:1000]),
        lambda path: path.write_bytes(b"\x00" * 8192),
        lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\x00" * 4080),
    ],
)
async def test_a_damaged_or_missing_database_is_never_replaced(
    house: House, spoil: Callable[[Path], object]
) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    spoil(house.paths.database)
    before = house.files()
    vault = house.vault()
    status = await vault.open()
    assert status.state is VaultState.LOCKED
    assert isinstance(status.problem, HistoryUnreadableError)
    await vault.choose_unencrypted()
    await vault.choose_passphrase("x")
    assert vault.status.state is VaultState.LOCKED
    after = house.files()
    assert {name: after[name] for name in before} == before


async def test_a_newer_key_file_is_left_alone(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await vault.close()
    values = house.key_json()
    house.paths.key_file.write_text(json.dumps({**values, "format": 2}))
    before = house.files()
    status = await house.vault().open()
    assert isinstance(status.problem, HistoryNewerError)
    assert house.files() == before


async def test_a_start_that_was_cut_off_before_the_database(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await vault.close()
    values = house.key_json()
    for path in house.paths.root.iterdir():
        path.unlink()
    house.paths.key_file.write_text(json.dumps({**values, "made": False}))
    house.paths.database.touch()
    vault = house.vault()
    assert (await vault.open()).state is VaultState.OPEN
    await write_chat(vault)
    await vault.close()


async def test_a_start_that_was_cut_off_after_the_database(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    values = house.key_json()
    house.paths.key_file.write_text(json.dumps({**values, "made": False}))
    vault = house.vault()
    assert (await vault.open()).state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    assert house.key_json()["made"] is True
    await vault.close()


async def test_a_key_file_that_cannot_be_written(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = house.key_json()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(HistoryDiskError):
        await vault.make_recovery_code()
    status = await vault.choose_passphrase("x")
    assert status.state is VaultState.OPEN
    assert isinstance(status.problem, HistoryDiskError)
    monkeypatch.undo()
    assert house.key_json() == before
    assert house.secrets.entries
    await vault.close()
    vault = house.vault()
    assert (await vault.open()).state is VaultState.OPEN
    await vault.close()


async def test_chats_can_be_read_though_the_disk_takes_nothing(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    for name in ("history.db-shm", "history.db-wal"):
        house.paths.root.joinpath(name).symlink_to(house.paths.root / "none" / "file")
    vault = house.vault()
    status = await vault.open()
    assert status.state is VaultState.OPEN
    assert isinstance(status.problem, HistoryDiskError)
    assert await chats_of(vault) == [MARKER]
    with pytest.raises(HistoryDiskError):
        await write_chat(vault)
    await vault.close()

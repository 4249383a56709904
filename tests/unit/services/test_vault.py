import asyncio
import stat

import pytest

from assistant.domain.chat import MessageState, Provenance
from assistant.domain.errors import (
    HearthError,
    HistoryDiskError,
    KeyMissingError,
    KeyringLockedError,
    KeyringUnavailableError,
    WrongPassphraseError,
    WrongRecoveryCodeError,
)
from assistant.domain.events import ChatsChanged
from assistant.domain.vault import Protection, VaultState
from assistant.services.vault import VaultService
from assistant.settings.store import SettingsStore
from assistant.settings.table import RECOVERY_OFFERED
from assistant.storage.history import open_history
from tests.unit.services.vault_house import MARKER, House, chats_of, write_chat


async def test_the_first_run_makes_a_key_and_every_later_one_finds_it(house: House) -> None:
    vault = house.vault()
    status = await vault.open()
    assert (status.state, status.protection) == (VaultState.OPEN, Protection.KEYRING)
    assert status.problem is None
    await write_chat(vault)
    await vault.close()
    assert vault.history is None

    again = house.vault()
    assert (await again.open()).state is VaultState.OPEN
    assert await chats_of(again) == [MARKER]
    assert ChatsChanged() in house.events
    await again.close()


async def test_nothing_lies_open_and_no_one_else_may_read(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    assert vault.history is not None
    await vault.history.create_chat(f"title {MARKER}")
    await vault.make_recovery_code()
    (key,) = house.secrets.entries.values()
    while_open = house.files()
    await vault.close()
    for files in (while_open, house.files()):
        for name, data in files.items():
            assert MARKER.encode() not in data, name
            assert MARKER.encode("utf-16-le") not in data, name
            assert bytes.fromhex(key) not in data, name
            assert key.encode() not in data, name
            assert not data.startswith(b"SQLite format 3"), name
    for path in house.paths.root.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE(house.paths.root.stat().st_mode) == 0o700


async def test_the_key_is_read_back_before_anything_is_encrypted(house: House) -> None:
    house.secrets.forgets_at_once = True
    status = await house.vault().open()
    assert status.state is VaultState.NEW
    assert isinstance(status.problem, KeyringUnavailableError)
    assert not house.paths.database.exists()
    assert not house.paths.key_file.exists()


@pytest.mark.parametrize("fault", [KeyringUnavailableError(detail="none"), KeyringLockedError()])
async def test_no_keyring_at_the_first_start_asks_the_user(
    house: House, fault: HearthError
) -> None:
    house.secrets.fault = fault
    vault = house.vault()
    status = await vault.open()
    assert (status.state, status.problem) == (VaultState.NEW, fault)
    assert not house.paths.database.exists()
    house.secrets.fault = None
    assert (await vault.open()).state is VaultState.OPEN
    await vault.close()


@pytest.mark.parametrize("fault", [KeyringUnavailableError(detail="none"), KeyringLockedError()])
async def test_no_keyring_later_changes_nothing(house: House, fault: HearthError) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    before = house.files()
    house.secrets.fault = fault
    vault = house.vault()
    status = await vault.open()
    assert (status.state, status.protection) == (VaultState.LOCKED, Protection.KEYRING)
    assert status.problem is fault
    assert house.files() == before
    house.secrets.fault = None
    assert (await vault.open()).state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    await vault.close()


async def test_a_lost_entry_and_the_recovery_code(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    code = await vault.make_recovery_code()
    assert vault.status.has_recovery_code
    await vault.close()
    before = house.files()
    saved = dict(house.secrets.entries)
    house.secrets.entries.clear()

    vault = house.vault()
    status = await vault.open()
    assert status.state is VaultState.LOCKED
    assert isinstance(status.problem, KeyMissingError)
    assert status.has_recovery_code
    assert house.files() == before

    status = await vault.unlock_with_recovery_code("00000-" * 5 + "00000")
    assert isinstance(status.problem, WrongRecoveryCodeError)
    status = await vault.unlock_with_recovery_code(code.lower().replace("-", " "))
    assert (status.state, status.problem) == (VaultState.OPEN, None)
    assert await chats_of(vault) == [MARKER]
    assert house.secrets.entries == saved
    await vault.close()
    assert (await house.vault().open()).state is not VaultState.NEW


@pytest.mark.parametrize("wrong", ["00" * 32, "not hexadecimal", "", "ab"])
async def test_a_wrong_entry_never_touches_the_database(house: House, wrong: str) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    await vault.close()
    before = house.files()
    for name in house.secrets.entries:
        house.secrets.entries[name] = wrong
    status = await house.vault().open()
    assert status.state is VaultState.LOCKED
    assert isinstance(status.problem, KeyMissingError)
    assert house.files() == before


async def test_a_recovery_code_where_the_keyring_is_out_of_use(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    code = await vault.make_recovery_code()
    await vault.close()
    house.secrets.fault = KeyringLockedError()
    vault = house.vault()
    await vault.open()
    status = await vault.unlock_with_recovery_code(code)
    assert status.state is VaultState.OPEN
    assert isinstance(status.problem, KeyringLockedError)
    assert await chats_of(vault) == [MARKER]
    await vault.close()


async def test_only_the_last_recovery_code_opens(house: House) -> None:
    vault = house.vault()
    await vault.open()
    old, new = await vault.make_recovery_code(), await vault.make_recovery_code()
    await vault.close()
    house.secrets.entries.clear()
    vault = house.vault()
    await vault.open()
    status = await vault.unlock_with_recovery_code(old)
    assert isinstance(status.problem, WrongRecoveryCodeError)
    assert (await vault.unlock_with_recovery_code(new)).state is VaultState.OPEN
    await vault.close()
    assert SettingsStore(house.paths.settings).get(RECOVERY_OFFERED)


async def test_a_passphrase_from_the_first_start(house: House) -> None:
    house.secrets.fault = KeyringUnavailableError(detail="none")
    vault = house.vault()
    await vault.open()
    status = await vault.choose_passphrase("گذرواژه é")
    assert (status.state, status.protection) == (VaultState.OPEN, Protection.PASSPHRASE)
    await write_chat(vault)
    code = await vault.make_recovery_code()
    await vault.close()

    vault = house.vault()
    status = await vault.open()
    assert (status.state, status.problem) == (VaultState.LOCKED, None)
    status = await vault.unlock_with_passphrase("wrong")
    assert isinstance(status.problem, WrongPassphraseError)
    # Another keyboard composes é of two characters.
    assert (await vault.unlock_with_passphrase("گذرواژه e\u0301")).state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    await vault.close()

    vault = house.vault()
    await vault.open()
    assert (await vault.unlock_with_recovery_code(code)).state is VaultState.OPEN
    assert (await vault.choose_passphrase("new one")).state is VaultState.OPEN
    await vault.close()
    vault = house.vault()
    await vault.open()
    assert (await vault.unlock_with_passphrase("new one")).state is VaultState.OPEN
    await vault.close()
    assert house.secrets.entries == {}


async def test_from_the_keyring_to_a_passphrase_without_encrypting_again(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    (key,) = house.secrets.entries.values()
    status = await vault.choose_passphrase("words")
    assert status.protection is Protection.PASSPHRASE
    assert house.secrets.entries == {}
    await vault.close()
    vault = house.vault()
    await vault.open()
    await vault.unlock_with_passphrase("words")
    assert await chats_of(vault) == [MARKER]
    assert vault._key == bytes.fromhex(key)
    await vault.close()


async def test_unencrypted_only_by_plain_wish_and_only_at_the_beginning(house: House) -> None:
    vault = house.vault()
    await vault.open()
    await write_chat(vault)
    assert (await vault.choose_unencrypted()).protection is Protection.KEYRING
    await vault.close()
    house.secrets.entries.clear()
    vault = house.vault()
    await vault.open()
    before = house.files()
    assert (await vault.choose_unencrypted()).state is VaultState.LOCKED
    assert (await vault.choose_passphrase("x")).state is VaultState.LOCKED
    assert house.files() == before


async def test_an_unencrypted_history(house: House) -> None:
    house.secrets.fault = KeyringUnavailableError(detail="none")
    vault = house.vault()
    await vault.open()
    status = await vault.choose_unencrypted()
    assert (status.state, status.protection) == (VaultState.OPEN, Protection.NONE)
    await write_chat(vault)
    with pytest.raises(ValueError, match="encrypted"):
        await vault.make_recovery_code()
    await vault.close()
    assert house.paths.database.read_bytes().startswith(b"SQLite format 3")
    vault = house.vault()
    assert (await vault.open()).state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    await vault.close()


async def test_deleting_takes_the_text_out_of_every_byte(house: House) -> None:
    house.secrets.fault = KeyringUnavailableError(detail="none")
    vault = house.vault()
    await vault.open()
    await vault.choose_unencrypted()
    history = vault.history
    assert history is not None
    await write_chat(vault, "something that stays")
    chat = await history.create_chat(f"title {MARKER}")
    parent = await history.add_user_message(chat.id, None, f"{MARKER} " * 3_000)
    answer = await history.begin_answer(chat.id, parent.id, Provenance("id", MARKER))
    for length in range(1, 20):
        await history.save_answer(answer.id, MARKER * length)
    await history.end_answer(answer.id, MARKER, MessageState.DONE, None)
    assert any(MARKER.encode() in data for data in house.files().values())
    await history.delete_chat(chat.id)
    await history.purge_deleted()
    assert not any(MARKER.encode() in data for data in house.files().values())
    await vault.close()
    assert not any(MARKER.encode() in data for data in house.files().values())


async def test_hidden_chats_go_at_the_end_and_answers_in_progress_are_interrupted(
    house: House,
) -> None:
    vault = house.vault()
    await vault.open()
    assert vault.history is not None
    chat = await vault.history.create_chat("a")
    parent = await vault.history.add_user_message(chat.id, None, "q")
    await vault.history.begin_answer(chat.id, parent.id, Provenance("id", "name"))
    gone = await vault.history.create_chat("b")
    await vault.history.delete_chat(gone.id)
    other = house.vault(sole_user=False)
    await other.open()
    assert other.history is not None
    assert (await other.history.messages(chat.id))[-1].state is MessageState.STREAMING
    await other.history.undo_delete(gone.id)
    await other.history.delete_chat(gone.id)
    await other.close()
    await vault.close()

    vault = house.vault()
    await vault.open()
    assert vault.history is not None
    assert (await vault.history.messages(chat.id))[-1].state is MessageState.INTERRUPTED
    with pytest.raises(HearthError):
        await vault.history.undo_delete(gone.id)
    await vault.close()


async def test_two_first_starts_at_once_make_one_history(house: House) -> None:
    vaults = [house.vault(sole_user=False) for _ in range(4)]
    statuses = await asyncio.gather(*(vault.open() for vault in vaults))
    assert {status.state for status in statuses} == {VaultState.OPEN}
    assert len(house.secrets.entries) == 1
    for number, vault in enumerate(vaults):
        await write_chat(vault, str(number))
    assert await chats_of(vaults[0]) == ["3", "2", "1", "0"]
    for vault in vaults:
        await vault.close()


async def begin_unencrypted(house: House) -> VaultService:
    house.secrets.fault = KeyringUnavailableError(detail="none")
    vault = house.vault()
    await vault.open()
    await vault.choose_unencrypted()
    await write_chat(vault)
    return vault


async def test_an_unencrypted_history_is_encrypted_when_its_user_wants_it(house: House) -> None:
    vault = await begin_unencrypted(house)
    history = vault.history
    await vault.close()
    backup = house.paths.backups / "history-old.db"
    house.paths.backups.mkdir(mode=0o700)
    backup.write_bytes(house.paths.database.read_bytes())
    vault = house.vault()
    await vault.open()
    history = vault.history
    status = await vault.choose_passphrase("words")
    assert (status.state, status.protection) == (VaultState.OPEN, Protection.PASSPHRASE)
    assert vault.history is history, "whoever holds the service goes on with it"
    await write_chat(vault, "after")
    assert await chats_of(vault) == ["after", MARKER]
    await vault.make_recovery_code()
    await vault.close()
    for name, data in house.files().items():
        assert MARKER.encode() not in data, name
        assert not data.startswith(b"SQLite format 3"), name
    vault = house.vault()
    assert (await vault.open()).state is VaultState.LOCKED
    await vault.unlock_with_passphrase("words")
    assert await chats_of(vault) == ["after", MARKER]
    key = vault._key
    await vault.close()
    store = open_history(backup, key, house.paths.backups)
    assert len(store.chats()) == 1
    store.close()


@pytest.mark.parametrize(
    "where",
    [
        "storage.history.encrypted_copy",
        "storage.history.put_in_place",
        "storage.history.open_database",
        "services.vault.encrypt_backups",
    ],
)
async def test_encrypting_that_breaks_off_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    vault = await begin_unencrypted(house)

    def break_off(*_: object) -> None:
        raise HistoryDiskError(detail="the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(f"assistant.{where}", break_off)
        status = await vault.choose_passphrase("words")
        assert isinstance(status.problem, HistoryDiskError)
    await vault.close()

    vault = house.vault()
    status = await vault.open()
    if status.state is VaultState.LOCKED:
        assert status.protection is Protection.PASSPHRASE
        status = await vault.unlock_with_passphrase("words")
    assert status.state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    assert (await vault.choose_passphrase("again")).problem is None
    await vault.close()
    vault = house.vault()
    await vault.open()
    assert (await vault.unlock_with_passphrase("again")).state is VaultState.OPEN
    assert await chats_of(vault) == [MARKER]
    await vault.close()


async def test_nothing_is_encrypted_under_another_process(house: House) -> None:
    vault = await begin_unencrypted(house)
    other = house.vault(sole_user=False)
    await other.open()
    status = await vault.choose_passphrase("words")
    assert isinstance(status.problem, HistoryDiskError)
    assert status.protection is Protection.NONE
    await write_chat(vault, "goes on")
    assert await chats_of(other) == ["goes on", MARKER]
    await other.close()
    assert (await vault.choose_passphrase("words")).problem is None
    assert await chats_of(vault) == ["goes on", MARKER]
    await vault.close()

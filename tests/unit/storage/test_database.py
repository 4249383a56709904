"""Opening: what is refused, and that refusing changes nothing."""

import stat
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from assistant.domain.chat import Role
from assistant.domain.errors import (
    HistoryDiskError,
    HistoryNewerError,
    HistoryUnreadableError,
)
from assistant.storage import connection as connection_module
from assistant.storage import database as database_module
from assistant.storage.connection import Access, DriverError, connect
from assistant.storage.database import create_file, open_database
from assistant.storage.history import create_history, open_history
from assistant.storage.migrations import HISTORY, Schema, chats_and_messages


def make(path: Path, key: bytes | None, backups: Path) -> None:
    store = create_history(path, key, backups)
    store.add_message(store.create_chat("kept").id, None, Role.USER, "text")
    store.close()


def test_the_driver_is_new_enough_and_encrypts() -> None:
    assert dbapi2.sqlite_version_info >= (3, 51, 3)


def test_an_older_sqlite_is_refused(
    database: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.touch()
    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(DriverError, match="loses data"):
        connect(database, key)


def test_a_sqlite_that_does_not_encrypt_is_refused(
    database: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    database.touch()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 53, 0))
    monkeypatch.setattr(connection_module, "dbapi2", sqlite3)
    with pytest.raises(DriverError, match="SQLCipher"):
        connect(database, key)
    assert database.read_bytes() == b""


def test_every_setting_that_keeps_data_safe_is_in_force(
    database: Path, key: bytes, backups: Path
) -> None:
    make(database, key, backups)
    opened = open_database(database, key, backups)
    for pragma, value in {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "temp_store": 2,
        "trusted_schema": 0,
        "busy_timeout": 5000,
        "cipher_memory_security": "1",
    }.items():
        assert opened.tables.execute(f"PRAGMA {pragma}").fetchone()[0] == value, pragma
    opened.close()


def test_the_files_are_private_even_where_they_were_not(
    database: Path, key: bytes, backups: Path
) -> None:
    make(database, key, backups)
    database.chmod(0o644)
    store = open_history(database, key, backups)
    store.create_chat("x")
    names = {path.name for path in database.parent.glob("history.db*")}
    assert names == {"history.db", "history.db-wal", "history.db-shm"}
    for path in database.parent.glob("history.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    store.close()


@pytest.mark.parametrize("wrong", [bytes(32), None])
def test_a_wrong_key_changes_nothing(
    database: Path, key: bytes, backups: Path, wrong: bytes | None
) -> None:
    make(database, key, backups)
    before = database.read_bytes()
    assert not before.startswith(b"SQLite format 3")
    with pytest.raises(HistoryUnreadableError):
        open_history(database, wrong, backups)
    assert database.read_bytes() == before


def test_a_key_for_a_plain_file_changes_nothing(database: Path, key: bytes, backups: Path) -> None:
    make(database, None, backups)
    before = database.read_bytes()
    assert before.startswith(b"SQLite format 3")
    with pytest.raises(HistoryUnreadableError, match="should be encrypted"):
        open_history(database, key, backups)
    assert database.read_bytes() == before


def test_a_wrong_key_says_nothing_on_stderr(
    database: Path, key: bytes, backups: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(database, key, backups)
    with pytest.raises(HistoryUnreadableError):
        open_history(database, bytes(32), backups)
    assert capfd.readouterr().err == ""


def test_nothing_is_made_where_something_is(database: Path, key: bytes, backups: Path) -> None:
    make(database, key, backups)
    before = database.read_bytes()
    with pytest.raises(HistoryUnreadableError):
        create_history(database, key, backups)
    assert database.read_bytes() == before


def test_nothing_is_made_by_opening(database: Path, key: bytes, backups: Path) -> None:
    with pytest.raises(HistoryUnreadableError, match="gone"):
        open_history(database, key, backups)
    assert not database.exists()
    database.touch()
    with pytest.raises(HistoryUnreadableError, match="empty"):
        open_history(database, key, backups)
    assert database.read_bytes() == b""


def test_a_folder_that_is_not_there_is_a_matter_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(HistoryDiskError):
        create_file(tmp_path / "none" / "history.db")


@pytest.mark.parametrize("encrypted", [True, False])
def test_another_programs_database_is_left_alone(
    database: Path, key: bytes, backups: Path, encrypted: bool
) -> None:
    used = key if encrypted else None
    database.touch()
    other = connect(database, used)
    other.execute("CREATE TABLE recipes (name)")
    other.close()
    before = database.read_bytes()
    with pytest.raises(HistoryUnreadableError, match="not written by Hearth"):
        open_history(database, used, backups)
    assert database.read_bytes() == before


@pytest.mark.parametrize("encrypted", [True, False])
@pytest.mark.parametrize("in_the_log", [True, False])
def test_a_newer_database_keeps_every_byte(
    database: Path, key: bytes, backups: Path, encrypted: bool, in_the_log: bool
) -> None:
    used = key if encrypted else None
    make(database, used, backups)
    newer = connect(database, used)
    newer.execute("PRAGMA user_version = 99")
    if not in_the_log:
        newer.close()
    log = database.with_name("history.db-wal")
    before = database.read_bytes(), log.exists() and log.read_bytes()
    with pytest.raises(HistoryNewerError):
        open_history(database, used, backups)
    assert (database.read_bytes(), log.exists() and log.read_bytes()) == (
        before if in_the_log else (before[0], log.exists() and b"")
    )
    if in_the_log:
        newer.close()
    assert not backups.exists()


def damaged_at(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


def test_damage_anywhere_is_noticed_and_left_as_it_is(
    database: Path, key: bytes, backups: Path
) -> None:
    store = create_history(database, key, backups)
    chat = store.create_chat("")
    for number in range(40):
        store.add_message(chat.id, None, Role.USER, f"{number} " * 300)
    store.close()
    whole = database.read_bytes()
    with_damage = [damaged_at(whole, place) for place in range(7, len(whole), 4096)]
    cut = [whole[: len(whole) * part // 5] for part in range(1, 5)]
    for data in (*with_damage, *cut):
        database.write_bytes(data)
        with pytest.raises(HistoryUnreadableError):
            open_history(database, key, backups)
        assert database.read_bytes() == data
    database.write_bytes(whole)
    again = open_history(database, key, backups)
    assert len(again.chats()) == 1
    again.close()


# --- disks that do not take everything ---


def bar(file: Path) -> None:
    """Let nobody open or make this file."""
    file.symlink_to(file.parent / "no such folder" / "file")


def test_where_there_is_no_room_for_shared_memory_chats_are_read_and_written_alone(
    database: Path, key: bytes, backups: Path
) -> None:
    make(database, key, backups)
    bar(database.with_name("history.db-shm"))
    store = open_history(database, key, backups)
    assert isinstance(store.problem, HistoryDiskError)
    assert [chat.title for chat in store.chats()] == ["kept"]
    store.create_chat("written")
    store.close()


def test_where_nothing_can_be_written_chats_are_read(
    database: Path, key: bytes, backups: Path
) -> None:
    make(database, key, backups)
    before = database.read_bytes()
    bar(database.with_name("history.db-shm"))
    bar(database.with_name("history.db-wal"))
    store = open_history(database, key, backups)
    assert isinstance(store.problem, HistoryDiskError)
    assert [chat.title for chat in store.chats()] == ["kept"]
    with pytest.raises(HistoryDiskError, match="can't be written"):
        store.create_chat("new")
    store.close()
    assert database.read_bytes() == before


def test_a_log_that_could_not_be_seen_is_never_left_out(
    database: Path, key: bytes, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(database, key, backups)
    whole = database.read_bytes()
    store = open_history(database, key, backups)
    store.create_chat("in the log")
    log = database.with_name("history.db-wal").read_bytes()
    store.close()
    database.write_bytes(whole)
    database.with_name("history.db-wal").write_bytes(log)
    bar(database.with_name("history.db-shm"))
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "_WAYS", (Access.SHARED, Access.FROZEN))
        with pytest.raises(HistoryDiskError):
            open_history(database, key, backups)
    store = open_history(database, key, backups)
    assert [chat.title for chat in store.chats()] == ["in the log", "kept"]
    store.close()


def test_a_file_that_another_program_holds(
    database: Path, key: bytes, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(database, key, backups)
    monkeypatch.setattr(connection_module, "_SAFE", ("PRAGMA busy_timeout = 10",))
    other = connect(database, key, Access.ALONE)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(HistoryDiskError, match="another program"):
        open_history(database, key, backups)
    other.execute("ROLLBACK")
    other.close()


# --- migrations ---


def adds_a_column(database: Database) -> None:
    database.conn.execute("ALTER TABLE chats ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0")


def fails_half_way(database: Database) -> None:
    database.conn.execute("CREATE TABLE half_way (id)")
    raise RuntimeError("a step that fails")


def columns(path: Path, key: bytes | None) -> set[str]:
    looking = connect(path, key, Access.LOOK)
    found = {row[1] for row in looking.execute("PRAGMA table_info(chats)").fetchall()}
    looking.close()
    return found


@pytest.mark.parametrize("encrypted", [True, False])
def test_before_each_step_there_is_a_copy_that_opens(
    database: Path, key: bytes, backups: Path, encrypted: bool
) -> None:
    used = key if encrypted else None
    make(database, used, backups)
    assert not backups.exists()
    newer = Schema(chats_and_messages, adds_a_column)
    opened = open_database(database, used, backups, schema=newer)
    assert opened.tables.execute("PRAGMA user_version").fetchone()[0] == 2
    opened.close()
    assert "pinned" in columns(database, used)
    (copy,) = backups.iterdir()
    assert copy.name.endswith("-before-adds_a_column.db")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700
    assert copy.read_bytes().startswith(b"SQLite format 3") is not encrypted
    assert "pinned" not in columns(copy, used)
    restored = open_history(copy, used, backups)
    assert [chat.title for chat in restored.chats()] == ["kept"]
    restored.close()
    with pytest.raises(HistoryNewerError):
        open_history(database, used, backups)


def test_a_step_that_fails_leaves_the_old_schema(database: Path, key: bytes, backups: Path) -> None:
    make(database, key, backups)
    newer = Schema(chats_and_messages, adds_a_column, fails_half_way)
    with pytest.raises(RuntimeError):
        open_database(database, key, backups, schema=newer)
    assert len(list(backups.iterdir())) == 2
    opened = open_database(database, key, backups, schema=Schema(chats_and_messages, adds_a_column))
    assert opened.tables.execute("PRAGMA user_version").fetchone()[0] == 2
    assert "half_way" not in opened.tables.table_names()
    opened.close()


def test_no_step_without_its_copy(database: Path, key: bytes, backups: Path) -> None:
    make(database, key, backups)
    backups.write_text("in the way")
    with pytest.raises(HistoryDiskError):
        open_database(database, key, backups, schema=Schema(chats_and_messages, adds_a_column))
    assert "pinned" not in columns(database, key)


def test_a_first_start_that_was_cut_off_goes_on(database: Path, key: bytes, backups: Path) -> None:
    create_file(database)
    begun = connect(database, key)
    begun.execute("PRAGMA journal_mode = WAL")
    begun.execute(
        "CREATE TABLE _sqlite_migrations"
        " (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT)"
    )
    begun.close()
    store = open_history(database, key, backups)
    assert store.chats() == []
    store.close()


def test_the_oldest_schema_comes_up_to_date_with_all_that_was_in_it(
    database: Path, key: bytes, backups: Path
) -> None:
    dump = Path(__file__).with_name("history_1.sql").read_text()
    database.touch()
    old = connect(database, key)
    old.executescript(dump)
    old.close()
    store = open_history(database, key, backups)
    (chat,) = store.chats()
    assert chat.title == "Tea"
    assert [message.text for message in store.branch(chat.id)] == ["What is tea?", "A leaf."]
    migrated = schema_of(database, key)
    store.close()
    fresh = database.with_name("fresh.db")
    create_history(fresh, key, backups).close()
    assert schema_of(fresh, key) == migrated


def schema_of(path: Path, key: bytes) -> tuple[int, list[tuple[str, str]]]:
    looking = connect(path, key, Access.LOOK)
    version = looking.execute("PRAGMA user_version").fetchone()[0]
    rows = looking.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    looking.close()
    return version, [(name, " ".join((sql or "").split())) for name, sql in rows]


def test_the_schema_only_grows() -> None:
    assert HISTORY._names[:1] == ["chats_and_messages"]

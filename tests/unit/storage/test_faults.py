"""Faults of the disk: said in our words, and nothing half done."""

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from assistant.domain.chat import MessageId, Role
from assistant.domain.errors import HistoryDiskError, HistoryUnreadableError
from assistant.storage.connection import connect
from assistant.storage.faults import translated
from assistant.storage.history import HistoryStore


def test_a_full_disk_undoes_the_whole_change_and_reading_goes_on(store: HistoryStore) -> None:
    chat = store.create_chat("")
    tables = store._database.tables
    pages = tables.execute("PRAGMA page_count").fetchone()[0]
    tables.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(HistoryDiskError, match="full"):
        store.add_message(chat.id, None, Role.USER, "x" * 1_000_000)
    assert store.branch(chat.id) == []
    tables.execute("PRAGMA max_page_count = 1000000")
    added = store.add_message(chat.id, None, Role.USER, "x" * 1_000_000)
    assert store.branch(chat.id) == [added]


def test_a_disk_that_became_read_only(store: HistoryStore) -> None:
    chat = store.create_chat("still there")
    store._database.tables.execute("PRAGMA query_only = ON")
    with pytest.raises(HistoryDiskError, match="can't be written"):
        store.create_chat("new")
    assert store.chats() == [chat]
    store._database.tables.execute("PRAGMA query_only = OFF")
    store.create_chat("new")


def test_another_program_that_writes(store: HistoryStore, database: Path, key: bytes) -> None:
    store._database.tables.execute("PRAGMA busy_timeout = 10")
    other = connect(database, key)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryDiskError, match="another program"):
        store.create_chat("new")
    assert store.chats() == []
    other.execute("ROLLBACK")
    other.close()
    store.create_chat("new")


def test_a_change_that_breaks_off_is_undone(store: HistoryStore) -> None:
    chat = store.create_chat("")

    def half_a_change() -> None:
        with store._database.writing() as tables:
            tables.table("chats").update(chat.id, {"title": "half"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half_a_change()
    assert store.chats()[0].title == ""


def test_a_tree_cannot_be_broken_by_a_bug_of_ours(store: HistoryStore) -> None:
    one, two = store.create_chat("1"), store.create_chat("2")
    foreign = store.add_message(one.id, None, Role.USER, "x")

    def point_elsewhere() -> None:
        with store._database.writing() as tables:
            tables.table("chats").update(two.id, {"tip_id": foreign.id})

    with pytest.raises(dbapi2.IntegrityError):
        point_elsewhere()
    assert store.branch(two.id) == []
    assert store.branch(one.id)[0].id == MessageId(foreign.id)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (dbapi2.SQLITE_FULL, HistoryDiskError),
        (dbapi2.SQLITE_IOERR | 3 << 8, HistoryDiskError),
        (dbapi2.SQLITE_READONLY | 1 << 8, HistoryDiskError),
        (dbapi2.SQLITE_CANTOPEN, HistoryDiskError),
        (dbapi2.SQLITE_CORRUPT | 1 << 8, HistoryUnreadableError),
        (dbapi2.SQLITE_NOTADB, HistoryUnreadableError),
    ],
)
def test_extended_codes_mean_what_their_primary_ones_do(code: int, error: type[Exception]) -> None:
    fault = dbapi2.OperationalError("as SQLite says it")
    fault.sqlite_errorcode = code
    with pytest.raises(error) as caught, translated(Path("/x")):
        raise fault
    assert caught.value.__cause__ is fault


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(dbapi2.ProgrammingError), translated(Path("/x")):
        raise dbapi2.ProgrammingError("closed")

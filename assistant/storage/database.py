"""The history database: opened only when it is sound, ours and not newer than we are."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils
from sqlcipher3 import dbapi2

from assistant.domain.errors import (
    HistoryDiskError,
    HistoryNewerError,
    HistoryUnreadableError,
)
from assistant.storage.backups import back_up
from assistant.storage.connection import Access, connect, is_plain, tables_of
from assistant.storage.faults import is_busy, translated
from assistant.storage.migrations import APPLICATION_ID, HISTORY, MIGRATIONS_TABLE, Schema

PRIVATE_FILE = 0o600


class HistoryDatabase:
    """One open database. Belongs to the thread that opened it.

    `problem` is set where it was opened though the disk does not take all that it should:
    reading works, and writing may again once there is room.
    """

    def __init__(
        self,
        path: Path,
        connection: dbapi2.Connection,
        problem: HistoryDiskError | None = None,
    ) -> None:
        self.problem = problem
        self.is_open = True
        self._path = path
        self.connection = connection
        self.tables = tables_of(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite_utils.Database]:
        """One transaction: all of it is on the disk when the block ends, or nothing.

        Raises HistoryDiskError (full, read-only, failing disk) or HistoryUnreadableError; the
        database is as it was before then, and can be used on.
        """
        with translated(self._path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.tables
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        """One consistent look. Raises HistoryDiskError or HistoryUnreadableError."""
        with translated(self._path):
            self.connection.execute("BEGIN")
            try:
                yield self.tables
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    def forget_old_pages(self) -> None:
        """Empty the write-ahead log, so that it holds nothing of what was deleted."""
        with translated(self._path):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it."""
        self.is_open = False
        self.connection.close()


def create_file(path: Path) -> None:
    """Make an empty database file that only this user can read.

    A file of 0 bytes may be there from a start that was cut off; any other is never touched:
    HistoryUnreadableError. Raises HistoryDiskError where the folder can't be written.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE))
        size = path.stat().st_size
    except OSError as error:
        raise HistoryDiskError(detail=error.strerror or str(error)) from error
    if size:
        raise HistoryUnreadableError(path=str(path), detail="it is there already")


def open_database(
    path: Path,
    key: bytes | None,
    backups: Path,
    *,
    new: bool = False,
    schema: Schema = HISTORY,
) -> HistoryDatabase:
    """Open an existing file, check it and bring its schema up to date.

    `key`: 32 bytes, or None for a history that is not encrypted. Only a `new` one may be empty.
    Before each step of the schema a checked copy goes into `backups`. Raises
    HistoryUnreadableError (missing, damaged, wrong key, not ours), HistoryNewerError,
    HistoryDiskError; the file is as it was then.
    """
    empty = _look_at_file(path, key)
    if empty and not new:
        raise HistoryUnreadableError(path=str(path), detail="the file is empty")
    problem: HistoryDiskError | None = None
    for access in _WAYS:
        if access is Access.FROZEN and _has_log(path):
            break
        try:
            with translated(path):
                connection = _connect_checked(path, key, schema, access, empty=empty)
                try:
                    schema.apply(tables_of(connection), _backup_maker(connection, backups, key))
                except BaseException:
                    connection.close()
                    raise
        except HistoryDiskError as error:
            problem = problem or error
            if is_busy(error):
                break
        else:
            return HistoryDatabase(path, connection, problem)
    raise problem or HistoryDiskError(detail="it can't be opened")


_WAYS = (Access.SHARED, Access.ALONE, Access.FROZEN)
"""The second is for a full disk, the third for a read-only one: chats can still be read."""


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.is_file() and log.stat().st_size > 0


def _connect_checked(
    path: Path, key: bytes | None, schema: Schema, access: Access, *, empty: bool
) -> dbapi2.Connection:
    if access is Access.SHARED and not empty:
        # First only a look: a database of a newer Hearth keeps every byte, its log's too.
        connection = connect(path, key, Access.LOOK)
        try:
            _refuse_strangers(path, connection, schema)
        finally:
            connection.close()
    connection = connect(path, key, access)
    try:
        _refuse_strangers(path, connection, schema)
        _prepare(path, connection, access)
    except BaseException:
        connection.close()
        raise
    return connection


def _look_at_file(path: Path, key: bytes | None) -> bool:
    """Refuse a file that can't be what it should be. Tells whether it is empty."""
    try:
        plain = is_plain(path)
        empty = path.stat().st_size == 0
        _make_private(path)
    except FileNotFoundError as error:
        raise HistoryUnreadableError(path=str(path), detail="the file is gone") from error
    except OSError as error:
        raise HistoryDiskError(detail=error.strerror or str(error)) from error
    if key is not None and plain:
        raise HistoryUnreadableError(path=str(path), detail="it should be encrypted, but is not")
    if key is None and not plain and not empty:
        raise HistoryUnreadableError(path=str(path), detail="it is encrypted or damaged")
    return empty


def _make_private(path: Path) -> None:
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            file.chmod(PRIVATE_FILE)


def _refuse_strangers(path: Path, connection: dbapi2.Connection, schema: Schema) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    # A start that was cut off may have left the list of steps, still empty.
    tables = set(tables_of(connection).table_names()) - {MIGRATIONS_TABLE}
    if tables and owner != APPLICATION_ID:
        raise HistoryUnreadableError(path=str(path), detail="it was not written by Hearth")
    if version > schema.newest:
        raise HistoryNewerError(path=str(path))


def _prepare(path: Path, connection: dbapi2.Connection, access: Access) -> None:
    problem = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise HistoryUnreadableError(path=str(path), detail="a check found damage in it")
    if access is not Access.FROZEN:
        connection.execute("PRAGMA journal_mode = WAL")


def _backup_maker(
    connection: dbapi2.Connection, backups: Path, key: bytes | None
) -> Callable[[str], None]:
    # A database without tables is being made now: there is nothing yet that could be lost.
    version = connection.execute("PRAGMA user_version").fetchone()[0]

    def before(step: str) -> None:
        if version:
            back_up(connection, backups, f"before-{step}", key)

    return before

"""Copies of the database that are known to open."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2

from assistant.domain.errors import HistoryDiskError
from assistant.storage.connection import Access, connect, tables_of

_UNFINISHED = ".unfinished"


def back_up(source: dbapi2.Connection, folder: Path, label: str, key: bytes | None) -> Path:
    """Copy an open database into `folder`, under the same key, and check the copy.

    It gets its name only once it was opened, checked and found to hold as many rows. Gives its
    path. Raises HistoryDiskError, and the driver's errors.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        final = folder / f"history-{moment}-{label}.db"
        unfinished = final.with_name(final.name + _UNFINISHED)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise HistoryDiskError(detail="no backup can be made") from error
    try:
        _copy(source, unfinished, key)
        check_copy(source, unfinished, key)
        unfinished.replace(final)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return final


def _copy(source: dbapi2.Connection, path: Path, key: bytes | None) -> None:
    target = connect(path, key)
    try:
        source.backup(target)
        # One file that is whole by itself, without a WAL beside it.
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()


def check_copy(source: dbapi2.Connection, path: Path, key: bytes | None) -> None:
    """Open a copy, check it and count its rows. Raises HistoryDiskError where it is not whole."""
    copy = connect(path, key, Access.LOOK)
    try:
        sound = copy.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]
        if not sound or _counts(copy) != _counts(source):
            raise HistoryDiskError(detail="the copy was damaged while it was written")
    finally:
        copy.close()


def _counts(connection: dbapi2.Connection) -> dict[str, int]:
    return {table.name: table.count for table in tables_of(connection).tables}


def sync_folder(folder: Path) -> None:
    """Make a new name in `folder` last."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

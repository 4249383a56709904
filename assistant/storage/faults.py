"""What SQLite's errors mean to a user."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2

from assistant.domain.errors import HistoryDiskError, HistoryUnreadableError

_PRIMARY = 0xFF
"""Extended result codes keep their primary code in the low byte (sqlite.org/rescode.html)."""

_DISK = {
    dbapi2.SQLITE_FULL: "the disk is full",
    dbapi2.SQLITE_IOERR: "the disk reports an error",
    dbapi2.SQLITE_READONLY: "the folder can't be written",
    dbapi2.SQLITE_CANTOPEN: "the file can't be opened",
    dbapi2.SQLITE_PERM: "the file may not be opened",
    dbapi2.SQLITE_BUSY: "another program is using the file",
    dbapi2.SQLITE_LOCKED: "another program is using the file",
}
_DAMAGE = {
    dbapi2.SQLITE_CORRUPT: "the file is damaged",
    dbapi2.SQLITE_NOTADB: "the file is damaged, or not a history",
}


_BUSY = {dbapi2.SQLITE_BUSY, dbapi2.SQLITE_LOCKED}


def is_busy(error: HistoryDiskError) -> bool:
    """Tell whether only another program stood in the way."""
    return _primary(error.__cause__) in _BUSY


def _primary(error: BaseException | None) -> int:
    code: int = getattr(error, "sqlite_errorcode", dbapi2.SQLITE_OK)
    return code & _PRIMARY


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the driver's errors about disk and damage into ours; let every other one through.

    Raises HistoryDiskError or HistoryUnreadableError.
    """
    try:
        yield
    except dbapi2.Error as error:
        code = _primary(error)
        if code in _DISK:
            raise HistoryDiskError(detail=_DISK[code]) from error
        if code in _DAMAGE:
            raise HistoryUnreadableError(path=str(path), detail=_DAMAGE[code]) from error
        raise

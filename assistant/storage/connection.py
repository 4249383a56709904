"""Opening SQLite with a key, and the settings that make it safe."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

import sqlite_utils
from sqlcipher3 import dbapi2

OLDEST_SQLITE = (3, 51, 3)
"""Older ones lose data when a WAL is reset (sqlite.org/wal.html#walresetbug)."""

PLAIN_HEADER = b"SQLite format 3\x00"
KEY_BYTES = 32
BUSY_MS = 5_000
WAL_BYTES_KEPT = 16 * 1024 * 1024

_SAFE = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    # Sorting never spills a chat into a temporary file.
    "PRAGMA temp_store = MEMORY",
    # A commit that was acknowledged survives a power cut; WAL with NORMAL loses some.
    "PRAGMA synchronous = FULL",
    f"PRAGMA journal_size_limit = {WAL_BYTES_KEPT}",
)
_MACOS = ("PRAGMA fullfsync = ON", "PRAGMA checkpoint_fullfsync = ON")


class Access(StrEnum):
    """How a file is opened. The values are what SQLite's URI takes (sqlite.org/uri.html)."""

    SHARED = "mode=rw"
    """To read and write, beside other processes. Needs room for a file of shared memory."""
    ALONE = "mode=rw&"
    """To read and write, with every other process shut out. Needs no room until it writes."""
    LOOK = "mode=ro"
    """To read only; not a byte of the database or its log is changed."""
    FROZEN = "mode=ro&immutable=1"
    """To read a file that nobody can change, on a read-only disk. Its log is not seen."""


class DriverError(RuntimeError):
    """The SQLite that came with the program must not touch a history: a broken build."""


def connect(path: Path, key: bytes | None, access: Access = Access.SHARED) -> dbapi2.Connection:
    """Open an existing file, with a raw 256-bit key or (None) without encryption.

    The connection belongs to the calling thread. Nothing is read yet: a wrong key shows at the
    first statement. Raises DriverError, and the driver's own errors.
    """
    _check_driver()
    address = f"{path.absolute().as_uri()}?{access.value}"
    connection = dbapi2.connect(address, isolation_level=None, uri=True)
    try:
        _unlock(connection, key)
        if access is Access.ALONE:
            # The index of the log is then in memory, not in a file (sqlite.org/wal.html#noshm).
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        for statement in _SAFE + (_MACOS if sys.platform == "darwin" else ()):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def tables_of(connection: dbapi2.Connection) -> sqlite_utils.Database:
    """Wrap a connection in sqlite-utils, whose types name the class that ours was forked from."""
    return sqlite_utils.Database(cast("Any", connection), execute_plugins=False)


def is_plain(path: Path) -> bool:
    """Tell whether the file is a SQLite database that is not encrypted."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER


def _unlock(connection: dbapi2.Connection, key: bytes | None) -> None:
    # SQLCipher writes what it thinks of a wrong key to stderr; we say it ourselves.
    connection.execute("PRAGMA cipher_log_level = NONE")
    # Keys and pages in memory are kept out of the swap file where the system allows it.
    connection.execute("PRAGMA cipher_memory_security = ON")
    if key is None:
        return
    if len(key) != KEY_BYTES:
        raise ValueError("the key of a history has 256 bits")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def _check_driver() -> None:
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise DriverError(f"SQLite {dbapi2.sqlite_version} has a bug that loses data")
    probe = dbapi2.connect(":memory:")
    try:
        # Without SQLCipher, `PRAGMA key` does nothing and says nothing: chats would lie open.
        if not probe.execute("PRAGMA cipher_version").fetchone():
            raise DriverError("this SQLite has no SQLCipher")
    finally:
        probe.close()

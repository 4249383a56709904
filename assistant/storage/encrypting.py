"""Encrypting a history that was not encrypted, when its user changes their mind.

SQLCipher writes an encrypted copy beside it (`sqlcipher_export`, zetetic.net/sqlcipher).
Only when that was opened, checked and counted does it take the place of the old file.
"""

from pathlib import Path

from sqlcipher3 import dbapi2

from assistant.domain.errors import HistoryDiskError
from assistant.storage.backups import check_copy, sync_folder
from assistant.storage.connection import connect, is_plain
from assistant.storage.database import create_file
from assistant.storage.faults import translated


def encrypted_copy(source: dbapi2.Connection, path: Path, key: bytes) -> None:
    """Write what `source` holds into a new file under `key`, and check it.

    A rest of a try that was cut off is replaced. Raises HistoryDiskError and
    HistoryUnreadableError; `source` is as it was.
    """
    path.unlink(missing_ok=True)
    create_file(path)
    try:
        with translated(path):
            _export(source, path, key)
            check_copy(source, path, key)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def put_in_place(copy: Path, path: Path) -> None:
    """Let the copy take the place of a closed database. Raises HistoryDiskError."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        # Its frames would be taken for the new file's.
        raise HistoryDiskError(detail="another program is using the file")
    try:
        copy.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise HistoryDiskError(detail=error.strerror or str(error)) from error


def encrypt_backups(folder: Path, key: bytes) -> None:
    """Put every copy that is not encrypted under `key`. Raises as `encrypted_copy`."""
    for plain in sorted(folder.glob("*.db")):
        if not is_plain(plain):
            continue
        copy = plain.with_suffix(".encrypting")
        with translated(plain):
            source = connect(plain, None)
            try:
                encrypted_copy(source, copy, key)
            finally:
                source.close()
        put_in_place(copy, plain)


def _export(source: dbapi2.Connection, path: Path, key: bytes) -> None:
    version = source.execute("PRAGMA user_version").fetchone()[0]
    owner = source.execute("PRAGMA application_id").fetchone()[0]
    source.execute(f"ATTACH DATABASE ? AS sealed KEY \"x'{key.hex()}'\"", [str(path)])
    try:
        # Tables are filled one after the other, and they refer to each other.
        source.execute("PRAGMA foreign_keys = OFF")
        source.execute("SELECT sqlcipher_export('sealed')").fetchall()
        source.execute(f"PRAGMA sealed.user_version = {version}")
        source.execute(f"PRAGMA sealed.application_id = {owner}")
    finally:
        source.execute("PRAGMA foreign_keys = ON")
        source.execute("DETACH DATABASE sealed")

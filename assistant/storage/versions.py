"""Which SQLite and SQLCipher came with this program."""

from sqlcipher3 import dbapi2


def sqlite_version() -> str:
    """Version of SQLite itself."""
    return str(dbapi2.sqlite_version)


def sqlcipher_version() -> str:
    """Version of its encryption; empty where this build has none."""
    probe = dbapi2.connect(":memory:")
    try:
        row = probe.execute("PRAGMA cipher_version").fetchone()
    finally:
        probe.close()
    return str(row[0]) if row else ""

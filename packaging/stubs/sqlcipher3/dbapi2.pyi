# What we use of sqlcipher3 0.6: a fork of CPython's sqlite3, without its `autocommit`.
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

sqlite_version: str
sqlite_version_info: tuple[int, int, int]

SQLITE_OK: int
SQLITE_PERM: int
SQLITE_BUSY: int
SQLITE_LOCKED: int
SQLITE_READONLY: int
SQLITE_IOERR: int
SQLITE_CORRUPT: int
SQLITE_FULL: int
SQLITE_CANTOPEN: int
SQLITE_NOTADB: int

class Warning(Exception): ...

class Error(Exception):
    # Missing on errors that SQLite itself did not report.
    sqlite_errorcode: int
    sqlite_errorname: str

class InterfaceError(Error): ...
class DatabaseError(Error): ...
class DataError(DatabaseError): ...
class OperationalError(DatabaseError): ...
class IntegrityError(DatabaseError): ...
class InternalError(DatabaseError): ...
class ProgrammingError(DatabaseError): ...
class NotSupportedError(DatabaseError): ...

class Cursor:
    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def close(self) -> None: ...

class Connection:
    isolation_level: str | None
    row_factory: Any
    @property
    def in_transaction(self) -> bool: ...
    def execute(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ..., /
    ) -> Cursor: ...
    def executemany(
        self, sql: str, parameters: Iterable[Sequence[Any] | Mapping[str, Any]], /
    ) -> Cursor: ...
    def executescript(self, sql: str, /) -> Cursor: ...
    def backup(
        self,
        target: Connection,
        *,
        pages: int = ...,
        progress: Callable[[int, int, int], object] | None = ...,
        name: str = ...,
        sleep: float = ...,
    ) -> None: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...

def connect(
    database: str,
    timeout: float = ...,
    detect_types: int = ...,
    isolation_level: str | None = ...,
    check_same_thread: bool = ...,
    cached_statements: int = ...,
    uri: bool = ...,
) -> Connection: ...

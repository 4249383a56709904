"""The schema of the history, as steps that are only ever appended to.

`user_version` counts the steps that a database has seen: a number above ours means that a newer
Hearth wrote it. Each step runs in one transaction with its own record.
"""

from collections.abc import Callable

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x48525448
"""`HRTH` in the header of the file: says that a database is ours (sqlite.org/fileformat.html)."""

MIGRATIONS_TABLE = Migrations.migrations_table
"""Where sqlite-utils notes which steps were done."""

Step = Callable[[Database], None]


class Schema:
    """A row of steps, oldest first."""

    def __init__(self, *steps: Step) -> None:
        self._migrations = Migrations("hearth")
        self._names = [step.__name__ for step in steps]
        for number, step in enumerate(steps, start=1):
            self._migrations(name=step.__name__)(_numbered(number, step))

    @property
    def newest(self) -> int:
        """The `user_version` of a database that has seen every step."""
        return len(self._names)

    def apply(self, database: Database, before_each: Callable[[str], None]) -> None:
        """Bring the database up to date. `before_each` is called with the name of each step.

        Raises what a step or `before_each` raises; the steps before it stay done.
        """
        for step in self._migrations.pending(database):
            before_each(step.name)
            later = self._names[self._names.index(step.name) + 1 :]
            self._migrations.apply(database, stop_before=later)


def _numbered(number: int, step: Step) -> Step:
    def run(database: Database) -> None:
        step(database)
        database.conn.execute(f"PRAGMA user_version = {number}")

    return run


def chats_and_messages(database: Database) -> None:
    """Chats, their messages as trees, and where each answer came from.

    Times are microseconds since 1970, UTC. The pair (chat_id, parent_id) keeps a tree within
    its chat. Deleting goes by chat: a cascade along parents would meet SQLite's limit of depth.
    """
    for statement in (
        f"PRAGMA application_id = {APPLICATION_ID}",
        """
        CREATE TABLE chats (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            tip_id TEXT,
            deleted_at INTEGER,
            FOREIGN KEY (id, tip_id) REFERENCES messages (chat_id, id)
        ) STRICT
        """,
        """
        CREATE TABLE messages (
            id TEXT PRIMARY KEY,
            chat_id TEXT NOT NULL REFERENCES chats (id),
            parent_id TEXT,
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            text TEXT NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('streaming', 'done', 'stopped', 'interrupted', 'failed')),
            error_code TEXT NOT NULL DEFAULT '',
            created_at INTEGER NOT NULL,
            UNIQUE (chat_id, id),
            FOREIGN KEY (chat_id, parent_id) REFERENCES messages (chat_id, id)
        ) STRICT
        """,
        "CREATE INDEX messages_by_parent ON messages (chat_id, parent_id)",
        "CREATE INDEX messages_unfinished ON messages (state) WHERE state = 'streaming'",
        """
        CREATE TABLE answers (
            message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
            model_id TEXT NOT NULL,
            model_name TEXT NOT NULL,
            options TEXT NOT NULL,
            seed INTEGER,
            prompt_tokens INTEGER,
            cached_tokens INTEGER,
            completion_tokens INTEGER,
            context_tokens INTEGER,
            first_token_ms REAL,
            prompt_per_second REAL,
            predicted_per_second REAL,
            finish_reason TEXT
        ) STRICT
        """,
    ):
        database.conn.execute(statement)


HISTORY = Schema(chats_and_messages)

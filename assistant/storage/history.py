"""Chats and messages in the database. Synchronous; belongs to the database's thread."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import sqlite_utils

from assistant.domain.chat import (
    AnswerStats,
    Chat,
    ChatId,
    Message,
    MessageId,
    MessageState,
    Provenance,
    Role,
)
from assistant.domain.errors import ChatNotFoundError, HistoryDiskError, MessageNotFoundError
from assistant.storage.database import HistoryDatabase, create_file, open_database
from assistant.storage.encrypting import encrypted_copy, put_in_place
from assistant.storage.ids import IdMaker
from assistant.storage.kept import kept_questions, withdraw
from assistant.storage.rows import clean, from_time, to_chat, to_message

OPENING_LENGTH = 400
"""Characters of a chat's first message that `openings` gives."""

_MESSAGE = """
    SELECT messages.*, answers.* FROM messages LEFT JOIN answers ON message_id = messages.id
    WHERE messages.id = ?
"""
_BRANCH = """
    WITH RECURSIVE branch (id, parent_id, depth) AS (
        SELECT messages.id, parent_id, 0 FROM chats
            JOIN messages ON messages.id = chats.tip_id
            WHERE chats.id = ?
        UNION ALL
        SELECT messages.id, messages.parent_id, depth + 1 FROM branch
            JOIN messages ON messages.id = branch.parent_id
    )
    SELECT messages.*, answers.* FROM branch
        JOIN messages ON messages.id = branch.id
        LEFT JOIN answers ON message_id = messages.id
    ORDER BY depth DESC
"""
_DELETE_HIDDEN_MESSAGES = """
    DELETE FROM messages WHERE chat_id IN (SELECT id FROM chats WHERE deleted_at IS NOT NULL)
"""
# Ids grow with every message, whatever the clock does: the greatest one is the latest.
_NEWEST_FIRST = """
    deleted_at IS NULL ORDER BY coalesce(
        (SELECT max(messages.id) FROM messages WHERE chat_id = chats.id), chats.id
    ) DESC
"""
_OPENINGS = """
    SELECT chats.id, (
        SELECT substr(text, 1, ?) FROM messages
        WHERE chat_id = chats.id AND role = 'user' ORDER BY messages.id LIMIT 1
    ) FROM chats WHERE title = '' AND deleted_at IS NULL
"""


def utc_now() -> datetime:
    """Give the time of the wall clock."""
    return datetime.now(UTC)


def open_history(path: Path, key: bytes | None, backups: Path) -> "HistoryStore":
    """Open the history that is there. Raises as `open_database`."""
    return HistoryStore(open_database(path, key, backups))


def create_history(path: Path, key: bytes | None, backups: Path) -> "HistoryStore":
    """Make a new history. Raises HistoryUnreadableError where there is one already."""
    create_file(path)
    return HistoryStore(open_database(path, key, backups, new=True))


class HistoryStore:
    """Every method is one transaction, on the disk when it returns.

    Each raises HistoryDiskError or HistoryUnreadableError where the disk fails.
    """

    def __init__(self, database: HistoryDatabase, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self.problem = database.problem
        with database.reading() as tables:
            newest = tables.execute(
                "SELECT max(id) FROM (SELECT max(id) AS id FROM chats"
                " UNION ALL SELECT max(id) FROM messages)"
            ).fetchone()[0]
        self._ids = IdMaker(lambda: from_time(clock()) // 1000, newest)

    # --- chats ---

    def chats(self) -> list[Chat]:
        """All chats but the deleted, the one written to last first."""
        with self._database.reading() as tables:
            return [to_chat(row) for row in tables.table("chats").rows_where(_NEWEST_FIRST)]

    def openings(self) -> dict[ChatId, str]:
        """How the user began each chat that has no title."""
        with self._database.reading() as tables:
            rows = tables.execute(_OPENINGS, [OPENING_LENGTH]).fetchall()
        return {ChatId(chat): text for chat, text in rows if text is not None}

    def create_chat(self, title: str) -> Chat:
        """Add an empty chat."""
        now = from_time(self._clock())
        chat_id = ChatId(self._ids.next())
        with self._database.writing() as tables:
            tables.table("chats").insert(
                {"id": chat_id, "title": clean(title), "created_at": now, "updated_at": now}
            )
            return to_chat(tables.table("chats").get(chat_id))

    def rename_chat(self, chat_id: ChatId, title: str) -> None:
        """Give a title. Raises ChatNotFoundError."""
        self._update_chat(chat_id, title=clean(title), updated_at=from_time(self._clock()))

    def mark_deleted(self, chat_id: ChatId) -> None:
        """Hide a chat; `undelete` brings it back until `purge`. Raises ChatNotFoundError."""
        self._update_chat(chat_id, deleted_at=from_time(self._clock()))

    def undelete(self, chat_id: ChatId) -> None:
        """Bring a hidden chat back. Raises ChatNotFoundError where it was purged."""
        self._update_chat(chat_id, deleted_at=None)

    def purge(self) -> int:
        """Delete every hidden chat for good, and its bytes in the file. Gives their number."""
        with self._database.writing() as tables:
            count = tables.table("chats").count_where("deleted_at IS NOT NULL")
            if not count:
                return 0
            tables.execute("UPDATE chats SET tip_id = NULL WHERE deleted_at IS NOT NULL")
            tables.execute(_DELETE_HIDDEN_MESSAGES)
            tables.execute("DELETE FROM chats WHERE deleted_at IS NOT NULL")
        self._database.forget_old_pages()
        return count

    # --- messages ---

    def branch(self, chat_id: ChatId) -> list[Message]:
        """Messages from the root to the tip that is shown. Raises ChatNotFoundError."""
        with self._database.reading() as tables:
            _require_chat(tables, chat_id)
            return [to_message(row) for row in tables.query(_BRANCH, [chat_id])]

    def add_message(
        self,
        chat_id: ChatId,
        parent_id: MessageId | None,
        role: Role,
        text: str,
        provenance: Provenance | None = None,
    ) -> Message:
        """Add a message under its parent and show the branch that it ends.

        One with `provenance` is an answer that is going to grow: its state is STREAMING. Raises
        ChatNotFoundError, and MessageNotFoundError where the parent is not in this chat.
        """
        with self._database.writing() as tables:
            return self._add(tables, chat_id, parent_id, role, text, provenance=provenance)

    def add_turn(
        self, chat_id: ChatId, parent_id: MessageId, text: str, provenance: Provenance
    ) -> tuple[Message, Message]:
        """Add what the user asks and an answer that is going to grow: both or none.

        Raises as `add_message`.
        """
        with self._database.writing() as tables:
            question = self._add(tables, chat_id, parent_id, Role.USER, text)
            answer = self._add(
                tables, chat_id, question.id, Role.ASSISTANT, "", provenance=provenance
            )
            return question, answer

    def save_answer(self, message_id: MessageId, text: str) -> None:
        """Store what an answer in progress says so far. Raises as `end_answer`."""
        with self._database.writing() as tables:
            _require_streaming(tables, message_id)
            tables.table("messages").update(message_id, {"text": clean(text)})

    def end_answer(
        self,
        message_id: MessageId,
        text: str,
        state: MessageState,
        *,
        stats: AnswerStats | None,
        error_code: str,
        seed: int | None,
    ) -> Message:
        """Give an answer its last text and state.

        Raises MessageNotFoundError; ValueError where the answer had ended before, or `state` is
        no end.
        """
        if state is MessageState.STREAMING:
            raise ValueError("an answer can't end as streaming")
        with self._database.writing() as tables:
            message = _require_streaming(tables, message_id)
            tables.table("messages").update(
                message_id, {"text": clean(text), "state": state.value, "error_code": error_code}
            )
            if stats is not None:
                tables.table("answers").update(message_id, asdict(stats))
            if seed is not None:
                tables.table("answers").update(message_id, {"seed": seed})
            tables.table("chats").update(message.chat_id, {"updated_at": from_time(self._clock())})
            return _message(tables, message_id)

    def kept_questions(self) -> list[tuple[ChatId, MessageId]]:
        """Questions that the Guide kept: the latest chat's first, in the order they were asked."""
        with self._database.reading() as tables:
            return kept_questions(tables)

    def withdraw_answer(self, message_id: MessageId) -> None:
        """Delete a vain try to answer a kept question, with the copy of it that was made for it.

        Raises MessageNotFoundError; ValueError where the answer is another's, is in progress or
        has text.
        """
        with self._database.writing() as tables:
            withdraw(tables, _message(tables, message_id))

    def interrupt_unfinished(self) -> int:
        """End the answers that a crash left in progress as INTERRUPTED. Gives their number."""
        with self._database.writing() as tables:
            return tables.execute(
                "UPDATE messages SET state = 'interrupted' WHERE state = 'streaming'"
            ).rowcount

    def encrypt(self, path: Path, key: bytes, backups: Path, note: Callable[[], None]) -> None:
        """Encrypt the open history, which was not encrypted until now.

        `note` is called when the encrypted copy is known to be good, just before it takes the
        old file's place: the key must be safe when it returns. Raises what `note` raises,
        HistoryDiskError and HistoryUnreadableError; the old file is in use then, or, where
        `is_open` says so, none.
        """
        copy = path.with_name(f"{path.stem}.encrypting{path.suffix}")
        encrypted_copy(self._database.connection, copy, key)
        note()
        self._database.close()
        try:
            put_in_place(copy, path)
        except HistoryDiskError:
            self._database = open_database(path, None, backups)
            raise
        self._database = open_database(path, key, backups)

    @property
    def is_open(self) -> bool:
        """Whether there is a database to work on."""
        return self._database.is_open

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _add(
        self,
        tables: sqlite_utils.Database,
        chat_id: ChatId,
        parent_id: MessageId | None,
        role: Role,
        text: str,
        *,
        provenance: Provenance | None = None,
    ) -> Message:
        now = from_time(self._clock())
        message_id = MessageId(self._ids.next())
        state = MessageState.DONE if provenance is None else MessageState.STREAMING
        _require_chat(tables, chat_id)
        if parent_id is not None and _message(tables, parent_id).chat_id != chat_id:
            raise MessageNotFoundError
        tables.table("messages").insert(
            {
                "id": message_id,
                "chat_id": chat_id,
                "parent_id": parent_id,
                "role": role.value,
                "text": clean(text),
                "state": state.value,
                "created_at": now,
            }
        )
        if provenance is not None:
            _insert_answer(tables, message_id, provenance)
        tables.table("chats").update(chat_id, {"tip_id": message_id, "updated_at": now})
        return _message(tables, message_id)

    def _update_chat(self, chat_id: ChatId, **values: str | int | None) -> None:
        with self._database.writing() as tables:
            if not tables.table("chats").count_where("id = ?", [chat_id]):
                raise ChatNotFoundError(chat=chat_id)
            tables.table("chats").update(chat_id, values)


def _require_chat(tables: sqlite_utils.Database, chat_id: ChatId) -> None:
    if not tables.table("chats").count_where("id = ? AND deleted_at IS NULL", [chat_id]):
        raise ChatNotFoundError(chat=chat_id)


def _message(tables: sqlite_utils.Database, message_id: MessageId) -> Message:
    for row in tables.query(_MESSAGE, [message_id]):
        return to_message(row)
    raise MessageNotFoundError


def _require_streaming(tables: sqlite_utils.Database, message_id: MessageId) -> Message:
    message = _message(tables, message_id)
    if message.state is not MessageState.STREAMING:
        raise ValueError("the answer has ended already")
    return message


def _insert_answer(
    tables: sqlite_utils.Database, message_id: MessageId, provenance: Provenance
) -> None:
    tables.table("answers").insert(
        {
            "message_id": message_id,
            "model_id": provenance.model_id,
            "model_name": clean(provenance.model_name),
            "options": json.dumps(provenance.options, ensure_ascii=True),
            "seed": provenance.seed,
        }
    )

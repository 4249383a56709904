"""Rows of the database as values of the domain."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

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

Row = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_time(microseconds: int) -> datetime:
    """Turn microseconds since 1970 into a time, UTC."""
    return _EPOCH + microseconds * _MICROSECOND


def from_time(moment: datetime) -> int:
    """Turn a time into microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def to_chat(row: Row) -> Chat:
    """Read one row of `chats`."""
    tip = row["tip_id"]
    return Chat(
        id=ChatId(row["id"]),
        title=row["title"],
        created_at=to_time(row["created_at"]),
        updated_at=to_time(row["updated_at"]),
        tip_id=MessageId(tip) if tip is not None else None,
    )


def to_message(row: Row) -> Message:
    """Read one row of `messages`, joined with its row of `answers` where there is one."""
    parent = row["parent_id"]
    return Message(
        id=MessageId(row["id"]),
        chat_id=ChatId(row["chat_id"]),
        parent_id=MessageId(parent) if parent is not None else None,
        role=Role(row["role"]),
        text=row["text"],
        state=MessageState(row["state"]),
        created_at=to_time(row["created_at"]),
        provenance=_provenance(row),
        stats=_stats(row),
        error_code=row["error_code"],
    )


def _provenance(row: Row) -> Provenance | None:
    if row["model_id"] is None:
        return None
    return Provenance(
        model_id=row["model_id"],
        model_name=row["model_name"],
        options=json.loads(row["options"]),
        seed=row["seed"],
    )


def _stats(row: Row) -> AnswerStats | None:
    if row["prompt_tokens"] is None:
        return None
    return AnswerStats(
        prompt_tokens=row["prompt_tokens"],
        cached_tokens=row["cached_tokens"],
        completion_tokens=row["completion_tokens"],
        context_tokens=row["context_tokens"],
        first_token_ms=row["first_token_ms"],
        prompt_per_second=row["prompt_per_second"],
        predicted_per_second=row["predicted_per_second"],
        finish_reason=row["finish_reason"],
    )


def clean(text: str) -> str:
    """Make a text that can be stored: half a surrogate pair becomes U+FFFD, nothing else changes.

    Qt hands over UTF-16, in which a text may be cut within a character.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

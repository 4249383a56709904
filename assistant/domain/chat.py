"""Chats and messages. Messages of a chat form a tree by parent pointers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ChatId = NewType("ChatId", str)
"""A UUIDv7 as text: sorts by the time of creation."""

MessageId = NewType("MessageId", str)
"""A UUIDv7 as text."""


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageState(StrEnum):
    """How far a message has come. Only `STREAMING` can change into another."""

    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AnswerStats:
    """What an answer cost. Times in milliseconds, rates in tokens per second."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    context_tokens: int = 0
    """Tokens that the context held, used or not."""
    first_token_ms: float = 0.0
    prompt_per_second: float = 0.0
    predicted_per_second: float = 0.0
    finish_reason: str = ""
    """`stop` or `length` as the engine says; empty where the answer did not end by itself."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an answer came from, so that it can be judged and repeated."""

    model_id: str
    model_name: str
    options: dict[str, object] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `text` is Markdown for answers, plain text for the user's words."""

    id: MessageId
    chat_id: ChatId
    parent_id: MessageId | None
    role: Role
    text: str
    state: MessageState
    created_at: datetime
    provenance: Provenance | None = None
    stats: AnswerStats | None = None
    error_code: str = ""
    """Code of the `HearthError` for a failed or interrupted answer."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat, without its messages. An empty title means that none was given yet."""

    id: ChatId
    title: str
    created_at: datetime
    updated_at: datetime
    tip_id: MessageId | None = None
    """Last message of the branch that is shown."""

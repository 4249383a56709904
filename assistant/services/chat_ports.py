"""What a chat turn needs of its neighbours, so that tests can stand small ones in their place."""

from collections.abc import Sequence
from typing import Protocol

from assistant.domain.chat import (
    AnswerStats,
    ChatId,
    Message,
    MessageId,
    MessageState,
    Provenance,
)
from assistant.domain.guide import GuideReply
from assistant.domain.llm import InstalledModel


class History(Protocol):
    """What a chat turn needs of the history (`HistoryService`)."""

    async def messages(self, chat_id: ChatId) -> list[Message]:
        """Give the shown branch, root first."""
        ...

    async def add_user_message(
        self, chat_id: ChatId, parent_id: MessageId | None, text: str
    ) -> Message:
        """Add a question; committed when it returns."""
        ...

    async def begin_answer(
        self, chat_id: ChatId, parent_id: MessageId, provenance: Provenance
    ) -> Message:
        """Add an empty answer in the state STREAMING."""
        ...

    async def save_answer(self, message_id: MessageId, text: str) -> None:
        """Store what it says so far."""
        ...

    async def end_answer(
        self,
        message_id: MessageId,
        text: str,
        state: MessageState,
        *,
        stats: AnswerStats | None,
        error_code: str = "",
        seed: int | None = None,
    ) -> Message:
        """Give it its last text and state."""
        ...

    async def suggest_title(self, chat_id: ChatId, title: str) -> None:
        """Give the chat a title, unless the user gave one."""
        ...

    async def kept_questions(self) -> list[tuple[ChatId, MessageId]]:
        """Give the questions that the Guide kept: the latest chat's first, in their order."""
        ...

    async def ask_again(
        self, chat_id: ChatId, parent_id: MessageId, text: str, provenance: Provenance
    ) -> tuple[Message, Message]:
        """Add a question together with its empty answer: both or none."""
        ...

    async def withdraw_answer(self, message_id: MessageId) -> None:
        """Take back an answer to a kept question that ended before its first word."""
        ...


class Vault(Protocol):
    """Whoever unlocks the history."""

    @property
    def history(self) -> History | None:
        """The history; None while it is locked."""
        ...


class Library(Protocol):
    """Whoever knows the models on this disk."""

    async def models(self) -> list[InstalledModel]:
        """Give all of them but the Guide's."""
        ...

    async def guide(self) -> InstalledModel | None:
        """Give the Guide's own; None where it was hidden or is not there."""
        ...


class Guide(Protocol):
    """Whoever decides how the Guide answers."""

    def reply(self, text: str, before: Sequence[Message] = ()) -> GuideReply:
        """Decide about one message; `before` is the chat so far. Blocks for up to 0.3 s."""
        ...

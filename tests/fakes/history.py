"""A history in memory, for tests of the services above it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assistant.domain.chat import (
    AnswerStats,
    ChatId,
    Message,
    MessageId,
    MessageState,
    Provenance,
    Role,
)
from assistant.domain.errors import HistoryDiskError
from assistant.domain.guide import GuidePart, mark_of


@dataclass
class FakeHistory:
    """Keeps the order of its calls; refuses to write while `disk_full`."""

    kept: dict[MessageId, Message] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    disk_full: bool = False
    titles: dict[ChatId, str] = field(default_factory=dict)
    tips: dict[ChatId, MessageId] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    async def messages(self, chat_id: ChatId) -> list[Message]:
        branch: list[Message] = []
        at = self.tips.get(chat_id)
        while at is not None:
            branch.insert(0, self.kept[at])
            at = self.kept[at].parent_id
        return branch

    async def suggest_title(self, chat_id: ChatId, title: str) -> None:
        self._write("title")
        self.titles[chat_id] = title

    async def kept_questions(self) -> list[tuple[ChatId, MessageId]]:
        found = []
        for chat_id, tip in self.tips.items():
            for each in self.kept.values():
                mark = mark_of(each)
                is_beyond = mark is not None and mark.part is GuidePart.BEYOND
                if not is_beyond or each.parent_id != self.kept[tip].parent_id:
                    continue
                if each.id == tip or _came_to_nothing(self.kept[tip]):
                    found.append((chat_id, each.id))
        return sorted(found, key=lambda each: each[1], reverse=True)

    async def withdraw_answer(self, message_id: MessageId, shown: MessageId) -> None:
        self._write("withdraw")
        assert not self.kept[message_id].text
        assert self.kept[message_id].state is not MessageState.STREAMING
        self.tips[self.kept[message_id].chat_id] = shown
        del self.kept[message_id]

    async def add_user_message(
        self, chat_id: ChatId, parent_id: MessageId | None, text: str
    ) -> Message:
        self._write("question")
        return self._add(chat_id, parent_id, Role.USER, text, MessageState.DONE)

    async def begin_answer(
        self, chat_id: ChatId, parent_id: MessageId, provenance: Provenance
    ) -> Message:
        self._write("begin")
        message = self._add(chat_id, parent_id, Role.ASSISTANT, "", MessageState.STREAMING)
        return self._put(replace(message, provenance=provenance))

    async def save_answer(self, message_id: MessageId, text: str) -> None:
        self._write("save")
        assert self.kept[message_id].state is MessageState.STREAMING
        self.saved.append(text)
        self._put(replace(self.kept[message_id], text=text))

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
        self._write("end")
        message = self.kept[message_id]
        assert message.state is MessageState.STREAMING
        assert message.provenance is not None
        return self._put(
            replace(
                message,
                text=text,
                state=state,
                stats=stats,
                error_code=error_code,
                provenance=replace(message.provenance, seed=seed),
            )
        )

    def _write(self, call: str) -> None:
        if self.disk_full:
            raise HistoryDiskError(detail="the disk is full")
        self.calls.append(call)

    def _add(
        self,
        chat_id: ChatId,
        parent_id: MessageId | None,
        role: Role,
        text: str,
        state: MessageState,
    ) -> Message:
        name = MessageId(f"m{next(self.numbers)}")
        self.tips[chat_id] = name
        when = datetime(2026, 1, 1, tzinfo=UTC)
        return self._put(Message(name, chat_id, parent_id, role, text, state, when))

    def _put(self, message: Message) -> Message:
        self.kept[message.id] = message
        return message


def _came_to_nothing(answer: Message) -> bool:
    return not answer.text and answer.state in {MessageState.FAILED, MessageState.INTERRUPTED}

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
from assistant.domain.guide import GuidePart, is_vain_try, kept_question, mark_of


@dataclass
class FakeHistory:
    """Keeps the order of its calls; refuses to write while `disk_full`."""

    kept: dict[MessageId, Message] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    disk_full: bool = False
    withdrawals_fail: bool = False
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
        for chat_id in sorted(self.tips, key=lambda each: int(self.tips[each][1:]), reverse=True):
            answered: set[MessageId | None] = set()
            trail: list[Message] = []
            for each in reversed(await self.messages(chat_id)):
                if _is_real(each) and not kept_question(each):
                    break
                if _is_real(each):
                    answered.add(kept_question(each))
                trail.insert(0, each)
            for each in trail:
                asked = self._beyond(each)
                if asked is not None and asked not in answered:
                    found.append((chat_id, asked))
        return found

    async def ask_again(
        self, chat_id: ChatId, parent_id: MessageId, text: str, provenance: Provenance
    ) -> tuple[Message, Message]:
        question = await self.add_user_message(chat_id, parent_id, text)
        return question, await self.begin_answer(chat_id, question.id, provenance)

    async def withdraw_answer(self, message_id: MessageId) -> None:
        if self.withdrawals_fail:
            raise HistoryDiskError(detail="the disk is gone")
        self._write("withdraw")
        answer = self.kept[message_id]
        assert is_vain_try(answer)
        del self.kept[message_id]
        assert answer.parent_id is not None
        if kept_question(answer) == answer.parent_id:
            beside = [each for each in self.kept.values() if each.parent_id == answer.parent_id]
            self.tips[answer.chat_id] = beside[0].id
            return
        shown = self.kept.pop(answer.parent_id).parent_id
        assert shown is not None
        self.tips[answer.chat_id] = shown

    def _beyond(self, message: Message) -> MessageId | None:
        """The question, where a message or one that it stands in for says it is beyond it."""
        for each in self.kept.values():
            mark = mark_of(each)
            if mark is None or mark.part is not GuidePart.BEYOND:
                continue
            stands_in = each.parent_id == message.parent_id and _came_to_nothing(message)
            if each.id == message.id or stands_in:
                return each.parent_id
        return None

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


def _is_real(message: Message) -> bool:
    """Whether it is a real model's answer that has words, or that the user stopped."""
    is_guides = mark_of(message) is not None
    return message.role is Role.ASSISTANT and not is_guides and not _came_to_nothing(message)


def _came_to_nothing(answer: Message) -> bool:
    return not answer.text and answer.state in {MessageState.FAILED, MessageState.INTERRUPTED}

"""Chats and messages for everyone above: asynchronous, with titles and news of changes."""

from collections.abc import Callable
from dataclasses import replace

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
from assistant.domain.errors import ChatNotFoundError
from assistant.domain.events import ChatsChanged, Event
from assistant.storage.history import HistoryStore
from assistant.storage.thread import DatabaseThread

TITLE_WORDS = 6
TITLE_LENGTH = 48


class HistoryService:
    """Every method may raise HistoryDiskError or HistoryUnreadableError.

    What was asked for is done even where the caller is cancelled meanwhile.
    """

    def __init__(
        self, thread: DatabaseThread, store: HistoryStore, publish: Callable[[Event], None]
    ) -> None:
        self._thread = thread
        self._store = store
        self._publish = publish

    async def chats(self) -> list[Chat]:
        """Give all chats, the one written to last first.

        A chat without a title of its own shows the first words that the user wrote in it.
        """
        return await self._thread.call(self._titled_chats)

    async def create_chat(self, title: str = "") -> Chat:
        """Begin an empty chat."""
        chat = await self._thread.call(self._store.create_chat, title.strip())
        self._publish(ChatsChanged())
        return chat

    async def rename_chat(self, chat_id: ChatId, title: str) -> None:
        """Give a title; an empty one brings the first words back. Raises ChatNotFoundError."""
        await self._thread.call(self._store.rename_chat, chat_id, title.strip())
        self._publish(ChatsChanged())

    async def suggest_title(self, chat_id: ChatId, title: str) -> None:
        """Give a title, unless the user gave one. Raises ChatNotFoundError."""
        if await self._thread.call(self._title_unless_chosen, chat_id, title.strip()):
            self._publish(ChatsChanged())

    async def delete_chat(self, chat_id: ChatId) -> None:
        """Hide a chat until `undo_delete` or `purge_deleted`. Raises ChatNotFoundError."""
        await self._thread.call(self._store.mark_deleted, chat_id)
        self._publish(ChatsChanged())

    async def undo_delete(self, chat_id: ChatId) -> None:
        """Bring a hidden chat back. Raises ChatNotFoundError where it was purged."""
        await self._thread.call(self._store.undelete, chat_id)
        self._publish(ChatsChanged())

    async def purge_deleted(self) -> None:
        """Delete the hidden chats for good: their text is overwritten on the disk."""
        await self._thread.call(self._store.purge)

    async def messages(self, chat_id: ChatId) -> list[Message]:
        """Give the messages of the shown branch, root first. Raises ChatNotFoundError."""
        return await self._thread.call(self._store.branch, chat_id)

    async def add_user_message(
        self, chat_id: ChatId, parent_id: MessageId | None, text: str
    ) -> Message:
        """Store what the user wrote; it is on the disk when this returns.

        Raises ChatNotFoundError, and MessageNotFoundError where the parent is not in the chat.
        """
        message = await self._thread.call(
            self._store.add_message, chat_id, parent_id, Role.USER, text
        )
        self._publish(ChatsChanged())
        return message

    async def begin_answer(
        self, chat_id: ChatId, parent_id: MessageId, provenance: Provenance
    ) -> Message:
        """Store the beginning of an answer. Raises as `add_user_message`."""
        return await self._thread.call(
            self._store.add_message, chat_id, parent_id, Role.ASSISTANT, "", provenance
        )

    async def save_answer(self, message_id: MessageId, text: str) -> None:
        """Store all that an answer in progress says so far.

        Raises MessageNotFoundError; ValueError where the answer has ended.
        """
        await self._thread.call(self._store.save_answer, message_id, text)

    async def end_answer(
        self,
        message_id: MessageId,
        text: str,
        state: MessageState,
        stats: AnswerStats | None,
        error_code: str = "",
        *,
        seed: int | None = None,
    ) -> Message:
        """Give an answer its last text and state. Raises as `save_answer`."""
        return await self._thread.call(
            self._store.end_answer,
            message_id,
            text,
            state,
            stats=stats,
            error_code=error_code,
            seed=seed,
        )

    async def kept_questions(self) -> list[tuple[ChatId, MessageId]]:
        """Give the questions beyond the Guide that no real model has answered or followed yet.

        The latest chat comes first; those of one chat are in the order in which they were asked.
        """
        return await self._thread.call(self._store.kept_questions)

    async def ask_again(
        self, chat_id: ChatId, parent_id: MessageId, text: str, provenance: Provenance
    ) -> tuple[Message, Message]:
        """Store a question and the beginning of its answer in one step.

        Raises as `add_user_message`.
        """
        turn = await self._thread.call(self._store.add_turn, chat_id, parent_id, text, provenance)
        self._publish(ChatsChanged())
        return turn

    async def withdraw_answer(self, message_id: MessageId) -> None:
        """Take back an answer to a kept question that ended before its first word.

        Where the question had been asked again for it, that goes too. Raises
        MessageNotFoundError; ValueError for any other answer.
        """
        await self._thread.call(self._store.withdraw_answer, message_id)

    async def interrupt_unfinished(self) -> int:
        """End what a crash left in progress as INTERRUPTED. Gives the number of answers."""
        return await self._thread.call(self._store.interrupt_unfinished)

    async def export_markdown(self, chat_id: ChatId) -> str:
        """Give the shown branch as Markdown. Raises ChatNotFoundError."""
        messages = await self.messages(chat_id)
        for chat in await self.chats():
            if chat.id == chat_id:
                return _markdown(chat, messages)
        raise ChatNotFoundError(chat=chat_id)

    def _title_unless_chosen(self, chat_id: ChatId, title: str) -> bool:
        messages = self._store.branch(chat_id)
        chat = next(each for each in self._store.chats() if each.id == chat_id)
        opening = " ".join(messages[0].text.split()) if messages else ""
        if not title or not _is_opening(chat.title, opening):
            return False
        self._store.rename_chat(chat_id, title)
        return True

    def _titled_chats(self) -> list[Chat]:
        openings = self._store.openings()
        return [
            chat if chat.title else replace(chat, title=first_words(openings.get(chat.id, "")))
            for chat in self._store.chats()
        ]


def first_words(text: str) -> str:
    """Make a title of the first words: at most 6, and at most 48 characters."""
    words = text.split()
    title = " ".join(words[:TITLE_WORDS])
    if len(title) > TITLE_LENGTH:
        room = TITLE_LENGTH - 1
        # Whole words where they fill most of the room; else (Chinese, an address) a plain cut.
        at = title.rfind(" ", 0, room + 1)
        return title[: at if at > room // 2 else room].rstrip() + "…"
    shortened = len(words) > TITLE_WORDS and len(title) < TITLE_LENGTH
    return f"{title}…" if shortened else title


def _is_opening(title: str, opening: str) -> bool:
    """Whether a title was made of the first words, and not by the user."""
    if title.endswith("…"):
        return opening.startswith(title.removesuffix("…"))
    return title in ("", opening)


def _markdown(chat: Chat, messages: list[Message]) -> str:
    parts = [f"# {chat.title}"] if chat.title else []
    for message in messages:
        name = message.role.value.capitalize()
        if message.provenance is not None:
            name = message.provenance.model_name
        parts += [f"## {name}", message.text]
    return "\n\n".join(parts) + "\n"

"""Drives the conversation: what is sent, what comes back, which chat is shown."""

import contextlib
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from assistant.domain.chat import Chat, ChatId, Message, MessageId, MessageState, Role
from assistant.domain.errors import HearthError, HistoryDiskError
from assistant.domain.events import Event, MessageAdded, MessageEnded, MessageGrew, PromptReading
from assistant.domain.guide import mark_of
from assistant.ui.bridge import Bridge
from assistant.ui.chat.page import ChatPage
from assistant.ui.ports import HistoryPort, Services

_LONGEST_TITLE = 60

Gate = Callable[[Callable[[], None]], None]
"""Does what has to come before the first message is stored, then calls on."""


class ChatController(QObject):
    """Knows which chat is shown and which answers are being written."""

    chat_made = Signal(str)
    """Id of a chat that was made by sending its first message."""

    busy_changed = Signal()

    def __init__(
        self, bridge: Bridge, services: Services, page: ChatPage, before_first: Gate
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._services = services
        self._page = page
        self._before_first = before_first
        self._chat: Chat | None = None
        self._drafts: dict[ChatId | None, str] = {}
        self._live: dict[MessageId, Message] = {}
        self._asked = 0
        page.composer.submitted.connect(self._submit)
        page.composer.stop_wanted.connect(self._stop)
        bridge.happened.connect(self._on_event)

    @property
    def chat_id(self) -> ChatId | None:
        """The chat that is shown; None for a new one."""
        return self._chat.id if self._chat is not None else None

    @property
    def busy(self) -> frozenset[ChatId]:
        """Chats with an answer that is being written."""
        return frozenset(message.chat_id for message in self._live.values())

    # --- which chat -------------------------------------------------------------------------

    def new_chat(self) -> None:
        """Show an empty chat. It is stored with its first message."""
        self._leave()
        self._chat = None
        self._page.header.title.show_title(self.tr("New chat"), editable=False)
        self._page.conversation.show_messages([])
        self._page.composer.ring.show_use(0, 0)
        self._arrive()
        self._page.show_empty(empty=True)

    def open_chat(self, chat: Chat) -> None:
        """Show a chat."""
        history = self._history()
        if history is None or self.chat_id == chat.id:
            return
        self._leave()
        self._chat = chat
        self.show_title(chat)
        self._asked += 1
        asked = self._asked
        self._bridge.run(history.messages(chat.id), lambda messages: self._show(asked, messages))
        self._arrive()

    def show_title(self, chat: Chat) -> None:
        """Take over what is known of the chat now."""
        if self._chat is not None and chat.id == self._chat.id:
            self._chat = chat
            title = chat.title or self.tr("New chat")
            self._page.header.title.show_title(title, editable=True)

    def _leave(self) -> None:
        self._drafts[self.chat_id] = self._page.composer.text()
        self._page.notice.hide()

    def _arrive(self) -> None:
        self._page.composer.set_text(self._drafts.pop(self.chat_id, ""))
        self._show_generating()
        self._page.composer.editor.setFocus()

    def _show(self, asked: int, messages: list[Message]) -> None:
        if asked != self._asked:
            return
        # What is being written has grown since it was last stored.
        shown = [self._live.get(message.id, message) for message in messages]
        self._page.conversation.show_messages(shown)
        self._page.show_empty(empty=not shown)
        self._show_use(shown)

    def _show_use(self, messages: list[Message]) -> None:
        for message in reversed(messages):
            if mark_of(message) is not None:
                break  # the Guide reads one message only: nothing fills up
            if message.stats is not None and message.stats.context_tokens:
                total = message.stats.context_tokens
                used = message.stats.prompt_tokens + message.stats.completion_tokens
                self._page.composer.ring.show_use(min(used, total), total)
                return
        self._page.composer.ring.show_use(0, 0)

    # --- sending ----------------------------------------------------------------------------

    def _submit(self, text: str) -> None:
        self._page.notice.hide()
        self._before_first(lambda: self._send(text))

    def _send(self, text: str) -> None:
        history = self._history()
        if history is None:
            return
        self._page.composer.set_waiting(True)
        self._bridge.run(
            self._store(history, self._chat, text),
            lambda chat: self._sent(chat, text),
            self._not_sent,
        )

    async def _store(self, history: HistoryPort, chat: Chat | None, text: str) -> Chat:
        if chat is not None:
            await self._services.chat.send(chat.id, text)
            return chat
        made = await history.create_chat(title_from(text))
        try:
            await self._services.chat.send(made.id, text)
        except HearthError:
            # An empty chat is of no use. Where the disk takes nothing, this fails as well.
            with contextlib.suppress(HistoryDiskError):
                await history.delete_chat(made.id)
            raise
        return made

    def _sent(self, chat: Chat, text: str) -> None:
        self._page.composer.sent(text)
        if self._chat is None:
            self._chat = chat
            self.show_title(chat)
            self.chat_made.emit(chat.id)
            self._reload(chat)

    def _reload(self, chat: Chat) -> None:
        """Messages of a new chat may have come before its id was known here."""
        history = self._history()
        if history is None:
            return
        self._asked += 1
        asked = self._asked
        self._bridge.run(history.messages(chat.id), lambda messages: self._show(asked, messages))
        self._show_generating()

    def _not_sent(self, error: HearthError) -> None:
        """The words stay where they are."""
        self._page.composer.set_waiting(False)
        self._page.notice.show_error(error)

    def _stop(self) -> None:
        if self._chat is not None:
            self._bridge.run(self._services.chat.stop(self._chat.id))

    # --- what comes back --------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        match event:
            case MessageAdded(message):
                self._added(message)
            case MessageGrew():
                self._grew(event)
            case PromptReading():
                if event.chat_id == self.chat_id:
                    self._page.conversation.reading(
                        event.message_id, event.fraction, event.seconds_left
                    )
            case MessageEnded(message, error):
                self._ended(message, error)
            case _:
                pass

    def _added(self, message: Message) -> None:
        if message.state == MessageState.STREAMING:
            self._live[message.id] = message
            self.busy_changed.emit()
        if self._chat is None or message.chat_id != self._chat.id:
            return
        if self._page.conversation.branches_at(message):
            # A question that was kept is answered: the new answer takes the old one's place.
            self._reload(self._chat)
            return
        self._page.show_empty(empty=False)
        self._page.conversation.add(message)
        if message.role == Role.USER:
            self._page.conversation.follow()
        self._show_generating()

    def _grew(self, event: MessageGrew) -> None:
        known = self._live.get(event.message_id)
        if known is not None:
            self._live[event.message_id] = _longer(known, event.added)
        if event.chat_id == self.chat_id:
            self._page.conversation.grow(event.message_id, event.added)

    def _ended(self, message: Message, error: HearthError | None) -> None:
        self._live.pop(message.id, None)
        self.busy_changed.emit()
        if message.chat_id != self.chat_id:
            return
        self._page.conversation.end(message, error)
        if self._chat is not None and not self._page.conversation.shows(message.id):
            self._reload(self._chat)  # its rows were read while it was still being written
        self._show_use([message])
        self._show_generating()
        if not message.text and message.state != MessageState.DONE:
            self._look_for(message, error)

    def _look_for(self, ended: Message, error: HearthError | None) -> None:
        """What stood in for an answer of the Guide is taken back where it had no word."""
        history = self._history()
        if history is None:
            return
        self._asked += 1
        asked = self._asked

        def found(messages: list[Message]) -> None:
            if asked == self._asked and all(each.id != ended.id for each in messages):
                self._show(asked, messages)
                if error is not None:
                    self._page.notice.show_error(error)

        self._bridge.run(history.messages(ended.chat_id), found)

    def _show_generating(self) -> None:
        self._page.composer.set_generating(self.chat_id in self.busy)

    def _history(self) -> HistoryPort | None:
        return self._services.vault.history


def title_from(text: str) -> str:
    """A title from the first words of a message."""
    words = text.split()
    title = ""
    for word in words:
        longer = f"{title} {word}".strip()
        if len(longer) > _LONGEST_TITLE:
            return title + "…" if title else word[:_LONGEST_TITLE] + "…"
        title = longer
    return title


def _longer(message: Message, added: str) -> Message:
    return Message(
        id=message.id,
        chat_id=message.chat_id,
        parent_id=message.parent_id,
        role=message.role,
        text=message.text + added,
        state=message.state,
        created_at=message.created_at,
        provenance=message.provenance,
    )

"""Drives the sidebar: the list of chats, rename, delete with undo."""

from PySide6.QtCore import QObject, Signal

from assistant.domain.chat import Chat, ChatId
from assistant.domain.errors import HearthError
from assistant.domain.events import ChatsChanged, Event
from assistant.ui.bridge import Bridge
from assistant.ui.history.sidebar import Sidebar
from assistant.ui.ports import HistoryPort, Services


class HistoryController(QObject):
    """Keeps the list as the history has it."""

    deleted = Signal(str)
    """A chat was deleted, so that it is not shown any more."""

    listed = Signal()
    """The list was read anew."""

    def __init__(self, bridge: Bridge, services: Services, sidebar: Sidebar) -> None:
        super().__init__(sidebar)
        self._bridge = bridge
        self._services = services
        self._sidebar = sidebar
        self._current: ChatId | None = None
        sidebar.delete_wanted.connect(self._delete)
        sidebar.chats.renamed.connect(self.rename)
        sidebar.undo_bar.undone.connect(self._undo)
        sidebar.undo_bar.passed.connect(self._purge)
        bridge.happened.connect(self._on_event)

    def refresh(self) -> None:
        """Read the list of chats."""
        history = self._history()
        if history is not None:
            self._bridge.run(history.chats(), self._listed)

    def mark(self, chat_id: ChatId | None) -> None:
        """The chat that is shown."""
        self._current = chat_id
        self._sidebar.mark(chat_id)

    def rename(self, chat_id: ChatId, title: str) -> None:
        """Give a chat another title."""
        history = self._history()
        if history is not None:
            self._bridge.run(history.rename_chat(chat_id, title), lambda _none: self.refresh())

    def _listed(self, chats: list[Chat]) -> None:
        self._sidebar.chats.show_chats(chats)
        self._sidebar.mark(self._current)
        self.listed.emit()

    def _delete(self, chat: Chat) -> None:
        history = self._history()
        if history is None:
            return
        bar = self._sidebar.undo_bar
        bar.add(chat.id)
        self._sidebar.chats.set_hidden(bar.deleted)
        self._bridge.run(
            history.delete_chat(chat.id),
            lambda _none: self.deleted.emit(chat.id),
            lambda error: self._not_deleted(chat, error),
        )

    def _not_deleted(self, chat: Chat, error: HearthError) -> None:
        bar = self._sidebar.undo_bar
        bar.deleted.discard(chat.id)
        bar.setVisible(bool(bar.deleted))
        self._sidebar.chats.set_hidden(bar.deleted)
        self._bridge.failed.emit(error)

    def _undo(self, back: set[ChatId]) -> None:
        history = self._history()
        if history is None:
            return
        self._bridge.run(_bring_back(history, back), lambda _none: self._undone())

    def _undone(self) -> None:
        self._sidebar.chats.set_hidden(self._sidebar.undo_bar.deleted)
        self.refresh()

    def _purge(self) -> None:
        history = self._history()
        if history is not None:
            self._bridge.run(history.purge_deleted(), lambda _none: self._undone())

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ChatsChanged):
            self.refresh()

    def _history(self) -> HistoryPort | None:
        return self._services.vault.history


async def _bring_back(history: HistoryPort, chats: set[ChatId]) -> None:
    for chat_id in chats:
        await history.undo_delete(chat_id)

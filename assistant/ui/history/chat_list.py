"""The chats as a list for Qt, grouped by day and filtered by words of their titles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from assistant.domain.chat import Chat, ChatId

_WEEK = timedelta(days=7)
_WORDS = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole})

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a group of days."""

    words: str


Line = Heading | Chat


class ChatListModel(QAbstractListModel):
    """Headings and chats. Chats can be renamed; headings are only read."""

    renamed = Signal(str, str)
    """Id of a chat and its new title."""

    BUSY = Qt.ItemDataRole.UserRole + 1

    def __init__(self) -> None:
        super().__init__()
        self._chats: list[Chat] = []
        self._hidden: set[ChatId] = set()
        self._busy: frozenset[ChatId] = frozenset()
        self._filter = ""
        self._lines: list[Line] = []

    def show_chats(self, chats: Sequence[Chat]) -> None:
        """Show these chats, newest first."""
        self._chats = list(chats)
        self._rebuild()

    def set_hidden(self, hidden: set[ChatId]) -> None:
        """Leave out chats that are being deleted."""
        self._hidden = set(hidden)
        self._rebuild()

    def set_filter(self, words: str) -> None:
        """Show only chats whose titles hold these words."""
        self._filter = words.casefold().strip()
        self._rebuild()

    def set_busy(self, busy: frozenset[ChatId]) -> None:
        """Mark chats with an answer that is being written."""
        self._busy = busy
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1), [self.BUSY])

    def chat(self, chat_id: ChatId) -> Chat | None:
        """The chat of that id."""
        return next((chat for chat in self._chats if chat.id == chat_id), None)

    def index_of(self, chat_id: ChatId | None) -> QModelIndex:
        """Where a chat stands; an invalid index where it is not shown."""
        for row, line in enumerate(self._lines):
            if isinstance(line, Chat) and line.id == chat_id:
                return self.index(row)
        return QModelIndex()

    def line(self, index: Index) -> Line | None:
        """What stands at an index."""
        return self._lines[index.row()] if index.isValid() else None

    @property
    def chats_shown(self) -> list[Chat]:
        """The chats that pass the filter."""
        return [line for line in self._lines if isinstance(line, Chat)]

    # --- Qt ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Lines in the list."""
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words of a line, and what the delegate paints it by."""
        match self.line(index):
            case Heading(words):
                return words if role in _WORDS else None
            case Chat() as chat:
                return self._chat_data(chat, role)
            case None:
                return None

    def _chat_data(self, chat: Chat, role: int) -> object:
        if role in _WORDS or role == Qt.ItemDataRole.ToolTipRole:
            return chat.title or untitled()
        if role == Qt.ItemDataRole.EditRole:
            return chat.title
        return chat.id in self._busy if role == self.BUSY else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Chats can be chosen and renamed; headings can't."""
        if not isinstance(self.line(index), Chat):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a new title."""
        line = self.line(index)
        title = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not isinstance(line, Chat) or not title:
            return False
        if title != line.title:
            self.renamed.emit(line.id, title)
        return True

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._lines = []
        today = datetime.now().astimezone().date()
        words = ""
        for chat in self._chats:
            if chat.id in self._hidden or self._filter not in chat.title.casefold():
                continue
            heading = day_heading(chat.updated_at.astimezone().date(), today)
            if heading != words:
                self._lines.append(Heading(heading))
                words = heading
            self._lines.append(chat)
        self.endResetModel()


def untitled() -> str:
    """What a chat without a title is called."""
    return QCoreApplication.translate("ChatListModel", "New chat")


def day_heading(day: date, today: date) -> str:
    """`Today`, `Yesterday`, `Last 7 days` or `Earlier`."""
    if day >= today:
        return QCoreApplication.translate("ChatListModel", "Today")
    if day == today - timedelta(days=1):
        return QCoreApplication.translate("ChatListModel", "Yesterday")
    if day > today - _WEEK:
        return QCoreApplication.translate("ChatListModel", "Last 7 days")
    return QCoreApplication.translate("ChatListModel", "Earlier")

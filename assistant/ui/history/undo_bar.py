"""Deleted chats can be brought back for some seconds."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from assistant.domain.chat import ChatId
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label

UNDO_MS = 8_000


class UndoBar(QFrame):
    """Says what was deleted; `undone` or `passed` says how it ended."""

    undone = Signal(object)
    """A set of chat ids to bring back."""

    passed = Signal()
    """The time is over."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.deleted: set[ChatId] = set()
        self.setObjectName("card")
        self._words = plain_label()
        self.button = TextButton(
            theme, self.tr("Undo"), self, role="link", icon="undo", ink="accent"
        )
        self.button.clicked.connect(self._undo)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(UNDO_MS)
        self.timer.timeout.connect(self._pass)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 4, 4)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)
        self.hide()

    def add(self, chat_id: ChatId) -> None:
        """One more chat was deleted; the time begins anew."""
        self.deleted.add(chat_id)
        said = self.tr("%Ln chats deleted", "", len(self.deleted))
        if len(self.deleted) == 1:
            said = self.tr("Chat deleted")
        self._words.setText(said)
        self.setAccessibleName(said)
        self.show()
        self.timer.start()

    def _undo(self) -> None:
        self.timer.stop()
        self.hide()
        back, self.deleted = self.deleted, set()
        self.undone.emit(back)

    def _pass(self) -> None:
        self.hide()
        self.deleted = set()
        self.passed.emit()

"""The page with the conversation: header, messages or a first word, composer."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.ui.chat.composer import Composer
from assistant.ui.chat.conversation import COLUMN, Conversation
from assistant.ui.chat.header import Header
from assistant.ui.chat.links import LinkOpener
from assistant.ui.chat.model_pill import ModelPill
from assistant.ui.chat.welcome import Welcome
from assistant.ui.guide.board import GuideBoard
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.notice import Notice


class _Foot(QWidget):
    """Paints the shadow that lets the composer float."""

    def __init__(self, theme: Theme, card: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._card = card
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        corner = self._card.mapTo(self, QPoint(0, 0))
        rect = QRectF(QRect(corner, self._card.size()))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 16 if self._theme.tokens.dark else 3))
        for spread in range(1, 9):
            grown = rect.adjusted(-spread / 2, 0, spread / 2, spread)
            painter.drawRoundedRect(grown, 16 + spread / 2, 16 + spread / 2)
        painter.end()


class ChatPage(QWidget):
    """Header, conversation and composer of one chat."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = Header(theme, ModelPill(theme), self)
        self.board = GuideBoard(self)
        self.conversation = Conversation(theme, self.board, self)
        self.welcome = Welcome(theme, self)
        self.composer = Composer(theme, self)
        self.notice = Notice(theme, self)
        self._links = LinkOpener(self)
        self.conversation.link_wanted.connect(self._links.open)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.conversation)
        foot = _Foot(theme, self.composer, self)
        inner = QWidget(foot)
        inner.setMaximumWidth(COLUMN)
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        lines.addWidget(self.notice)
        lines.addWidget(self.composer)
        sides = QHBoxLayout(foot)
        sides.setContentsMargins(24, 4, 24, 20)
        sides.addStretch(1)
        sides.addWidget(inner, 1000)
        sides.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._stack, 1)
        column.addWidget(foot)

    def show_empty(self, *, empty: bool) -> None:
        """Show the first word, or the messages."""
        self._stack.setCurrentWidget(self.welcome if empty else self.conversation)

    @property
    def empty(self) -> bool:
        """Whether the first word is shown."""
        return self._stack.currentWidget() is self.welcome

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The composer's limit goes with the window."""
        super().resizeEvent(event)
        self.composer.window_resized()

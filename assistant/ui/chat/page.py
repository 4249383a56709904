"""The page with the conversation: header, messages or a first word, composer."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.ui.chat.composer import Composer
from assistant.ui.chat.conversation import COLUMN, Conversation
from assistant.ui.chat.header import Header
from assistant.ui.chat.links import LinkOpener
from assistant.ui.chat.model_pill import ModelPill
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label
from assistant.ui.widgets.notice import Notice


class Welcome(QWidget):
    """An empty chat: says what to do first."""

    add_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = plain_label()
        self._title.setObjectName("hero")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = plain_label(role="muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.add = TextButton(
            theme, self.tr("Add model"), self, role="primary", icon="plus", ink="on_accent"
        )
        self.open = TextButton(theme, self.tr("Open a GGUF file…"), self, icon="folder")
        self.add.clicked.connect(self.add_wanted)
        self.open.clicked.connect(self.open_wanted)
        self._buttons = QWidget(self)
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(self.add)
        row.addWidget(self.open)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 40)
        column.addStretch(3)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self._buttons)
        column.addStretch(4)
        self.show_state(has_models=False)

    def show_state(self, *, has_models: bool) -> None:
        """Ask for a model first, else for a question."""
        self._buttons.setVisible(not has_models)
        if has_models:
            self._title.setText(self.tr("What is on your mind?"))
            self._words.setText(
                self.tr("The model answers on this computer, also without a network.")
            )
        else:
            self._title.setText(self.tr("First, a model"))
            self._words.setText(
                self.tr(
                    "Hearth runs open models on this computer. Download one from a Hub,"
                    " or open a GGUF file that you have."
                )
            )


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
        self.conversation = Conversation(theme, self)
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

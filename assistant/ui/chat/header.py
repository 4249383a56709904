"""The line over the conversation: its title, the model, where it runs, how it is kept."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from assistant.ui.chat.model_pill import ModelPill
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton

_NARROW = 720
_LONGEST_TITLE = 200
_TITLE_SIDES = 24
"""Pixels of the title's field that the style keeps free of words, with some to spare."""


class Badge(QFrame):
    """A fact with an icon: not a button."""

    def __init__(
        self, theme: Theme, icon: str, said: str, reason: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self.setProperty("role", "pill")
        self.setFixedHeight(28)
        self.setToolTip(reason)
        self.setAccessibleName(said)
        self._picture = QLabel(self)
        self._words = QLabel(said, self)
        self._words.setProperty("role", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 0, 12, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self._words)
        self._tint()
        theme.changed.connect(self._tint)

    def set_compact(self, compact: bool) -> None:
        """Show only the icon where there is little room."""
        self._words.setVisible(not compact)

    def _tint(self) -> None:
        self._picture.setPixmap(self._theme.pixmap(self._icon, "muted", 15))


class TitleEdit(QLineEdit):
    """The title: looks like words until one writes in it. Enter keeps, Escape gives up."""

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setObjectName("title")
        self.setMaxLength(_LONGEST_TITLE)
        self.setAccessibleName(self.tr("Title of the chat"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.editingFinished.connect(self._keep)
        self._align()

    def show_title(self, title: str, *, editable: bool) -> None:
        """Show the title of a chat."""
        self._kept = title
        if not self.hasFocus() or self.isReadOnly():
            self._elide()
        self.setReadOnly(not editable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """All of the title is there to be edited."""
        if not self.isReadOnly():
            self.setText(self._kept)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it as far as there is room."""
        super().focusOutEvent(event)
        # A menu over the field leaves it as it is.
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the title as there is room for."""
        super().resizeEvent(event)
        if not self.hasFocus() or self.isReadOnly():
            self._elide()

    def changeEvent(self, event: QEvent) -> None:
        """It stands at the side where the window begins, in whatever script it is."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings the old title back."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._kept)
            self.clearFocus()
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.clearFocus()

    def _keep(self) -> None:
        title = " ".join(self.text().split())
        if self.isReadOnly() or title == self._kept:
            return
        if not title:
            self.setText(self._kept)
            return
        self._kept = title
        self.renamed.emit(title)

    def _elide(self) -> None:
        self.setText(self._elided())
        self.setCursorPosition(0)
        self.setToolTip(self._kept if self.text() != self._kept else "")

    def _elided(self) -> str:
        room = self.contentsRect().width() - _TITLE_SIDES
        return self.fontMetrics().elidedText(self._kept, Qt.TextElideMode.ElideRight, room)

    def _align(self) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        middle = Qt.AlignmentFlag.AlignVCenter
        self.setAlignment(side | middle | Qt.AlignmentFlag.AlignAbsolute)


class Header(QWidget):
    """Title, model pill and badges."""

    sidebar_wanted = Signal()

    def __init__(self, theme: Theme, pill: ModelPill, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(56)
        self.pill = pill
        self.title = TitleEdit(self)
        self.sidebar_button = IconButton(theme, "sidebar", self.tr("Show the chats"), self)
        self.sidebar_button.clicked.connect(self.sidebar_wanted)
        self.sidebar_button.hide()
        self.place = Badge(
            theme,
            "computer",
            self.tr("On this computer"),
            self.tr("The model runs on this computer. What you write stays here."),
            self,
        )
        self.lock = Badge(
            theme,
            "lock",
            self.tr("Encrypted"),
            self.tr("Your chats are kept in an encrypted file."),
            self,
        )
        self.lock.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar_button)
        row.addWidget(self.title, 1)
        row.addWidget(pill)
        row.addWidget(self.place)
        row.addWidget(self.lock)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Badges become icons where there is little room."""
        super().resizeEvent(event)
        compact = self.width() < _NARROW
        self.place.set_compact(compact)
        self.lock.set_compact(compact)

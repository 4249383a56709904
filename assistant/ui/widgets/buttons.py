"""Buttons with an icon of our own, tinted by the theme."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from assistant.ui.theme.theme import Theme

_CONFIRM_MS = 1_500
_GAP = 3
_ROW_GAP = 8


class IconButton(QToolButton):
    """A button that shows only an icon; its words are tooltip and accessible name."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        words: str,
        parent: QWidget | None = None,
        *,
        role: str = "flat",
        ink: str = "muted",
        size: int = 18,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._ink = ink
        self._size = size
        self.setProperty("role", role)
        self.setIconSize(QSize(size, size))
        self.set_words(words)
        self._tint()
        theme.changed.connect(self._tint)

    def set_words(self, words: str) -> None:
        """What it does, for the tooltip and the screen reader."""
        self.setToolTip(words)
        self.setAccessibleName(words)

    def set_icon(self, icon: str, ink: str | None = None) -> None:
        """Show another icon."""
        self._icon = icon
        self._ink = ink or self._ink
        self._tint()

    def confirm(self) -> None:
        """Show for a moment that it is done."""
        self.setIcon(self._theme.icon("check", "good", self._size))
        QTimer.singleShot(_CONFIRM_MS, self, self._tint)

    def changeEvent(self, event: QEvent) -> None:
        """Mirror the icon with the window."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._tint()

    def _tint(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._ink, self._size))


class TextButton(QPushButton):
    """A button with words, and an icon before them where one is given."""

    def __init__(
        self,
        theme: Theme,
        words: str,
        parent: QWidget | None = None,
        *,
        role: str = "",
        icon: str = "",
        ink: str = "muted",
    ) -> None:
        super().__init__(words, parent)
        self._theme = theme
        self._icon = icon
        self._ink = ink
        self.setProperty("role", role)
        self.setIconSize(QSize(18 + self._gap, 18))
        if icon:
            self._tint()
            theme.changed.connect(self._tint)

    @property
    def _gap(self) -> int:
        return _ROW_GAP if self.property("role") == "row" else _GAP

    def changeEvent(self, event: QEvent) -> None:
        """The icon stands at the other side when the window runs right to left."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and self._icon:
            self._tint()

    def _tint(self) -> None:
        # Qt leaves no choice of the room between icon and words, so the picture carries it.
        drawn = self._theme.pixmap(self._icon, self._ink, 18)
        ratio = drawn.devicePixelRatio()
        wide = QPixmap(round((18 + self._gap) * ratio), drawn.height())
        wide.setDevicePixelRatio(ratio)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.drawPixmap(self._gap if rtl else 0, 0, drawn)
        painter.end()
        self.setIcon(QIcon(wide))

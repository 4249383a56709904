"""Buttons with an icon of our own, tinted by the theme."""

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from assistant.ui.theme.theme import Theme

_CONFIRM_MS = 1_500


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
        token: str = "muted",
        size: int = 18,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._token = token
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

    def set_icon(self, icon: str, token: str | None = None) -> None:
        """Show another icon."""
        self._icon = icon
        self._token = token or self._token
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
        self.setIcon(self._theme.icon(self._icon, self._token, self._size))


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
        token: str = "muted",
    ) -> None:
        super().__init__(words, parent)
        self._theme = theme
        self._icon = icon
        self._token = token
        self.setProperty("role", role)
        self.setIconSize(QSize(18, 18))
        if icon:
            self._tint()
            theme.changed.connect(self._tint)

    def _tint(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._token, 18))

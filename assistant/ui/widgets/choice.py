"""A box of choices with an arrow of our own family."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QWidget

from assistant.ui.theme.theme import Theme

_ARROW = 14
_INSET = 10


class Choice(QComboBox):
    """Words with the data that they stand for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setMinimumWidth(150)

    def select(self, data: object) -> None:
        """Choose by data; what is not there chooses the first."""
        self.setCurrentIndex(max(0, self.findData(data)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style sheet leaves the arrow to us."""
        super().paintEvent(event)
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = _INSET if rtl else self.width() - _ARROW - _INSET
        painter = QPainter(self)
        top = (self.height() - _ARROW) // 2
        painter.drawPixmap(left, top, self._theme.pixmap("chevron-down", "muted", _ARROW))
        painter.end()

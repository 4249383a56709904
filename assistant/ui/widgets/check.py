"""A check box drawn from our own tokens and icons."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from assistant.ui.theme.theme import Theme

_BOX = 18
_GAP = 8
_RING = 3
_ROUND = 5.0
_TICK = 14


class Check(QCheckBox):
    """Words with a box before them."""

    def __init__(self, theme: Theme, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._theme = theme
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """The box, the words, and room for the ring of the focus."""
        words = self.fontMetrics().size(0, self.text())
        height = max(_BOX, words.height()) + 2 * _RING
        return QSize(_BOX + _GAP + words.width() + 2 * _RING + 1, height)

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The style sheet leaves the box to us."""
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = self.width() - _BOX - _RING if rtl else _RING
        box = QRectF(left, (self.height() - _BOX) / 2, _BOX, _BOX)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QPen(self._theme.colour("accent" if on else "faint"), 1))
        painter.setBrush(self._theme.colour("accent" if on else "raised"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        if on:
            inset = (_BOX - _TICK) / 2
            tick = self._theme.pixmap("check", "on_accent", _TICK)
            painter.drawPixmap(round(box.left() + inset), round(box.top() + inset), tick)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = box.adjusted(-_RING + 1, -_RING + 1, _RING - 1, _RING - 1)
            painter.drawRoundedRect(ring, _ROUND + 2, _ROUND + 2)
        painter.setPen(self._theme.colour("text"))
        room = _RING + _BOX + _GAP
        words = self.rect().adjusted(0 if rtl else room, 0, -room if rtl else 0, 0)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, side | Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

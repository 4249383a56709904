"""A small ring: how much of the model's context the conversation fills."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from assistant.ui import words
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.labels import plain_label

_FULL = 5760  # sixteenths of a degree
_WARN_FROM = 0.8


class _Ring(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.share = 0.0
        self.setFixedSize(QSize(18, 18))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        pen = QPen(self._theme.colour("line"), 2.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawEllipse(rect)
        if self.share > 0:
            pen.setColor(self._theme.colour("warn" if self.share >= _WARN_FROM else "accent"))
            painter.setPen(pen)
            painter.drawArc(rect, _FULL // 4, -round(_FULL * min(self.share, 1.0)))
        painter.end()


class ContextRing(QWidget):
    """The ring with its numbers; hidden until they are known."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._ring = _Ring(theme, self)
        self._label = plain_label(role="small")
        self._label.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        row.addWidget(self._ring)
        row.addWidget(self._label)
        self.hide()

    def show_use(self, used: int, total: int) -> None:
        """Show `used` of `total` tokens; a total of 0 hides the ring."""
        self.setVisible(total > 0)
        if total <= 0:
            return
        self._ring.share = used / total
        self._ring.update()
        self._label.setText(
            self.tr("{used} of {total}").format(used=words.tokens(used), total=words.tokens(total))
        )
        said = self.tr("The conversation fills {used} of the {total} tokens of the context.")
        said = said.format(used=words.number(used), total=words.number(total))
        self.setToolTip(said)
        self.setAccessibleName(said)

"""What is shown while a file is dragged over the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from assistant.ui.theme.theme import Theme


class DropHint(QFrame):
    """Says what dropping would do."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("dropHint")
        self._picture = QLabel(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = QLabel(self.tr("Drop the file to use it as a model"), self)
        words.setObjectName("pageTitle")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        lines = QVBoxLayout(self)
        lines.addStretch(1)
        lines.addWidget(self._picture)
        lines.addWidget(words)
        lines.addStretch(1)
        self._tint()
        theme.changed.connect(self._tint)
        self.hide()

    def _tint(self) -> None:
        self._picture.setPixmap(self._theme.pixmap("models", "accent", 48))

"""A screen beside the conversation: a title, a way back, and a column that scrolls."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton

COLUMN = 760
_NARROW = 640
"""Under this many pixels, controls stand below the words that they belong to."""


class ColumnPage(QWidget):
    """Subclasses put their cards into `self.column`."""

    back_wanted = Signal()
    sidebar_wanted = Signal()
    narrowed = Signal(bool)
    """Whether there is too little room for words and controls in one line."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.narrow = False
        header = QWidget(self)
        header.setObjectName("header")
        header.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        header.setFixedHeight(56)
        self.sidebar_button = IconButton(theme, "sidebar", self.tr("Show the chats"), header)
        self.sidebar_button.clicked.connect(self.sidebar_wanted)
        self.sidebar_button.hide()
        self.back = IconButton(theme, "back", self.tr("Back to the chat"), header)
        self.back.clicked.connect(self.back_wanted)
        self.title = QLabel(title, header)
        self.title.setProperty("role", "strong")
        row = QHBoxLayout(header)
        row.setContentsMargins(16, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar_button)
        row.addWidget(self.back)
        row.addWidget(self.title, 1)
        self.header_row = row
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setAccessibleName(title)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area = area
        content = QWidget()
        content.setObjectName("column")
        inner = QWidget(content)
        inner.setObjectName("column")
        inner.setMaximumWidth(COLUMN)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 20, 0, 28)
        self.column.setSpacing(10)
        sides = QHBoxLayout(content)
        sides.setContentsMargins(24, 0, 24, 0)
        sides.addStretch(1)
        sides.addWidget(inner, 1000)
        sides.addStretch(1)
        area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(header)
        whole.addWidget(area, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cards stand up in a narrow page."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        if narrow != self.narrow:
            self.narrow = narrow
            self.narrowed.emit(narrow)


def clear(layout: QVBoxLayout) -> None:
    """Take every widget out of a layout and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()

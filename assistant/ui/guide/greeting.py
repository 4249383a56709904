"""The Guide's greeting: what to ask it, and where the chats lie."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from assistant.ui import words
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import ElidedLabel, plain_label

_TWO_COLUMNS_FROM = 480


class Greeting(QWidget):
    """Example questions as buttons, and one quiet line on the data."""

    question_wanted = Signal(str)
    """A question to be sent at once."""

    passage_wanted = Signal()
    """The form for a text with a question, to be filled in."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._narrow: bool | None = None
        self.questions = [
            self._example(self.tr("How do I add a model?")),
            self._example(self.tr("Is it private?")),
            self._example(self.tr("What can you do?")),
        ]
        self.passage = TextButton(theme, self.tr("Ask about a text you paste"), self)
        self.passage.clicked.connect(self.passage_wanted)
        self._where = plain_label(role="small")
        self._folder = ElidedLabel("", "small")
        self._folder.setObjectName("dataFolder")
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        for label in (self._where, self._folder):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        place = QVBoxLayout()
        place.setSpacing(2)
        place.addWidget(self._where)
        place.addWidget(self._folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 18)
        column.setSpacing(16)
        column.addLayout(self._grid)
        column.addLayout(place)
        self._lay_out(narrow=False)

    def show_place(self, folder: str, *, encrypted: bool) -> None:
        """Say where the chats lie, and whether they are encrypted there."""
        self._where.setText(
            self.tr("Your chats stay on this computer, encrypted, in this folder:")
            if encrypted
            else self.tr("Your chats stay on this computer, not encrypted, in this folder:")
        )
        self._folder.setText(words.isolated(folder))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where there is little room."""
        super().resizeEvent(event)
        self._lay_out(narrow=self.width() < _TWO_COLUMNS_FROM)

    def _lay_out(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        columns = 1 if narrow else 2
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)
        for at, button in enumerate((*self.questions, self.passage)):
            self._grid.addWidget(button, at // columns, at % columns)

    def _example(self, question: str) -> TextButton:
        button = TextButton(self._theme, question, self)
        button.clicked.connect(lambda: self.question_wanted.emit(question))
        return button

"""A notice: an icon, one sentence, one next step, and a button where there is one."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from assistant.domain.errors import HearthError
from assistant.ui import errors
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton, TextButton
from assistant.ui.widgets.labels import plain_label

_ICONS = {"bad": "alert", "warn": "alert", "muted": "info"}


class Notice(QFrame):
    """Says what happened and what to do. Hidden until it has something to say."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, closable: bool = True
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = "bad"
        self.setObjectName("notice")
        self._icon = QLabel(self)
        self._sentence = plain_label()
        self._step = plain_label(role="small")
        self._action = TextButton(theme, "", self)
        self._close = IconButton(theme, "close", self.tr("Close"), self, size=16)
        self._close.clicked.connect(self.hide)
        self._close.setVisible(closable)
        self._call: Callable[[], None] | None = None
        self._action.clicked.connect(self._act)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._step)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._tint)
        self.hide()

    def show_error(
        self, error: HearthError, action: str = "", call: Callable[[], None] | None = None
    ) -> None:
        """Show an error's sentence and next step."""
        self.show_words(errors.sentence(error), errors.next_step(error), "bad", action, call)

    def show_words(
        self,
        sentence: str,
        step: str = "",
        tone: str = "muted",
        action: str = "",
        call: Callable[[], None] | None = None,
    ) -> None:
        """Show a sentence; `tone` is `bad`, `warn` or `muted`."""
        self._sentence.setText(sentence)
        self._step.setText(step)
        self._step.setVisible(bool(step))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._call = call
        self._tone = tone
        self.setAccessibleName(f"{sentence} {step}".strip())
        self.setProperty("tone", tone)
        self.style().polish(self)
        self._tint()
        self.show()

    @property
    def words(self) -> str:
        """All that it says."""
        return f"{self._sentence.text()} {self._step.text()}".strip()

    def _act(self) -> None:
        self.hide()
        if self._call is not None:
            self._call()

    def _tint(self) -> None:
        self._icon.setPixmap(self._theme.pixmap(_ICONS[self._tone], self._tone, 18))

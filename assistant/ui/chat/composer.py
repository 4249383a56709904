"""The card at the foot: what one writes, how full the context is, send or stop."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.ui.chat.context_ring import ContextRing
from assistant.ui.chat.editor import Editor
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton

_SHARE_OF_WINDOW = 0.4
_LEAST = 28

_PASSAGE, _QUESTION = "Passage: ", "Question: "
"""The form in which the Guide takes a text with a question, the same in every language."""


class Composer(QFrame):
    """Takes the user's words. They stay until they are stored."""

    submitted = Signal(str)
    stop_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._generating = False
        self._waiting = False
        self._allowed = True
        self.setObjectName("composer")
        self.editor = Editor(self)
        self.editor.setAccessibleName(self.tr("Message"))
        self.editor.setPlaceholderText(self.tr("Ask anything"))
        self.ring = ContextRing(theme, self)
        self.button = IconButton(
            theme, "arrow-up", self.tr("Send"), self, role="round", ink="on_accent", size=18
        )
        self.button.setObjectName("send")
        self.button.clicked.connect(self._pressed)
        self.editor.send_wanted.connect(self._send)
        self.editor.stop_wanted.connect(self._stop)
        self.editor.height_changed.connect(self._adapt)
        self.editor.installEventFilter(self)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addStretch(1)
        foot.addWidget(self.ring)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 12, 11)
        column.setSpacing(6)
        column.addWidget(self.editor)
        column.addLayout(foot)
        self._adapt()

    # --- state ------------------------------------------------------------------------------

    def text(self) -> str:
        """What stands in the field."""
        return self.editor.text()

    def set_text(self, text: str) -> None:
        """Put a draft into the field."""
        self.editor.set_text(text)

    def set_generating(self, generating: bool) -> None:
        """Whether an answer is being written here: the button then stops it."""
        self._generating = generating
        self._show_state()

    def set_allowed(self, allowed: bool) -> None:
        """Whether anything can be sent at all (there is a model)."""
        self._allowed = allowed
        self._show_state()

    def set_waiting(self, waiting: bool) -> None:
        """Whether a message is just being stored."""
        self._waiting = waiting
        self._show_state()

    def set_guide(self, guide: bool) -> None:
        """Whether it is the Guide that answers."""
        self.editor.setPlaceholderText(
            self.tr("Ask the Guide") if guide else self.tr("Ask anything")
        )

    def submit(self, text: str) -> None:
        """Send words that do not stand in the field, unless something is being sent already."""
        if self._ready:
            self.submitted.emit(text)

    def begin_passage(self) -> None:
        """Offer the form for a text with a question; a draft becomes the text in it."""
        draft = self.text().strip()
        if not draft.startswith(_PASSAGE.strip()):
            self.set_text(f"{_PASSAGE}{draft}\n{_QUESTION}")
            if not draft:
                cursor = self.editor.textCursor()
                cursor.setPosition(len(_PASSAGE))
                self.editor.setTextCursor(cursor)
        self.editor.setFocus()

    def sent(self, text: str) -> None:
        """The words are stored: the field is free, unless it holds others by now."""
        self.set_waiting(False)
        if self.text() == text:
            self.editor.clear()

    # --- the user ---------------------------------------------------------------------------

    def _pressed(self) -> None:
        if self._generating:
            self.stop_wanted.emit()
        else:
            self._send()

    def _send(self) -> None:
        text = self.text()
        if self._ready and text.strip() and not self.editor.composing:
            self.submitted.emit(text)

    def _stop(self) -> None:
        if self._generating:
            self.stop_wanted.emit()

    @property
    def _ready(self) -> bool:
        return self._allowed and not self._generating and not self._waiting

    # --- the widget -------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show on the card that its field has the focus."""
        if watched is self.editor and event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self.style().polish(self)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines break elsewhere now."""
        super().resizeEvent(event)
        self._adapt()

    def sizeHint(self) -> QSize:
        """As wide as the column lets it be."""
        return QSize(760, super().sizeHint().height())

    def window_resized(self) -> None:
        """The window has another height: the limit is another one too."""
        self._adapt()

    def _adapt(self) -> None:
        window = self.window()
        most = max(_LEAST, int(window.height() * _SHARE_OF_WINDOW) - 70)
        height = max(_LEAST, self.editor.wanted_height(most))
        if self.editor.height() != height or self.editor.minimumHeight() != height:
            self.editor.setFixedHeight(height)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if height >= most:
            policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.editor.setVerticalScrollBarPolicy(policy)
        self._show_state()

    def _show_state(self) -> None:
        if self._generating:
            self.button.set_icon("stop", "on_accent")
            self.button.set_words(self.tr("Stop"))
            self.button.setEnabled(True)
            return
        has_text = not self.editor.document().isEmpty()
        enabled = has_text and self._allowed and not self._waiting
        self.button.set_icon("arrow-up", "on_accent" if enabled else "muted")
        self.button.set_words(self.tr("Send"))
        self.button.setEnabled(enabled)

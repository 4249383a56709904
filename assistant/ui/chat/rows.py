"""One row of the conversation: the user's words, or an answer."""

from math import ceil

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QEnterEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.domain.chat import Message, MessageId, MessageState, Role
from assistant.domain.errors import HearthError
from assistant.domain.guide import GuideMark, GuidePart, mark_of
from assistant.ui import errors, words
from assistant.ui.chat import statistics
from assistant.ui.guide.board import GuideBoard
from assistant.ui.guide.foot import GuideFoot
from assistant.ui.markdown.view import TextView
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton
from assistant.ui.widgets.labels import plain_label
from assistant.ui.widgets.notice import Notice

_BUBBLE_SHARE = 0.8
_PADDING = 16


class UserRow(QWidget):
    """The user's words, in a bubble at the end side."""

    link_wanted = Signal(str)

    def __init__(self, theme: Theme, message: Message, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message_id = message.id
        self._bubble = QFrame(self)
        self._bubble.setObjectName("bubble")
        self.view = TextView(theme, self._bubble)
        self.view.setAccessibleName(self.tr("Your message"))
        inside = QHBoxLayout(self._bubble)
        inside.setContentsMargins(_PADDING, 6, _PADDING, 11)
        inside.addWidget(self.view)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 0, 10)
        row.addStretch(1)
        row.addWidget(self._bubble)
        self.view.set_plain(message.text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the bubble as wide as its words, at most most of the row."""
        super().resizeEvent(event)
        most = max(80, int(self.width() * _BUBBLE_SHARE) - 2 * _PADDING)
        document = self.view.document()
        document.setTextWidth(most)
        self.view.setFixedWidth(min(most, ceil(document.idealWidth()) + 2))


class AnswerRow(QWidget):
    """An answer: its text, its state in words, and what can be done with it."""

    link_wanted = Signal(str)

    def __init__(
        self, theme: Theme, board: GuideBoard, message: Message, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.message_id: MessageId = message.id
        self._message = message
        self._last = False
        self._hovered = False
        self.status = plain_label(role="muted")
        self.view = TextView(theme, self)
        self.view.setAccessibleName(self.tr("Answer"))
        self.view.link_wanted.connect(self.link_wanted)
        self.guide = GuideFoot(theme, board, self)
        self.problem = Notice(theme, self, closable=False)
        self.stats = plain_label(role="small")
        self.stats.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.copy = IconButton(theme, "copy", self.tr("Copy answer"), self, size=17)
        self.copy.clicked.connect(self._copy)
        self._footer = QWidget(self)
        footer = QHBoxLayout(self._footer)
        footer.setContentsMargins(0, 4, 0, 0)
        footer.addWidget(self.copy)
        footer.addWidget(self.stats, 1)
        policy = self.stats.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.stats.setSizePolicy(policy)
        self._footer.setMinimumHeight(34)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 4)
        column.setSpacing(6)
        column.addWidget(self.status)
        column.addWidget(self.view)
        column.addWidget(self.guide)
        column.addWidget(self.problem)
        column.addWidget(self._footer)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)
        self._show_state(None)
        if message.state == MessageState.STREAMING:
            self.view.append_markdown(message.text)
        else:
            self.view.set_markdown(message.text)

    @property
    def is_guides(self) -> bool:
        """Whether the Guide gave the answer."""
        return mark_of(self._message) is not None

    @property
    def streaming(self) -> bool:
        """Whether the answer is still being written."""
        return self._message.state == MessageState.STREAMING

    def grow(self, added: str) -> None:
        """Show more of the answer."""
        self.status.hide()
        self.view.append_markdown(added)

    def reading(self, fraction: float, seconds_left: float | None) -> None:
        """Show how much of the prompt is read."""
        said = self.tr("Reading the conversation: {percent}").format(
            percent=words.percent(fraction)
        )
        if seconds_left is not None:
            said = words.line(said, words.left(seconds_left))
        self.status.setText(said)
        self.status.show()

    def end(self, message: Message, error: HearthError | None) -> None:
        """Show how the answer ended."""
        self._message = message
        if message.text != self.view.words:
            self.view.set_markdown(message.text)
        else:
            self.view.finish()
        self._show_state(error)
        said = self.problem.words if self.problem.isVisibleTo(self) else self._heard()
        QAccessible.updateAccessibility(
            QAccessibleAnnouncementEvent(self, self.tr("Answer: {how}").format(how=said))
        )

    def set_last(self, last: bool) -> None:
        """The last answer shows its numbers always."""
        self._last = last
        self._show_footer()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show what can be done."""
        super().enterEvent(event)
        self._hovered = True
        self._show_footer()

    def leaveEvent(self, event: QEvent) -> None:
        """Be quiet again."""
        super().leaveEvent(event)
        self._hovered = False
        self._show_footer()

    def _focus_moved(self, _old: QWidget | None, _new: QWidget | None) -> None:
        self._show_footer()

    def _show_footer(self) -> None:
        focus = QApplication.focusWidget()
        focused = focus is not None and self.isAncestorOf(focus)
        shown = not self.streaming and (self._last or self._hovered or focused)
        # The row keeps its height: nothing jumps under the pointer. The copy button stays in
        # the order of the Tab key.
        self.stats.setVisible(shown)
        self.copy.setVisible(not self.streaming)
        self.copy.set_icon("copy", "muted" if shown else "ground")

    def _show_state(self, error: HearthError | None) -> None:
        state = self._message.state
        self.status.setText(self.tr("Writing…"))
        self.status.setVisible(state == MessageState.STREAMING and not self._message.text)
        self.view.setVisible(bool(self._message.text) or state == MessageState.STREAMING)
        mark = mark_of(self._message)
        self.guide.show_mark(mark if state == MessageState.DONE else None)
        self.stats.setText(self._numbers(mark))
        code = self._message.error_code
        if error is not None:
            self.problem.show_error(error)
        elif state == MessageState.INTERRUPTED:
            self.problem.show_words(
                self.tr("This answer was interrupted. What was written is kept."),
                errors.next_step_of(code, {}) if code else self.tr("Ask again to get a whole one."),
                "warn",
            )
        elif state == MessageState.FAILED:
            self.problem.show_words(
                errors.sentence_of(code, {}), errors.next_step_of(code, {}), "bad"
            )
        else:
            self.problem.hide()
        self._show_footer()

    def _heard(self) -> str:
        """What a screen reader says at the end: words that came at once, else how it ended."""
        if _came_at_once(mark_of(self._message)):
            return self._message.text.replace("**", "")
        return self.stats.text()

    def _numbers(self, mark: GuideMark | None) -> str:
        """What the answer cost; what was not decoded cost nothing."""
        if _came_at_once(mark):
            return self.tr("Guide")
        stats = self._message.stats
        counted = self.tr("%Ln tokens", "", stats.completion_tokens if stats is not None else 0)
        said = statistics.line(stats, self._message.state, counted)
        return words.line(self.tr("Guide"), said) if mark is not None else said

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.words)
        self.copy.confirm()


def _came_at_once(mark: GuideMark | None) -> bool:
    return mark is not None and mark.part in {GuidePart.HELP, GuidePart.BEYOND}


Row = UserRow | AnswerRow


def row_for(
    theme: Theme, board: GuideBoard, message: Message, parent: QWidget | None = None
) -> Row:
    """The row that shows a message."""
    if message.role == Role.USER:
        return UserRow(theme, message, parent)
    return AnswerRow(theme, board, message, parent)

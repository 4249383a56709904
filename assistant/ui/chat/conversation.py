"""The conversation: rows in a column that follows the text while the reader is at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.domain.chat import Message, MessageId
from assistant.domain.errors import HearthError
from assistant.ui.chat.rows import AnswerRow, Row, row_for
from assistant.ui.guide.board import GuideBoard
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton

COLUMN = 760
_PAGE = 30
_NEAR_END = 24
_NEAR_START = 400


class Conversation(QScrollArea):
    """Shows the messages of one chat; older ones are laid out when the reader goes there."""

    link_wanted = Signal(str)

    def __init__(self, theme: Theme, board: GuideBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._board = board
        self._rows: dict[MessageId, Row] = {}
        self._order: list[Row] = []
        self._older: list[Message] = []
        self._following = True
        self._from_end: int | None = None
        self.setObjectName("conversation")
        self.setAccessibleName(self.tr("Conversation"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._column = QWidget()
        self._column.setObjectName("column")
        self._column.setMaximumWidth(COLUMN)
        self._lines = QVBoxLayout(self._column)
        self._lines.setContentsMargins(0, 16, 0, 24)
        self._lines.setSpacing(0)
        self._lines.addStretch(1)
        content = QWidget()
        content.setObjectName("column")
        sides = QHBoxLayout(content)
        sides.setContentsMargins(24, 0, 24, 0)
        sides.addStretch(1)
        sides.addWidget(self._column, 1000)
        sides.addStretch(1)
        self.setWidget(content)
        self.jump = IconButton(
            theme, "arrow-down", self.tr("Go to the end"), self, role="float", ink="text"
        )
        self.jump.clicked.connect(self.follow)
        self.jump.hide()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._moved)

    # --- content ----------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that are laid out, oldest first."""
        return self._order

    @property
    def following(self) -> bool:
        """Whether new text moves the view."""
        return self._following

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show a chat, from its end."""
        for row in self._order:
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()
        self._order.clear()
        split = max(0, len(messages) - _PAGE)
        self._older = list(messages[:split])
        for message in messages[split:]:
            self._append(message)
        self._mark_last()
        self.follow()

    def add(self, message: Message) -> None:
        """Show a new message at the end. Harmless for one that is shown."""
        if message.id in self._rows:
            return
        self._append(message)
        self._mark_last()

    def branches_at(self, message: Message) -> bool:
        """Whether a message goes on from an earlier one than the last: another branch."""
        if message.id in self._rows or message.parent_id not in self._rows:
            return False
        return self._order[-1].message_id != message.parent_id

    def shows(self, message_id: MessageId) -> bool:
        """Whether a message has its row."""
        return message_id in self._rows

    def grow(self, message_id: MessageId, added: str) -> None:
        """Show more of an answer."""
        row = self._rows.get(message_id)
        if isinstance(row, AnswerRow):
            row.grow(added)

    def reading(self, message_id: MessageId, fraction: float, seconds_left: float | None) -> None:
        """Show how much of the prompt is read."""
        row = self._rows.get(message_id)
        if isinstance(row, AnswerRow):
            row.reading(fraction, seconds_left)

    def end(self, message: Message, error: HearthError | None) -> None:
        """Show how an answer ended."""
        row = self._rows.get(message.id)
        if isinstance(row, AnswerRow):
            row.end(message, error)
            self._mark_last()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self.jump.hide()
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        # Rows get their heights when the event loop lays them out.
        QTimer.singleShot(0, self, self._stay_at_end)

    def _append(self, message: Message) -> None:
        row = self._make(message)
        self._order.append(row)
        self._lines.insertWidget(self._lines.count() - 1, row)

    def _make(self, message: Message) -> Row:
        row = row_for(self._theme, self._board, message, self._column)
        row.link_wanted.connect(self.link_wanted)
        row.view.installEventFilter(self)
        self._rows[message.id] = row
        return row

    def _mark_last(self) -> None:
        answers = [row for row in self._order if isinstance(row, AnswerRow)]
        only_guides = True
        for row in reversed(answers):
            row.set_last(row is answers[-1])
            only_guides = only_guides and row.is_guides
            row.guide.set_waits(only_guides)

    # --- scrolling --------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the row in sight that the keyboard reaches."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            row = watched.parentWidget()
            if row is not None and row.height() < self.viewport().height():
                self.ensureWidgetVisible(watched, 0, 24)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button over the end of the text."""
        super().resizeEvent(event)
        view = self.viewport().geometry()
        size = self.jump.sizeHint()
        self.jump.move(view.center().x() - size.width() // 2, view.bottom() - size.height() - 12)
        self.jump.raise_()

    def _range_changed(self, _low: int, high: int) -> None:
        bar = self.verticalScrollBar()
        if self._from_end is not None:
            bar.setValue(high - self._from_end)
            self._from_end = None
        elif self._following:
            bar.setValue(high)
        self.jump.setVisible(not self._following)

    def _stay_at_end(self) -> None:
        if self._following:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _moved(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._following = value >= bar.maximum() - _NEAR_END
        self.jump.setVisible(not self._following)
        if self._older and value < _NEAR_START and not self._following:
            QTimer.singleShot(0, self, self._show_older)

    def _show_older(self) -> None:
        if not self._older:
            return
        bar = self.verticalScrollBar()
        self._from_end = bar.maximum() - bar.value()
        split = max(0, len(self._older) - _PAGE)
        page, self._older = self._older[split:], self._older[:split]
        for at, message in enumerate(page):
            row = self._make(message)
            self._order.insert(at, row)
            self._lines.insertWidget(at, row)

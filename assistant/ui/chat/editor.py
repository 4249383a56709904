"""The field one writes in: Enter sends, Shift+Enter breaks the line, input methods come first."""

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from assistant.ui.markdown.feed import PIECE
from assistant.ui.markdown.inline import starts_right_to_left

_CONTINUES = 1
"""State of a block that goes on with the line before it: one long line, broken for the layout."""

_OPENING = 200
"""Characters that say in which direction the words run."""

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class Editor(QPlainTextEdit):
    """Plain text, as high as its lines up to a limit."""

    send_wanted = Signal()
    stop_wanted = Signal()
    height_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composing = False
        self._just_committed = False
        self.setObjectName("input")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.textChanged.connect(self._align)
        self.textChanged.connect(self.height_changed)
        self._align()

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not confirmed yet."""
        return self._composing

    def text(self) -> str:
        """What was written, without what an input method still holds."""
        lines: list[str] = []
        block = self.document().begin()
        while block.isValid():
            if block.userState() == _CONTINUES and lines:
                lines[-1] += block.text()
            else:
                lines.append(block.text())
            block = block.next()
        return "\n".join(lines)

    def set_text(self, text: str) -> None:
        """Replace all text; the cursor goes to its end."""
        self.clear()
        self._insert(text)

    def wanted_height(self, most: int) -> int:
        """Pixels that the text needs, at most `most`."""
        block = self.document().begin()
        height = 2.0 * self.document().documentMargin() + 2
        while block.isValid() and height < most:
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return min(most, round(height + 0.5))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send, break the line, stop, or write."""
        if event.key() in _ENTER:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and (self._composing or self._just_committed):
                # This Enter chose a candidate of the input method.
                event.accept()
                return
            event.accept()
            if plain:
                self.send_wanted.emit()
            else:
                # Not Qt's own: that one is U+2028, which the text would carry to the model.
                self.textCursor().insertBlock()
                self.ensureCursorVisible()
            return
        if event.key() == Qt.Key.Key_Escape and not self._composing:
            self.stop_wanted.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Know what the input method holds; some send Enter right after the text it confirmed."""
        was_composing = self._composing
        self._composing = bool(event.preeditString())
        if event.commitString() and was_composing:
            self._just_committed = True
            QTimer.singleShot(0, self, self._forget_commit)
        super().inputMethodEvent(event)
        self.height_changed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Words only; files are the window's matter."""
        return source.hasText() and not source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste words, however long their lines are."""
        if source.hasText() and not source.hasUrls():
            self._insert(source.text())

    def _insert(self, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock()
                cursor.block().setUserState(-1)
            self._insert_line(cursor, line)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _insert_line(self, cursor: QTextCursor, line: str) -> None:
        cursor.insertText(line[:PIECE])
        for at in range(PIECE, len(line), PIECE):
            cursor.insertBlock()
            cursor.block().setUserState(_CONTINUES)
            cursor.insertText(line[at : at + PIECE])

    def changeEvent(self, event: QEvent) -> None:
        """An empty field begins at the side where the window begins."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()

    def _align(self) -> None:
        """Each paragraph runs as its own words do; where there are none, as the window does.

        Qt's plain text gives the direction by itself, but not the side: that goes by the first
        words.
        """
        opening = self.document().begin().text()[:_OPENING]
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        if opening.strip():
            rtl = starts_right_to_left(opening)
        side = Qt.AlignmentFlag.AlignRight if rtl else Qt.AlignmentFlag.AlignLeft
        side |= Qt.AlignmentFlag.AlignAbsolute
        empty = self.document().isEmpty()
        direction = self.layoutDirection() if empty else Qt.LayoutDirection.LayoutDirectionAuto
        option = self.document().defaultTextOption()
        if option.alignment() != side or option.textDirection() != direction:
            option.setAlignment(side)
            option.setTextDirection(direction)
            self.document().setDefaultTextOption(option)

    def _forget_commit(self) -> None:
        self._just_committed = False

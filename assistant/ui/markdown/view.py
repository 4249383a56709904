"""A view of text that is as high as its words: a message, an answer."""

import time
from math import ceil

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from assistant.ui.markdown.cards import CardLayer
from assistant.ui.markdown.feed import PIECE, MarkdownFeed
from assistant.ui.markdown.formats import CODE_PAD, INDENT, Formats
from assistant.ui.markdown.highlight import Highlighting
from assistant.ui.markdown.writer import DocumentWriter
from assistant.ui.theme.fonts import ANSWER_PX, text_font
from assistant.ui.theme.theme import Theme

_BUDGET_S = 0.012
"""Seconds of work per turn of the event loop."""

_SHARE = 8
"""New text waits until this many times the last update's cost has passed."""

_FRAME_S = 0.033


class InertDocument(QTextDocument):
    """A document that never loads anything, whatever its text names."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: ARG002 - Qt's signature
        """Nothing, for every kind and address."""
        return None


class TextView(QTextBrowser):
    """Shows plain text or growing Markdown; as high as the text, without scroll bars."""

    link_wanted = Signal(str)
    """The address of a link that was clicked."""

    settled = Signal()
    """All text that was given is on screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self._plain = False
        self._finished = True
        self._document: InertDocument | None = None
        self.cards = CardLayer(theme, self.viewport())
        self._highlighting: Highlighting | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._work)
        self._prepare_widget()
        self._begin()
        theme.changed.connect(self._rebuild)

    # --- what is shown ----------------------------------------------------------------------

    @property
    def words(self) -> str:
        """The text as it was given."""
        return self._text

    def set_plain(self, text: str) -> None:
        """Show words as they are."""
        self._text, self._plain, self._finished = text, True, True
        self._begin()
        self._work()

    def set_markdown(self, text: str) -> None:
        """Show a whole answer."""
        self._text, self._plain, self._finished = text, False, True
        self._begin()
        self._work()

    def append_markdown(self, added: str) -> None:
        """Show more of an answer that is being written."""
        self._text += added
        self._finished = False
        self._feed.feed(added)
        if not self._timer.isActive():
            self._timer.start(round(self._pause_s * 1000))

    def finish(self) -> None:
        """No more text will come."""
        self._finished = True
        self._timer.stop()
        self._work()

    @property
    def writer(self) -> DocumentWriter:
        """What writes the document, to look at in tests."""
        return self._writer

    # --- writing ----------------------------------------------------------------------------

    def _begin(self) -> None:
        document = InertDocument(self)
        document.setDocumentMargin(0)
        document.setUndoRedoEnabled(False)
        document.setIndentWidth(INDENT)
        document.setDefaultFont(text_font(ANSWER_PX))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        old, self._document = self._document, document
        self.setDocument(document)
        if old is not None:
            old.deleteLater()
        document.documentLayout().documentSizeChanged.connect(self._fit)
        self._writer = DocumentWriter(document, Formats(self._theme.tokens))
        self._feed = MarkdownFeed()
        self._feed.feed(self._text)
        self._plain_at = 0
        self._closed = False
        self._pause_s = 0.0
        self._highlighting = None
        self._coloured = 0
        self.cards.show(document)

    def _rebuild(self) -> None:
        self._begin()
        self._work()

    def _work(self) -> None:
        """Write for one turn of the event loop; come back if something is left."""
        began = time.perf_counter()
        more = True
        while more and time.perf_counter() - began < _BUDGET_S:
            more = self._step()
        cost = time.perf_counter() - began
        self._fit()
        if more:
            self._timer.start(0)
            return
        self._pause_s = max(_FRAME_S, cost * _SHARE)
        if self._closed:
            self.settled.emit()

    def _step(self) -> bool:
        """One piece of work; False when nothing is left for now."""
        if self._plain:
            return self._step_plain()
        if self._feed.waiting:
            self._writer.write(self._feed.step())
            return True
        if self._finished and not self._closed:
            self._writer.write(self._feed.finish())
            self._closed = True
            return True
        return self._step_colours()

    def _step_plain(self) -> bool:
        if self._closed:
            return False
        end = self._plain_at + PIECE
        line_end = self._text.find("\n", end)
        # Whole lines, unless one is so long that it is broken anyway.
        end = line_end if 0 <= line_end < end + PIECE else end
        self._writer.write_plain(self._text[self._plain_at : end])
        self._plain_at = end + 1 if self._text[end : end + 1] == "\n" else end
        self._closed = end >= len(self._text)
        return True

    def _step_colours(self) -> bool:
        if self._highlighting is None:
            self._highlighting = self._next_highlighting()
        if self._highlighting is None:
            return False
        if self._highlighting.step(_BUDGET_S / 2):
            self._highlighting = None
        return True

    def _next_highlighting(self) -> Highlighting | None:
        cards = self._writer.cards
        while self._coloured < len(cards):
            card = cards[self._coloured]
            if not card.whole or card.start >= self._writer.anchor:
                return None
            self._coloured += 1
            if card.kind == "code":
                return Highlighting(self.document(), card, self._theme.tokens)
        return None

    # --- the widget -------------------------------------------------------------------------

    def _prepare_widget(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(text_font(ANSWER_PX))
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.viewport().setAutoFillBackground(False)
        self.anchorClicked.connect(lambda url: self.link_wanted.emit(url.toString()))

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: ARG002 - Qt's signature
        """Nothing: text of a model loads no file and no address."""
        return None

    def sizeHint(self) -> QSize:
        """As wide as the words want, as high as they are."""
        return QSize(ceil(self.document().idealWidth()), self._height())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(40, self._height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The conversation scrolls, not its parts."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the words out for the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Place what depends on the direction of the window anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A selection stays only as long as the reader is here."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        }:
            cursor = self.textCursor()
            cursor.clearSelection()
            self.setTextCursor(cursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cards first, words over them."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.cards.paint(painter, event.rect())
        painter.end()
        super().paintEvent(event)

    def _height(self) -> int:
        height = self.document().size().height()
        cards = self._writer.cards
        end = self.document().characterCount() - 1
        if cards and cards[-1].kind == "code" and cards[-1].end >= end:
            height += CODE_PAD
        return ceil(height)

    def _fit(self, *_: object) -> None:
        height = self._height()
        if height != self.height():
            self.setFixedHeight(height)
        self.updateGeometry()
        self.cards.update(self._writer.cards, self._writer.anchor)

"""The end of a `QTextDocument` that is being written: what is closed, what is open, the cards."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)

from assistant.ui.markdown.feed import PIECE
from assistant.ui.markdown.formats import CODE_PAD, GAP, Formats

Marks = tuple[tuple[int, int, str], ...]
"""Coloured runs of one line: start, length, token of the theme."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card lies in the laid out document."""

    rect: QRectF
    left_to_right: bool


@dataclass(slots=True, eq=False)
class Card:
    """A part of the document that is painted on a ground of its own. Positions in characters."""

    kind: str
    """`code`, `table`, `quote` or `rule`."""
    start: int
    end: int
    depth: int = 0
    language: str = ""
    text: str = ""
    """Code as it came, for the clipboard."""
    whole: bool = True
    """Whether no more code will come."""
    table: QTextTable | None = None
    place: Place | None = None
    """None until it was measured for the present width."""
    marks: list[Marks] = field(default_factory=list)
    """What the highlighter has coloured, line by line."""


class Sheet:
    """Keeps the closed part of a document; only what follows it is ever written again."""

    def __init__(self, document: QTextDocument, formats: Formats) -> None:
        self.formats = formats
        self.cards: list[Card] = []
        self.cursor = QTextCursor(document)
        self.anchor = 0
        """Position up to which nothing changes any more."""
        self._closed_cards = 0
        self._blank = True
        self._blank_at_anchor = True
        self._newline_due = False

    def drop_open(self) -> None:
        """Take away what is not closed."""
        self.cursor.setPosition(self.anchor)
        self.cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        if self.cursor.hasSelection():
            self.cursor.removeSelectedText()
        del self.cards[self._closed_cards :]
        self._blank = self._blank_at_anchor

    def close(self) -> None:
        """All that is written by now stays."""
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        self.anchor = self.cursor.position()
        self._closed_cards = len(self.cards)
        self._blank_at_anchor = self._blank

    def gap(self, wanted: int = GAP) -> int:
        """Pixels to leave above the next block."""
        if self._blank:
            return 0
        if self.cards and self.cards[-1].kind == "code" and self._at_end(self.cards[-1]):
            return GAP + CODE_PAD
        return wanted

    def begin(self, block: QTextBlockFormat, text: QTextCharFormat) -> None:
        """Begin a block at the end of the document."""
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._blank:
            self.cursor.setBlockFormat(block)
            self.cursor.setBlockCharFormat(text)
        else:
            self.cursor.insertBlock(block, text)
        self.cursor.setCharFormat(text)
        self._blank = False

    def insert_table(self, rows: int, columns: int) -> QTextTable:
        """An empty table at the end, followed by a block that takes no room."""
        if self._blank:
            self.begin(self.formats.sliver(), self.formats.code())
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        table = self.cursor.insertTable(rows, columns, self.formats.table())
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        self.cursor.setBlockFormat(self.formats.sliver())
        self.cards.append(Card("table", table.firstPosition(), table.lastPosition(), table=table))
        return table

    # --- code -------------------------------------------------------------------------------

    def open_code(self, language: str, depth: int) -> Card:
        """Begin a code block; `grow_code` fills it."""
        self.begin(self.formats.code_line(depth, first=True, gap=self.gap()), self.formats.code())
        start = self.cursor.block().position()
        card = Card("code", start, start, depth=depth, language=language, whole=False)
        self.cards.append(card)
        self._newline_due = False
        return card

    def grow_code(self, text: str) -> None:
        """Add text to the code block that is open: a block of the document for each line."""
        card = self.cards[-1]
        card.text += text
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        for number, line in enumerate(text.split("\n")):
            if number:
                self._end_code_line(card)
            if line:
                self._add_to_code_line(card, line)
        card.end = self.cursor.position()

    def end_code(self) -> Card:
        """The code block is whole."""
        card = self.cards[-1]
        card.whole = True
        self._newline_due = False
        return card

    def _end_code_line(self, card: Card) -> None:
        # The block for the next line waits until there is one: no empty line at the end.
        if self._newline_due:
            self._new_code_line(card)
        self._newline_due = True

    def _add_to_code_line(self, card: Card, line: str) -> None:
        if self._newline_due:
            self._new_code_line(card)
            self._newline_due = False
        while line:
            room = PIECE - (self.cursor.block().length() - 1)
            if room <= 0:
                self._new_code_line(card)
                room = PIECE
            self.cursor.insertText(line[:room])
            line = line[room:]

    def _new_code_line(self, card: Card) -> None:
        block = self.formats.code_line(card.depth, first=False, gap=0)
        self.cursor.insertBlock(block, self.formats.code())

    def _at_end(self, card: Card) -> bool:
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        return card.end >= self.cursor.block().position()

"""Colours code a few milliseconds at a time."""

import time
from collections.abc import Iterator

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType, is_token_subtype
from pygments.util import ClassNotFound
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextDocument, QTextLayout

from assistant.ui.markdown.sheet import Card, Marks
from assistant.ui.theme.tokens import Tokens

LONGEST_CODE = 100_000
"""Characters; longer code stays plain."""

_LONGEST_LINE = 1_000
_COLOURS: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "code_comment"),
    (Keyword, "code_keyword"),
    (String, "code_string"),
    (Number, "code_number"),
    (Name.Function, "code_name"),
    (Name.Class, "code_name"),
    (Name.Builtin, "code_name"),
    (Name.Tag, "code_keyword"),
    (Name.Attribute, "code_name"),
    (Name.Decorator, "code_number"),
)


class Highlighting:
    """One pass over the code of a card. `step` until it says that it is done."""

    def __init__(self, document: QTextDocument, card: Card, tokens: Tokens) -> None:
        self._document = document
        self._card = card
        self._tokens = tokens
        self._lines = self._coloured(card.text)
        self._block = document.findBlock(card.start)
        self._number = 0
        self.cost_s = 0.0
        """Time spent so far."""

    def step(self, budget_s: float) -> bool:
        """Work for about `budget_s` seconds; True when all lines are coloured."""
        began = time.perf_counter()
        try:
            while time.perf_counter() - began < budget_s:
                marks = next(self._lines, None)
                if marks is None or not self._block.isValid():
                    return True
                self._apply(marks)
            return False
        finally:
            self.cost_s += time.perf_counter() - began

    def _apply(self, marks: Marks) -> None:
        known = self._card.marks
        if self._number >= len(known):
            known.append(())
        if known[self._number] != marks:
            known[self._number] = marks
            self._block.layout().setFormats([self._range(*mark) for mark in marks])
            self._document.markContentsDirty(self._block.position(), self._block.length())
        self._number += 1
        self._block = self._block.next()

    def _range(self, start: int, length: int, token: str) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start = start
        made.length = length
        made.format = QTextCharFormat()
        made.format.setForeground(QColor(getattr(self._tokens, token)))
        return made

    def _coloured(self, code: str) -> Iterator[Marks]:
        lexer = find_lexer(self._card.language)
        if lexer is None or not _fit(code):
            return
        line: list[tuple[int, int, str]] = []
        column = 0
        for kind, text in lexer.get_tokens(code):
            colour = _colour(kind)
            for number, piece in enumerate(text.split("\n")):
                if number:
                    yield tuple(line)
                    line, column = [], 0
                units = len(piece.encode("utf-16-le")) // 2
                if piece and colour:
                    line.append((column, units, colour))
                column += units
        if line:
            yield tuple(line)


def find_lexer(language: str) -> Lexer | None:
    """The lexer for a fence's word, or None where there is none."""
    if not language:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _fit(code: str) -> bool:
    return len(code) <= LONGEST_CODE and all(
        len(line) <= _LONGEST_LINE for line in code.split("\n")
    )


def _colour(kind: _TokenType) -> str:
    return next((colour for parent, colour in _COLOURS if is_token_subtype(kind, parent)), "")


def code_blocks(document: QTextDocument, card: Card) -> Iterator[QTextBlock]:
    """The document's blocks of a card."""
    block = document.findBlock(card.start)
    while block.isValid() and block.position() <= card.end:
        yield block
        block = block.next()

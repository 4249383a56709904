"""Block and character formats of rendered text, made from the theme's tokens."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextLength,
    QTextTableFormat,
)

from assistant.ui.theme.fonts import ANSWER_PX, CODE_PX, code_families, code_font, text_families
from assistant.ui.theme.tokens import Tokens

INDENT = 26
"""Pixels of one level of a list or quotation."""

CODE_PAD = 16
CODE_HEAD = 30
GAP = 12
_HEADINGS = {"h1": 19, "h2": 17, "h3": 16}
_LINE_HEIGHT = 25.0
"""Least pixels of a line of words; scripts with taller letters take what they need."""

_CODE_LINE_HEIGHT = 21.0
_CELL_HEIGHT = 20.0


@dataclass(frozen=True, slots=True)
class Inline:
    """What is open around a run of text."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    muted: bool = False
    href: str = ""
    pixels: int = ANSWER_PX


class Formats:
    """Makes formats for one theme."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._text_families = text_families()
        self._code_families = code_families()

    def heading(self, tag: str) -> Inline:
        """How the words of a heading look: by weight, hardly by size."""
        return Inline(bold=True, pixels=_HEADINGS.get(tag, ANSWER_PX))

    def text(self, inline: Inline) -> QTextCharFormat:
        """Format of a run of words."""
        made = QTextCharFormat()
        made.setFontFamilies(self._text_families)
        made.setProperty(QTextFormat.Property.FontPixelSize, inline.pixels)
        made.setForeground(QColor(self._tokens.muted if inline.muted else self._tokens.text))
        if inline.bold:
            made.setFontWeight(QFont.Weight.DemiBold)
        made.setFontItalic(inline.italic)
        made.setFontStrikeOut(inline.struck)
        if inline.href:
            made.setAnchor(True)
            made.setAnchorHref(inline.href)
            made.setForeground(QColor(self._tokens.accent))
            made.setFontUnderline(True)
        return made

    def inline_code(self, inline: Inline) -> QTextCharFormat:
        """Format of code within a line."""
        made = self.text(inline)
        made.setFontFamilies(self._code_families)
        made.setProperty(QTextFormat.Property.FontPixelSize, CODE_PX)
        made.setBackground(QColor(self._tokens.bubble))
        return made

    def code(self) -> QTextCharFormat:
        """Format of a code block's text."""
        made = QTextCharFormat()
        made.setFont(code_font())
        made.setForeground(QColor(self._tokens.text))
        return made

    def paragraph(self, depth: int, gap: int = GAP) -> QTextBlockFormat:
        """A paragraph, `depth` levels deep, `gap` pixels below what stands above it."""
        made = QTextBlockFormat()
        made.setTopMargin(gap)
        made.setIndent(depth)
        made.setLineHeight(_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return made

    def cell(self) -> QTextBlockFormat:
        """A cell of a table."""
        made = QTextBlockFormat()
        made.setLineHeight(_CELL_HEIGHT, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return made

    def code_line(self, depth: int, *, first: bool, gap: int) -> QTextBlockFormat:
        """One line of a code block: always left to right, whatever its text."""
        made = QTextBlockFormat()
        made.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        made.setTopMargin(gap + CODE_HEAD if first else 0)
        made.setLeftMargin(CODE_PAD)
        made.setRightMargin(CODE_PAD)
        made.setIndent(depth)
        made.setLineHeight(_CODE_LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        return made

    def sliver(self, height: int = 1) -> QTextBlockFormat:
        """A block that only takes room."""
        made = QTextBlockFormat()
        made.setLineHeight(height, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return made

    def table(self) -> QTextTableFormat:
        """A table without grid lines; its card is painted behind it."""
        made = QTextTableFormat()
        made.setBorder(0)
        made.setCellSpacing(0)
        made.setCellPadding(4)
        made.setLeftMargin(11)
        made.setRightMargin(11)
        made.setTopMargin(GAP + 7)
        made.setBottomMargin(7)
        made.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        made.setHeaderRowCount(1)
        return made

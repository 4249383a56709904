"""Writes parsed Markdown into a `QTextDocument`, block by block, at its end.

No HTML is made on the way, no picture is inserted, nothing is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from PySide6.QtGui import QTextDocument, QTextList, QTextListFormat

from assistant.ui.markdown.feed import PIECE, Blocks, FenceClosed, FenceGrew, FenceOpened, Part
from assistant.ui.markdown.formats import GAP, Formats, Inline
from assistant.ui.markdown.inline import write_inline
from assistant.ui.markdown.sheet import Card, Sheet
from assistant.ui.markdown.table import write_table

_BULLETS = (
    QTextListFormat.Style.ListDisc,
    QTextListFormat.Style.ListCircle,
    QTextListFormat.Style.ListSquare,
)
_LIST_GAP = 6


@dataclass(slots=True)
class _List:
    ordered: bool
    start: int
    made: QTextList | None = None


class DocumentWriter:
    """Turns the parts that a `MarkdownFeed` gives into text, lists, tables and cards."""

    def __init__(self, document: QTextDocument, formats: Formats) -> None:
        self._sheet = Sheet(document, formats)
        self._formats = formats
        self._lists: list[_List] = []
        self._quotes: list[int] = []
        self._marker_due = False

    @property
    def cards(self) -> Sequence[Card]:
        """Code blocks, tables, quotations and rules, in their order."""
        return self._sheet.cards

    @property
    def anchor(self) -> int:
        """Position up to which nothing changes any more."""
        return self._sheet.anchor

    def write(self, parts: Sequence[Part]) -> None:
        """Write what a feed gave; the document is laid out once."""
        self._sheet.cursor.beginEditBlock()
        try:
            for part in parts:
                self._write(part)
        finally:
            self._sheet.cursor.endEditBlock()

    def write_plain(self, text: str) -> None:
        """Write words as they are: a block for each line, long lines broken."""
        self._sheet.cursor.beginEditBlock()
        try:
            for line in text.split("\n"):
                for at in range(0, max(len(line), 1), PIECE):
                    self._begin(Inline(), gap=0)
                    self._sheet.cursor.insertText(line[at : at + PIECE])
            self._sheet.close()
        finally:
            self._sheet.cursor.endEditBlock()

    def _write(self, part: Part) -> None:
        match part:
            case Blocks():
                self._sheet.drop_open()
                self._blocks(part)
                if part.closed:
                    self._sheet.close()
            case FenceOpened(language):
                self._sheet.drop_open()
                self._sheet.open_code(language, depth=0)
            case FenceGrew(text):
                self._sheet.grow_code(text)
                # What stands there stays, so that nothing of a long listing is laid out twice.
                self._sheet.close()
            case FenceClosed():
                self._sheet.end_code()
                self._sheet.close()

    def _blocks(self, part: Blocks) -> None:
        self._lists.clear()
        self._quotes.clear()
        self._marker_due = False
        number = part.number
        tokens = part.tokens
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if token.type == "table_open":
                at = write_table(self._sheet, tokens, at)
                continue
            if token.type == "inline":
                self._inline(token, tokens[at - 1])
            elif token.type == "ordered_list_open":
                start = number if number is not None and token.level == 0 else None
                self._open_list(token, start)
            else:
                self._block(token)
            at += 1

    def _block(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self._open_list(token, None)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._marker_due = True
            case "list_item_close":
                self._place_marker()
            case "blockquote_open":
                self._place_marker()
                self._quotes.append(-1)
            case "blockquote_close":
                self._close_quote()
            case "fence" | "code_block":
                self._place_marker()
                self._code(token)
            case "hr":
                self._place_marker()
                self._rule()
            case _:
                pass

    @property
    def _depth(self) -> int:
        return len(self._lists) + len(self._quotes)

    def _begin(self, inline: Inline, gap: int = GAP) -> None:
        """Begin a paragraph where lists and quotations stand now."""
        marked = self._marker_due and bool(self._lists)
        depth = 0 if marked else self._depth
        gap = self._sheet.gap(_LIST_GAP if marked else gap)
        self._sheet.begin(self._formats.paragraph(depth, gap), self._formats.text(inline))
        if marked:
            self._mark(self._lists[-1])
        position = self._sheet.cursor.block().position()
        self._quotes = [position if start < 0 else start for start in self._quotes]

    def _mark(self, owner: _List) -> None:
        self._marker_due = False
        if owner.made is not None:
            owner.made.add(self._sheet.cursor.block())
            return
        made = QTextListFormat()
        made.setIndent(self._depth)
        if owner.ordered:
            made.setStyle(QTextListFormat.Style.ListDecimal)
            made.setStart(owner.start)
        else:
            made.setStyle(_BULLETS[min(len(self._lists), len(_BULLETS)) - 1])
        owner.made = self._sheet.cursor.createList(made)

    def _place_marker(self) -> None:
        """An item that does not begin with a paragraph still gets its marker."""
        if self._marker_due and self._lists:
            self._begin(Inline())

    def _open_list(self, token: Token, start: int | None) -> None:
        self._place_marker()
        ordered = token.type == "ordered_list_open"
        first = start if start is not None else int(token.attrs.get("start", 1))
        self._lists.append(_List(ordered, min(first, 2**31 - 1)))

    def _inline(self, token: Token, opener: Token) -> None:
        inline = Inline(muted=bool(self._quotes))
        if opener.type == "heading_open":
            inline = self._formats.heading(opener.tag)
        self._begin(inline, gap=GAP + 6 if opener.type == "heading_open" else GAP)
        write_inline(self._sheet.cursor, token.children or [], self._formats, inline)

    def _code(self, token: Token) -> None:
        words = token.info.split(maxsplit=1)
        self._sheet.open_code(words[0][:40] if words else "", self._depth)
        self._sheet.grow_code(token.content)
        self._sheet.end_code()

    def _close_quote(self) -> None:
        start = self._quotes[-1]
        depth = self._depth
        self._quotes.pop()
        if start >= 0:
            end = self._sheet.cursor.position()
            self._sheet.cards.append(Card("quote", start, end, depth=depth))

    def _rule(self) -> None:
        self._begin(Inline())
        start = self._sheet.cursor.block().position()
        self._sheet.cards.append(Card("rule", start, start, depth=self._depth))

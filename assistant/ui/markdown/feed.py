"""Splits Markdown that is still growing into finished blocks and one open block.

Only the open block is parsed again when text comes. Nothing here parses more than a few
thousand characters at once, so that hostile text can't stall the window.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

PIECE = 4_000
"""Characters that one step takes in, and the longest paragraph or line that is laid out whole."""

_LONGEST = {"paragraph_open": PIECE, "heading_open": PIECE, "table_open": 4 * PIECE}
_LONGEST_OTHER = 2 * PIECE
_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})


@dataclass(frozen=True, slots=True)
class Blocks:
    """Parsed blocks. Open ones are replaced by the next part, closed ones stay."""

    tokens: list[Token]
    closed: bool
    number: int | None = None
    """Number of the first item, where the blocks go on with a list that is partly closed."""


@dataclass(frozen=True, slots=True)
class FenceOpened:
    """A code block begins."""

    language: str


@dataclass(frozen=True, slots=True)
class FenceGrew:
    """Text for the code block that is open."""

    text: str


@dataclass(frozen=True, slots=True)
class FenceClosed:
    """The code block is whole."""


Part = Blocks | FenceOpened | FenceGrew | FenceClosed


@dataclass(slots=True)
class _Fence:
    mark: str
    indent: int
    inside_line: bool = False
    """The beginning of the present line is shown already: it can't be the closing line."""

    def closes(self, line: str) -> bool:
        """Whether a whole line ends the block."""
        return re.fullmatch(rf" {{0,3}}{re.escape(self.mark)}+[ \t]*", line) is not None

    def may_close(self, line: str) -> bool:
        """Whether a line that is not whole yet could still end the block."""
        return not line.strip(" \t" + self.mark[0])

    def unindent(self, line: str) -> str:
        """The line without the indentation that the opening line has."""
        spaces = len(line) - len(line.lstrip(" "))
        return line[min(spaces, self.indent) :]


def parser() -> MarkdownIt:
    """CommonMark with tables and strike-through; HTML stays text, bare addresses too."""
    options = {"html": False, "linkify": False, "typographer": False}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


class MarkdownFeed:
    """Takes text as it comes; gives parts in their order."""

    def __init__(self) -> None:
        self._parser = parser()
        self._env: dict[str, object] = {}
        self._pending = ""
        self._after_return = False
        self._tail = ""
        self._number: int | None = None
        self._fence: _Fence | None = None

    @property
    def waiting(self) -> bool:
        """Whether text was fed that no step has taken in yet."""
        return bool(self._pending)

    def feed(self, text: str) -> None:
        """Add text at the end. Every line ending of CommonMark becomes a newline here, NUL U+FFFD.

        The parser does the same with its source; lines are counted in both, and code never
        passes through it.
        """
        if not text:
            return
        rest = text[1:] if self._after_return and text[0] == "\n" else text
        self._after_return = text[-1] == "\r"
        rest = rest.replace("\r\n", "\n").replace("\r", "\n")
        self._pending += rest.replace("\0", "\ufffd")

    def step(self) -> list[Part]:
        """Take in at most `PIECE` characters and say what changed."""
        piece, self._pending = self._pending[:PIECE], self._pending[PIECE:]
        if not piece:
            return []
        self._tail += piece
        return list(self._advance())

    def finish(self) -> list[Part]:
        """No more text will come: close what is open."""
        rest, self._tail = self._tail, ""
        if self._fence is not None:
            fence, self._fence = self._fence, None
            shown = "" if fence.closes(rest) else fence.unindent(rest)
            return [FenceGrew(shown), FenceClosed()] if shown else [FenceClosed()]
        return [Blocks(self._parse(rest), closed=True, number=self._number)]

    def _advance(self) -> Iterator[Part]:
        while True:
            if self._fence is not None:
                yield from self._advance_fence(self._fence)
                if self._fence is not None:
                    return
            tokens = self._parse(self._tail)
            cut, number = self._split(tokens)
            if cut:
                yield Blocks(self._parse(self._tail[:cut]), closed=True, number=self._number)
                self._tail = self._tail[cut:]
                self._number = number
                continue
            if self._enter_fence(tokens):
                yield FenceOpened(_language(tokens[0].info))
                continue
            yield Blocks(tokens, closed=False, number=self._number)
            return

    def _parse(self, source: str) -> list[Token]:
        return self._parser.parse(source, self._env)

    def _split(self, tokens: list[Token]) -> tuple[int, int | None]:
        """How much of the tail can't change any more, and the number of the list item after it."""
        tops = [at for at, token in enumerate(tokens) if token.level == 0 and token.map]
        if not tops:
            return 0, None
        last = tokens[tops[-1]]
        line = last.map[0] if last.map else 0
        number = self._number if len(tops) == 1 else None
        if last.type in _LISTS:
            items = [
                token.map[0]
                for token in tokens[tops[-1] :]
                if token.type == "list_item_open" and token.level == 1 and token.map
            ]
            if items[-1] > line:
                line = items[-1]
                first = number if number is not None else int(last.attrs.get("start", 1))
                number = first + len(items) - 1
        if line:
            return _offset(self._tail, line), number
        if len(self._tail) > _LONGEST.get(last.type, _LONGEST_OTHER) and last.type != "fence":
            return _cut(self._tail), None
        return 0, None

    def _enter_fence(self, tokens: list[Token]) -> bool:
        if len(tokens) != 1 or tokens[0].type != "fence" or tokens[0].map is None:
            return False
        line_end = self._tail.find("\n")
        if line_end < 0:
            return False
        opening = self._tail[:line_end]
        self._fence = _Fence(tokens[0].markup, len(opening) - len(opening.lstrip(" ")))
        self._tail = self._tail[line_end + 1 :]
        return True

    def _advance_fence(self, fence: _Fence) -> Iterator[Part]:
        shown: list[str] = []
        while True:
            line, newline, rest = self._tail.partition("\n")
            if newline and not fence.inside_line and fence.closes(line):
                self._tail, self._fence = rest, None
                break
            if not newline and not fence.inside_line and fence.may_close(line):
                break
            shown.append((line if fence.inside_line else fence.unindent(line)) + newline)
            self._tail = rest
            fence.inside_line = not newline
            if not newline:
                break
        text = "".join(shown)
        if text:
            yield FenceGrew(text)
        if self._fence is None:
            yield FenceClosed()


def _offset(text: str, line: int) -> int:
    """Where line number `line` begins."""
    at = 0
    for _ in range(line):
        at = text.index("\n", at) + 1
    return at


def _cut(text: str) -> int:
    """Where to break text without a block's end: after a line, after a word, or anywhere."""
    for mark in ("\n", " "):
        at = text.rfind(mark, 1, PIECE)
        if at > 0:
            return at + 1
    return PIECE


def _language(info: str) -> str:
    words = info.split(maxsplit=1)
    return words[0][:40] if words else ""

"""Writes the words of one block: weight, slant, code, links; pictures only as their words."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.token import Token
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextCursor

from assistant.ui.markdown.formats import Formats, Inline

_LINE_BREAK = "\u2028"
_TASKS = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}


def write_inline(
    cursor: QTextCursor, tokens: Sequence[Token], formats: Formats, base: Inline
) -> None:
    """Write inline tokens at the cursor. A line break of the source is one on screen."""
    open_styles = [base]
    for at, token in enumerate(tokens):
        style = open_styles[-1]
        match token.type:
            case "code_inline":
                cursor.insertText(token.content, formats.inline_code(style))
            case "softbreak" | "hardbreak":
                cursor.insertText(_LINE_BREAK, formats.text(style))
            case "strong_open" | "em_open" | "s_open" | "link_open":
                open_styles.append(_styled(token, style))
            case "strong_close" | "em_close" | "s_close" | "link_close":
                open_styles.pop()
            case "image":
                cursor.insertText(_picture(token), formats.text(replace(style, muted=True)))
            case _:
                text = _task(token.content) if at == 0 else token.content
                cursor.insertText(text, formats.text(style))


def starts_right_to_left(text: str) -> bool:
    """Whether the first strong character runs right to left (Unicode UAX #9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


def _styled(token: Token, style: Inline) -> Inline:
    match token.type:
        case "strong_open":
            return replace(style, bold=True)
        case "em_open":
            return replace(style, italic=True)
        case "s_open":
            return replace(style, struck=True)
        case _:
            return replace(style, href=str(token.attrs.get("href", "")))


def _task(text: str) -> str:
    box = _TASKS.get(text[:4])
    return text if box is None else box + text[4:]


def _picture(token: Token) -> str:
    words = token.content.strip()
    if words:
        return QCoreApplication.translate("Markdown", "[picture: {words}]").format(words=words)
    return QCoreApplication.translate("Markdown", "[picture]")

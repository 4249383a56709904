"""Writes a Markdown table as a `QTextTable`."""

from markdown_it.token import Token
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from assistant.ui.markdown.formats import Inline
from assistant.ui.markdown.inline import starts_right_to_left, write_inline
from assistant.ui.markdown.sheet import Sheet

_COLUMNS = 40
"""More columns than this can't be read; the rest is left out of the picture, not of the copy."""

_SIDES = {
    "text-align:right": Qt.AlignmentFlag.AlignRight,
    "text-align:center": Qt.AlignmentFlag.AlignHCenter,
    "text-align:left": Qt.AlignmentFlag.AlignLeft,
}


def write_table(sheet: Sheet, tokens: list[Token], at: int) -> int:
    """Write the table that opens at index `at`; gives the index after it."""
    rows: list[list[tuple[Token, Token]]] = []
    while tokens[at].type != "table_close":
        token = tokens[at]
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append((tokens[at - 1], token))
        at += 1
    columns = min(max(len(row) for row in rows), _COLUMNS)
    # Qt lays columns out from the left whatever the text is, so the order is turned here.
    turned = starts_right_to_left(" ".join(inline.content for _, inline in rows[0]))
    table = sheet.insert_table(len(rows), columns)
    for number, row in enumerate(rows):
        for column, (cell, inline) in enumerate(row[:columns]):
            place = columns - 1 - column if turned else column
            cursor = table.cellAt(number, place).firstCursorPosition()
            _write_cell(sheet, cursor, cell, inline, head=number == 0, turned=turned)
    sheet.cursor.movePosition(QTextCursor.MoveOperation.End)
    return at + 1


def _write_cell(
    sheet: Sheet, cursor: QTextCursor, cell: Token, inline: Token, *, head: bool, turned: bool
) -> None:
    block = sheet.formats.cell()
    if turned:
        block.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    side = _SIDES.get(str(cell.attrs.get("style", "")))
    if side is not None:
        block.setAlignment(side)
    cursor.setBlockFormat(block)
    style = Inline(bold=head, muted=head)
    write_inline(cursor, inline.children or [], sheet.formats, style)

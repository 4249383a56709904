"""The grounds behind code, tables and quotations, and the copy buttons over code."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen, QTextDocument, QTextTable
from PySide6.QtWidgets import QWidget

from assistant.ui.markdown.formats import CODE_HEAD, CODE_PAD, INDENT
from assistant.ui.markdown.sheet import Card, Place
from assistant.ui.theme.fonts import SMALL_PX, text_font
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton

_RADIUS = 11


class CardLayer:
    """Paints the cards of one document and keeps its copy buttons in their places.

    What is closed never moves again while the width stays, so its place is computed once.
    """

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        self._theme = theme
        self._canvas = canvas
        self._document = QTextDocument(canvas)
        self._cards: Sequence[Card] = ()
        self._width = 0
        self._code: list[Card] = []
        self._placed = 0
        self.buttons: list[IconButton] = []

    def show(self, document: QTextDocument) -> None:
        """Begin with another document."""
        self._document = document
        self._cards = ()
        self._placed = 0
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        self.buttons = []
        self._code = []

    def update(self, cards: Sequence[Card], anchor: int) -> None:
        """The document grew, or is laid out for another width: `anchor` is where it is open."""
        self._cards = cards
        turned = self._canvas.width() != self._width
        self._width = self._canvas.width()
        if turned:
            self._placed = 0
        for card in reversed(cards):
            if not turned and card.whole and card.end < anchor:
                break
            card.place = None
        self._code = [card for card in cards if card.kind == "code"]
        self._place_buttons(anchor)

    def paint(self, painter: QPainter, clip: QRect) -> None:
        """Paint what is in sight."""
        top, bottom = clip.top(), clip.bottom() + 1
        for card in self._cards:
            place = self._place(card)
            if place.rect.bottom() >= top and place.rect.top() <= bottom:
                self._paint(painter, card, place)

    # --- places -----------------------------------------------------------------------------

    def _place(self, card: Card) -> Place:
        if card.place is None:
            card.place = self._measure(card)
        return card.place

    def _measure(self, card: Card) -> Place:
        width = self._canvas.width()
        layout = self._document.documentLayout()
        if card.table is not None:
            return Place(self._table_rect(card.table, width), left_to_right=True)
        block = self._document.findBlock(card.start)
        left_to_right = block.textDirection() != Qt.LayoutDirection.RightToLeft
        first = layout.blockBoundingRect(block)
        last = layout.blockBoundingRect(self._document.findBlock(card.end))
        inset = card.depth * INDENT
        left = inset if left_to_right else 0
        top, bottom = first.top(), last.bottom()
        if card.kind == "code":
            top, bottom = top - CODE_HEAD, bottom + CODE_PAD - 4
        return Place(QRectF(left, top, width - inset, bottom - top), left_to_right)

    def _table_rect(self, table: QTextTable, width: int) -> QRectF:
        layout = self._document.documentLayout()
        last = table.rows() - 1
        top = layout.blockBoundingRect(table.cellAt(0, 0).firstCursorPosition().block()).top()
        bottom = max(
            layout.blockBoundingRect(
                table.cellAt(last, column).lastCursorPosition().block()
            ).bottom()
            for column in range(table.columns())
        )
        return QRectF(0, top - 9, width, bottom - top + 20)

    # --- painting ---------------------------------------------------------------------------

    def _paint(self, painter: QPainter, card: Card, place: Place) -> None:
        match card.kind:
            case "code":
                self._paint_ground(painter, place.rect, "code")
                self._paint_language(painter, place.rect, card.language)
            case "table":
                self._paint_ground(painter, place.rect, "raised")
            case "quote":
                self._paint_bar(painter, place)
            case _:
                painter.setPen(QPen(self._theme.colour("line"), 1))
                middle = place.rect.center().y()
                ends = (place.rect.left(), place.rect.right())
                painter.drawLine(QPointF(ends[0], middle), QPointF(ends[1], middle))

    def _paint_ground(self, painter: QPainter, rect: QRectF, ink: str) -> None:
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.setBrush(self._theme.colour(ink))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _paint_language(self, painter: QPainter, rect: QRectF, language: str) -> None:
        painter.setPen(self._theme.colour("muted"))
        painter.setFont(text_font(SMALL_PX))
        head = QRectF(rect.left() + CODE_PAD, rect.top() + 4, rect.width() - 80, CODE_HEAD - 4)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(head, left | Qt.AlignmentFlag.AlignVCenter, spoken(language))

    def _paint_bar(self, painter: QPainter, place: Place) -> None:
        rect = place.rect
        x = rect.left() - INDENT + 4 if place.left_to_right else rect.right() + INDENT - 7
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(QRectF(x, rect.top(), 3, rect.height()), 1.5, 1.5)

    # --- buttons ----------------------------------------------------------------------------

    def _place_buttons(self, anchor: int) -> None:
        while len(self.buttons) > len(self._code):
            button = self.buttons.pop()
            button.hide()
            button.deleteLater()
        self._placed = min(self._placed, len(self.buttons))
        for number in range(self._placed, len(self._code)):
            card = self._code[number]
            if number == len(self.buttons):
                self.buttons.append(self._make_button(number))
            button = self.buttons[number]
            label = QCoreApplication.translate("CardLayer", "Copy {language}")
            button.setAccessibleName(label.format(language=spoken(card.language)))
            rect = self._place(card).rect
            button.move(int(rect.right()) - 36, int(rect.top()) + 3)
            button.show()
            if card.whole and card.end < anchor and number == self._placed:
                self._placed += 1

    def _make_button(self, number: int) -> IconButton:
        words = QCoreApplication.translate("CardLayer", "Copy")
        button = IconButton(self._theme, "copy", words, self._canvas, size=16)
        button.clicked.connect(lambda: self._copy(number))
        return button

    def _copy(self, number: int) -> None:
        QGuiApplication.clipboard().setText(self._code[number].text.removesuffix("\n"))
        self.buttons[number].confirm()


def spoken(language: str) -> str:
    """What the head of a code block says."""
    return language or QCoreApplication.translate("CardLayer", "code")

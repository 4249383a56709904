"""Paints the lines of the chat list."""

from PySide6.QtCore import QAbstractItemModel, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextOption
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from assistant.domain.chat import Chat
from assistant.ui.history.chat_list import ChatListModel, Heading, Index
from assistant.ui.markdown.inline import starts_right_to_left
from assistant.ui.theme.fonts import SMALL_PX, text_font
from assistant.ui.theme.theme import Theme

_ROW = 35
_HEADING = 31
_LONGEST_TITLE = 200


class ChatDelegate(QStyledItemDelegate):
    """Headings in small letters, chats as rounded rows, a dot where an answer is being written."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Height of a line."""
        height = _HEADING if isinstance(_line(index), Heading) else _ROW
        return QSize(100, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one line."""
        line = _line(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, Heading):
            self._paint_heading(painter, option, line)
        elif isinstance(line, Chat):
            self._paint_chat(painter, option, index)
        painter.restore()

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """The field in which a chat is renamed."""
        field = QLineEdit(parent)
        field.setObjectName("rename")
        field.setMaxLength(_LONGEST_TITLE)
        field.setAccessibleName(self.tr("New title"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the title that it has."""
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand the new title on."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """As large as the row."""
        editor.setGeometry(_rect(option).adjusted(0, 1, 0, -1))

    def _paint_heading(
        self, painter: QPainter, option: QStyleOptionViewItem, line: Heading
    ) -> None:
        painter.setFont(text_font(SMALL_PX, QFont.Weight.DemiBold))
        painter.setPen(self._theme.colour("muted"))
        rect = _rect(option).adjusted(14, 6, -14, 0)
        painter.drawText(rect, int(_leading(option)), line.words)

    def _paint_chat(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = _rect(option).adjusted(0, 1, 0, -1)
        state = _state(option)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(rect, 9, 9)
        if (
            state & QStyle.StateFlag.State_HasFocus
            and QStyle.StateFlag.State_KeyboardFocusChange & state
        ):
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)
        font = text_font()
        painter.setFont(font)
        painter.setPen(self._theme.colour("text" if selected else "muted"))
        inner = rect.adjusted(12, 0, -12, 0)
        if index.data(ChatListModel.BUSY):
            inner = self._paint_dot(painter, option, inner)
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(QRectF(inner), shown, _title_layout(option, words))

    def _paint_dot(self, painter: QPainter, option: QStyleOptionViewItem, inner: QRect) -> QRect:
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        rtl = _direction(option) == Qt.LayoutDirection.RightToLeft
        x = inner.left() + 4 if rtl else inner.right() - 4
        painter.drawEllipse(QPointF(x, inner.center().y() + 0.5), 3.5, 3.5)
        painter.restore()
        return inner.adjusted(16, 0, 0, 0) if rtl else inner.adjusted(0, 0, -16, 0)


def _line(index: Index) -> Heading | Chat | None:
    owner = index.model()
    return owner.line(index) if isinstance(owner, ChatListModel) else None


# The attributes of `QStyleOptionViewItem` are there at run time; the stubs of PySide6 lack them.


def _rect(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    state: QStyle.StateFlag = option.state
    return state


def _direction(option: QStyleOptionViewItem) -> Qt.LayoutDirection:
    direction: Qt.LayoutDirection = option.direction
    return direction


def _title_layout(option: QStyleOptionViewItem, title: str) -> QTextOption:
    """At the window's leading side, but in the title's own direction: its marks stay in place."""
    side = QStyle.visualAlignment(_direction(option), Qt.AlignmentFlag.AlignLeft)
    layout = QTextOption(side | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute)
    layout.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout.setTextDirection(
        Qt.LayoutDirection.RightToLeft
        if starts_right_to_left(title)
        else Qt.LayoutDirection.LeftToRight
    )
    return layout


def _leading(option: QStyleOptionViewItem) -> Qt.AlignmentFlag:
    side = QStyle.visualAlignment(_direction(option), Qt.AlignmentFlag.AlignLeft)
    return side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine

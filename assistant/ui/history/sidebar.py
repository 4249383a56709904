"""The sidebar: mark, new chat, search, chats by day, and the way to the other screens."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from assistant.domain.chat import Chat, ChatId
from assistant.ui.history.chat_list import ChatListModel
from assistant.ui.history.delegate import ChatDelegate
from assistant.ui.history.undo_bar import UndoBar
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton, TextButton
from assistant.ui.widgets.labels import plain_label

WIDTH = 272


class ChatList(QListView):
    """The chats; F2 renames, Delete deletes, the menu key opens the menu."""

    delete_wanted = Signal(object)
    open_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, theme: Theme, chats: ChatListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chats = chats
        self.setObjectName("chats")
        self.setAccessibleName(self.tr("Chats"))
        self.setModel(chats)
        self.setItemDelegate(ChatDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        theme.changed.connect(self.viewport().update)

    def current_chat(self) -> Chat | None:
        """The chat under the cursor."""
        line = self._chats.line(self.currentIndex())
        return line if isinstance(line, Chat) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete by key; the rest is Qt's."""
        chat = self.current_chat()
        if event.key() == Qt.Key.Key_Delete and chat is not None:
            self.delete_wanted.emit(chat)
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        line = self._chats.line(index)
        if isinstance(line, Chat):
            self.open_wanted.emit(line)

    def _ask_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        line = self._chats.line(index) if index.isValid() else self.current_chat()
        if isinstance(line, Chat):
            self.menu_wanted.emit(line, self.viewport().mapToGlobal(at))


class Sidebar(QWidget):
    """What can be chosen; says it by signals."""

    new_wanted = Signal()
    chat_wanted = Signal(object)
    delete_wanted = Signal(object)
    models_wanted = Signal()
    settings_wanted = Signal()
    fold_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.chats = ChatListModel()
        self.chats.setParent(self)
        self.list = ChatList(theme, self.chats, self)
        self.list.open_wanted.connect(self.chat_wanted)
        self.list.delete_wanted.connect(self.delete_wanted)
        self.list.menu_wanted.connect(self._open_menu)
        self.undo_bar = UndoBar(theme, self)
        self._nothing = plain_label(role="muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.new_button = IconButton(
            theme, "plus", self.tr("New chat"), self, role="square", ink="text"
        )
        self.new_button.setShortcut(QKeySequence(QKeySequence.StandardKey.New))
        self.new_button.clicked.connect(self.new_wanted)
        self.search = self._search_field()
        self.models_button = self._row_button("models", self.tr("Models"))
        self.models_button.clicked.connect(self.models_wanted)
        self.settings_button = self._row_button("settings", self.tr("Settings"))
        self.settings_button.clicked.connect(self.settings_wanted)
        self._arrange()
        self.chats.modelReset.connect(self._say_nothing_found)
        self._say_nothing_found()

    def mark(self, chat_id: ChatId | None) -> None:
        """Mark the chat that is shown."""
        index = self.chats.index_of(chat_id)
        if index.isValid():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flag)
        else:
            self.list.selectionModel().clear()

    def rename(self, chat: Chat) -> None:
        """Begin to rename a chat in its row."""
        index = self.chats.index_of(chat.id)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.edit(index)

    def menu_for(self, chat: Chat) -> QMenu:
        """What can be done with a chat."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Chat"))
        rename = QAction(self._theme.icon("pencil"), self.tr("Rename"), menu)
        rename.triggered.connect(lambda: self.rename(chat))
        delete = QAction(self._theme.icon("trash"), self.tr("Delete"), menu)
        delete.triggered.connect(lambda: self.delete_wanted.emit(chat))
        menu.addActions([rename, delete])
        return menu

    def changeEvent(self, event: QEvent) -> None:
        """The edge lies at the other side when the window runs right to left."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._show_direction()

    def _open_menu(self, chat: Chat, at: QPoint) -> None:
        menu = self.menu_for(chat)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("search")
        field.setPlaceholderText(self.tr("Search chats"))
        field.setAccessibleName(self.tr("Search chats"))
        field.setClearButtonEnabled(True)
        keys = QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_K)
        hint = QLabel(
            keys.toString(QKeySequence.SequenceFormat.PortableText).replace("+", " "), field
        )
        hint.setProperty("role", "small")
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        field.textChanged.connect(lambda words: hint.setVisible(not words))
        inside = QHBoxLayout(field)
        inside.setContentsMargins(10, 0, 10, 0)
        inside.addStretch(1)
        inside.addWidget(hint)
        self._search_icon = field.addAction(
            self._theme.icon("search", "faint"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._search_icon.setText(self.tr("Search chats"))
        self._theme.changed.connect(
            lambda: self._search_icon.setIcon(self._theme.icon("search", "faint"))
        )
        field.textChanged.connect(self.chats.set_filter)
        return field

    def _row_button(self, icon: str, words: str) -> TextButton:
        return TextButton(self._theme, words, self, role="row", icon=icon)

    def _say_nothing_found(self) -> None:
        nothing = not self.chats.chats_shown
        searched = bool(self.search.text().strip())
        self._nothing.setText(
            self.tr("No chat has these words in its title.")
            if searched
            else self.tr("Your chats will stand here.")
        )
        self._nothing.setVisible(nothing)
        self.list.setVisible(not nothing)

    def _show_direction(self) -> None:
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setProperty("rtl", rtl)
        self.style().polish(self)
        # Qt mirrors the order inside a field, but not its margins.
        room = 44
        self.search.setTextMargins(room if rtl else 0, 0, 0 if rtl else room, 0)

    def _arrange(self) -> None:
        mark = QLabel(self)
        brand = QLabel("Hearth", self)
        brand.setObjectName("brand")
        self._mark = mark
        self._tint()
        self._theme.changed.connect(self._tint)
        top = QHBoxLayout()
        top.setContentsMargins(6, 0, 0, 0)
        top.setSpacing(8)
        top.addWidget(mark)
        top.addWidget(brand)
        top.addStretch(1)
        top.addWidget(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 13, 12, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self._nothing)
        column.addStretch(0)
        column.addWidget(self.undo_bar)
        foot = QVBoxLayout()
        foot.setSpacing(0)
        foot.addWidget(self.models_button)
        foot.addWidget(self.settings_button)
        column.addLayout(foot)
        self._show_direction()

    def _tint(self) -> None:
        self._mark.setPixmap(self._theme.pixmap("flame", "accent", 24))

"""The window: the sidebar, and beside it one page at a time."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from assistant.ui.chat.page import ChatPage
from assistant.ui.history.sidebar import WIDTH, Sidebar
from assistant.ui.llms.page import ModelsPage
from assistant.ui.preferences.page import PreferencesPage
from assistant.ui.theme.theme import Theme
from assistant.ui.unlock.page import UnlockPage
from assistant.ui.widgets.drop_hint import DropHint

FOLDS_UNDER = 900


class MainWindow(QWidget):
    """Holds the pages; says by signals what the user wants of the window itself."""

    closing = Signal()
    file_dropped = Signal(object)
    """Path of a GGUF file that was dropped."""

    def __init__(
        self,
        theme: Theme,
        *,
        sidebar: Sidebar,
        chat: ChatPage,
        models: ModelsPage,
        preferences: PreferencesPage,
        unlock: UnlockPage,
    ) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("Hearth")
        self.setWindowIcon(theme.icon("flame", "accent", 64))
        self.setMinimumSize(420, 360)
        self.resize(1280, 860)
        self.setAcceptDrops(True)
        self.sidebar = sidebar
        self.chat = chat
        self.models = models
        self.preferences = preferences
        self.unlock = unlock
        self._locked = True
        self._unfolded = False
        self.pages = QStackedWidget(self)
        for page in (unlock, chat, models, preferences):
            self.pages.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(sidebar)
        row.addWidget(self.pages, 1)
        self._hint = DropHint(theme, self)
        self._connect()
        self._make_shortcuts()
        self._fold()

    # --- pages ------------------------------------------------------------------------------

    def show_unlock(self) -> None:
        """Only the way into the chats is shown."""
        self._locked = True
        self._go(self.unlock)

    def show_chat(self) -> None:
        """Show the conversation."""
        self._locked = False
        self._go(self.chat)
        self.chat.composer.editor.setFocus()

    def show_models(self) -> None:
        """Show the models."""
        self._go(self.models)
        self.models.add.field.setFocus()

    def show_preferences(self) -> None:
        """Show the settings."""
        self._go(self.preferences)
        self.preferences.search.setFocus()

    @property
    def folded(self) -> bool:
        """Whether the window is too narrow to show the sidebar all the time."""
        return self.width() < FOLDS_UNDER

    def toggle_sidebar(self) -> None:
        """Show the sidebar over a narrow window, or fold it away."""
        self._unfolded = not self._unfolded
        self._fold()
        if self._unfolded:
            self.sidebar.search.setFocus()

    def bring_to_front(self) -> None:
        """Another start asked for the window."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def _go(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        self.sidebar.models_button.setChecked(page is self.models)
        self.sidebar.settings_button.setChecked(page is self.preferences)
        self._unfolded = False
        self._fold()

    def _fold(self) -> None:
        narrow = self.folded
        self.sidebar.setVisible(not self._locked and (not narrow or self._unfolded))
        for button in (
            self.chat.header.sidebar_button,
            self.models.sidebar_button,
            self.preferences.sidebar_button,
        ):
            button.setVisible(narrow)
        self._cover_or_share()

    def _cover_or_share(self) -> None:
        """In a narrow window the sidebar takes its room from the page only if there is enough."""
        crowded = self.folded and self._unfolded and self.width() < 2 * WIDTH
        self.pages.setVisible(not crowded)

    def _connect(self) -> None:
        self.sidebar.models_button.setCheckable(True)
        self.sidebar.settings_button.setCheckable(True)
        self.sidebar.models_wanted.connect(self.show_models)
        self.sidebar.settings_wanted.connect(self.show_preferences)
        self.chat.header.sidebar_wanted.connect(self.toggle_sidebar)
        for page in (self.models, self.preferences):
            page.back_wanted.connect(self.show_chat)
            page.sidebar_wanted.connect(self.toggle_sidebar)

    def _make_shortcuts(self) -> None:
        search = QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_K), self)
        search.activated.connect(self.search_chats)
        settings = QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Comma), self)
        settings.activated.connect(self._settings)
        leave = QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self)
        leave.activated.connect(self.close)

    def search_chats(self) -> None:
        """Go to the field that finds chats."""
        if self._locked:
            return
        if not self.sidebar.isVisible():
            self._unfolded = True
            self._fold()
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def _settings(self) -> None:
        if not self._locked:
            self.show_preferences()

    # --- Qt ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The sidebar folds away in a narrow window."""
        super().resizeEvent(event)
        self._hint.setGeometry(self.rect())
        was = event.oldSize().width() < FOLDS_UNDER
        if was != self.folded or not event.oldSize().isValid():
            self._unfolded = False
            self._fold()

    def changeEvent(self, event: QEvent) -> None:
        """Keep what lies over the pages over them."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._fold()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window goes; the app winds up."""
        super().closeEvent(event)
        self.closing.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A GGUF file may be dropped anywhere."""
        if not self._locked and gguf_in(event) is not None:
            event.acceptProposedAction()
            self._hint.show()
            self._hint.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It went away again."""
        super().dragLeaveEvent(event)
        self._hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open it as a model."""
        self._hint.hide()
        path = gguf_in(event)
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)


def gguf_in(event: QDropEvent) -> Path | None:
    """The first GGUF file that an event carries."""
    for url in event.mimeData().urls():
        if url.isLocalFile() and url.toLocalFile().lower().endswith(".gguf"):
            return Path(url.toLocalFile())
    return None

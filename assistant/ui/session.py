"""One run of the window: makes the pages, opens the history, joins everything by signals."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from assistant.domain.chat import Chat, ChatId
from assistant.domain.errors import HearthError
from assistant.domain.guide import GuideAction
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.ui.bridge import Bridge
from assistant.ui.chat.controller import ChatController
from assistant.ui.chat.page import ChatPage
from assistant.ui.guide.controller import GuideController
from assistant.ui.history.controller import HistoryController
from assistant.ui.history.sidebar import Sidebar
from assistant.ui.llms.controller import ModelsController
from assistant.ui.llms.page import ModelsPage
from assistant.ui.main_window import MainWindow
from assistant.ui.ports import Services
from assistant.ui.preferences.controller import PreferencesController
from assistant.ui.preferences.page import PreferencesPage
from assistant.ui.report import report
from assistant.ui.theme.theme import Theme
from assistant.ui.unlock.page import UnlockPage
from assistant.ui.unlock.recovery import RecoveryOffer

_GEOMETRY = "geometry"


class Session(QObject):
    """Owns the window and its controllers. `open_file` is a GGUF file to begin with."""

    raised = Signal(object)
    """Another start asked for the window, perhaps with a file. Emitted from any thread."""

    def __init__(
        self, theme: Theme, bridge: Bridge, services: Services, open_file: Path | None = None
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._services = services
        self._file = open_file
        self._started = False
        self._encrypted = False
        self._geometry = QSettings(
            str(services.paths.root / "window.ini"), QSettings.Format.IniFormat
        )
        page = ChatPage(theme)
        models = ModelsPage(theme)
        preferences = PreferencesPage(theme)
        unlock = UnlockPage(theme, bridge, services.vault)
        sidebar = Sidebar(theme)
        self.window = MainWindow(
            theme,
            sidebar=sidebar,
            chat=page,
            models=models,
            preferences=preferences,
            unlock=unlock,
        )
        self.offer = RecoveryOffer(theme, bridge, services, self.window)
        self.chat = ChatController(bridge, services, page, self.offer.before_first)
        self.history = HistoryController(bridge, services, sidebar)
        self.models = ModelsController(bridge, services, models, page.header.pill, page.notice)
        self.preferences = PreferencesController(theme, bridge, services, preferences)
        self.guide = GuideController(bridge, services, page.board, self._deeds())
        self._connect()

    def start(self) -> None:
        """Show the window and open the history."""
        self._restore_geometry()
        self.window.show()
        self._bridge.run(self._services.vault.open(), self._tried, self._not_opened)

    async def close_services(self) -> None:
        """Close everything in the order in which it leans on each other."""
        await self._services.chat.close()
        await self._services.downloads.close()
        await self._services.supervisor.stop()
        await self._services.vault.close()

    def keep_geometry(self) -> None:
        """Remember the window's place, in the data folder."""
        if self._services.paths.root.is_dir():
            self._geometry.setValue(_GEOMETRY, self.window.saveGeometry())
            self._geometry.sync()

    # --- the history ------------------------------------------------------------------------

    def _tried(self, status: VaultStatus) -> None:
        if status.state == VaultState.OPEN:
            self._opened(status)
            return
        self.window.unlock.show_status(status)
        self.window.show_unlock()

    def _not_opened(self, error: HearthError) -> None:
        self.window.unlock.show_status(
            VaultStatus(
                VaultState.LOCKED, Protection.KEYRING, has_recovery_code=True, problem=error
            )
        )
        self.window.show_unlock()

    def _opened(self, status: VaultStatus) -> None:
        self._show_protection(status)
        self.window.show_chat()
        self.chat.new_chat()
        self.history.refresh()
        problem = status.problem or self._services.settings.problem
        if problem is not None:
            self.window.chat.notice.show_error(problem)
        if self._started:
            return
        self._started = True
        self.models.start()
        if self._file is not None:
            self.models.open_file(self._file)

    def _show_protection(self, status: VaultStatus) -> None:
        encrypted = status.state == VaultState.OPEN and status.protection != Protection.NONE
        self._encrypted = encrypted
        self.window.chat.header.lock.setVisible(encrypted)
        self.window.chat.welcome.greeting.show_place(
            str(self._services.paths.root), encrypted=encrypted
        )
        self.preferences.show_status(status)

    # --- joining ----------------------------------------------------------------------------

    def _connect(self) -> None:
        window, sidebar = self.window, self.window.sidebar
        window.unlock.opened.connect(self._opened)
        window.file_dropped.connect(self._open_file)
        sidebar.new_wanted.connect(self._new_chat)
        sidebar.chat_wanted.connect(self._open_chat)
        window.chat.header.title.renamed.connect(self._rename)
        window.chat.welcome.add_wanted.connect(self.models.show_add)
        window.chat.welcome.open_wanted.connect(self.models.choose_file)
        self.models.page_wanted.connect(window.show_models)
        self.models.chat_wanted.connect(window.show_chat)
        self.models.listed.connect(self._models_listed)
        self.chat.chat_made.connect(self._chat_made)
        self.chat.busy_changed.connect(lambda: sidebar.chats.set_busy(self.chat.busy))
        self.history.deleted.connect(self._chat_deleted)
        self.history.listed.connect(self._show_title)
        self.preferences.recovery_wanted.connect(self.offer.open)
        self._connect_guide()
        self._bridge.failed.connect(window.chat.notice.show_error)
        self._bridge.crashed.connect(lambda error: report(window, error))
        self.raised.connect(self._raised)
        if self._services.lock is not None:
            self._services.lock.on_raise = self.raised.emit

    def _connect_guide(self) -> None:
        chat, greeting = self.window.chat, self.window.chat.welcome.greeting
        greeting.question_wanted.connect(chat.composer.submit)
        greeting.passage_wanted.connect(chat.composer.begin_passage)
        self.models.restored.connect(self.guide.restored)
        self.models.ready.connect(self.guide.answer_kept)
        self.guide.failed.connect(chat.notice.show_error)

    def _deeds(self) -> dict[GuideAction, Callable[[], object]]:
        """What the buttons below help articles do."""
        return {
            GuideAction.OPEN_MODELS: self.window.show_models,
            GuideAction.ADD_MODEL: self.models.show_add,
            GuideAction.OPEN_GGUF: self.models.choose_file,
            GuideAction.OPEN_SETTINGS: self.window.show_preferences,
            GuideAction.NEW_CHAT: self._new_chat,
            GuideAction.SEARCH_CHATS: self.window.search_chats,
            GuideAction.RECOVERY_CODE: self._offer_code,
        }

    def _offer_code(self) -> None:
        if self._encrypted:
            self.offer.open()
        else:
            self.window.chat.notice.show_words(
                self.tr("Your chats are not encrypted, so they need no recovery code.")
            )

    def _new_chat(self) -> None:
        self.window.show_chat()
        self.chat.new_chat()
        self.history.mark(None)

    def _open_chat(self, chat: Chat) -> None:
        self.window.show_chat()
        self.chat.open_chat(chat)
        self.history.mark(chat.id)

    def _chat_made(self, chat_id: ChatId) -> None:
        self.history.mark(chat_id)
        self.history.refresh()

    def _chat_deleted(self, chat_id: ChatId) -> None:
        if self.chat.chat_id == chat_id:
            self._new_chat()

    def _show_title(self) -> None:
        chat_id = self.chat.chat_id
        chat = self.window.sidebar.chats.chat(chat_id) if chat_id is not None else None
        if chat is not None:
            self.chat.show_title(chat)

    def _rename(self, title: str) -> None:
        if self.chat.chat_id is not None:
            self.history.rename(self.chat.chat_id, title)

    def _models_listed(self, any_model: bool, guide: bool) -> None:
        chat = self.window.chat
        chat.welcome.show_state(has_models=any_model, guide=guide)
        chat.composer.set_allowed(any_model or guide)
        chat.composer.set_guide(guide and not any_model)
        chat.board.set_any_model(any_model)
        self.preferences.show_guide()

    def _open_file(self, path: Path) -> None:
        self.window.show_chat()
        self.models.open_file(path)

    def _raised(self, path: Path | None) -> None:
        self.window.bring_to_front()
        if path is not None and self._started:
            self._open_file(path)

    def _restore_geometry(self) -> None:
        kept = self._geometry.value(_GEOMETRY)
        if isinstance(kept, QByteArray) and self.window.restoreGeometry(kept):
            return
        room = self.window.screen().availableGeometry().size()
        self.window.resize(self.window.size().boundedTo(room))

"""Drives everything about models: the page, the pill, what is loaded."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from assistant.domain.errors import EngineGaveUpError, HearthError
from assistant.domain.events import (
    DownloadChanged,
    EngineStateChanged,
    Event,
    ModelsChanged,
    ModelStateChanged,
)
from assistant.domain.llm import (
    Download,
    DownloadState,
    HubFile,
    HubRepo,
    InstalledModel,
    LoadState,
    ModelId,
)
from assistant.settings.table import LAST_MODEL
from assistant.ui.bridge import Bridge, Job
from assistant.ui.chat.model_pill import ModelPill
from assistant.ui.llms.page import ModelsPage
from assistant.ui.ports import LibraryPort, Services
from assistant.ui.widgets.notice import Notice


class ModelsController(QObject):
    """Keeps page and pill as the services have it."""

    listed = Signal(bool, bool)
    """The models were read from the disk; whether there is any, and whether the Guide is shown."""

    restored = Signal()
    """Downloads of an earlier run are known again."""

    ready = Signal()
    """There is a model that can answer."""

    page_wanted = Signal()

    chat_wanted = Signal()
    """A model was taken into use from the page: the chat is where to go now."""

    def __init__(
        self,
        bridge: Bridge,
        services: Services,
        page: ModelsPage,
        pill: ModelPill,
        notice: Notice,
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._services = services
        self._page = page
        self._pill = pill
        self._notice = notice
        self._models: list[InstalledModel] = []
        self._wanted: InstalledModel | None = None
        self._state = LoadState.UNLOADED
        self._looking: Job | None = None
        self._loading: Job | None = None
        self._first_list = True
        self._shown: tuple[tuple[InstalledModel, ...], ModelId | None] | None = None
        pill.chosen.connect(self.use)
        pill.add_wanted.connect(self.show_add)
        pill.open_wanted.connect(self.choose_file)
        pill.unload_wanted.connect(self._unload)
        page.add.look_up_wanted.connect(self._look_up)
        page.add.download_wanted.connect(self._download)
        page.add.open_wanted.connect(self.choose_file)
        page.use_wanted.connect(self._use_and_chat)
        page.remove_wanted.connect(self._remove)
        page.guide.hide_wanted.connect(self._hide_guide)
        page.pause_wanted.connect(lambda each: self._run(services.downloads.pause(each)))
        page.resume_wanted.connect(lambda each: self._run(services.downloads.resume(each)))
        page.cancel_wanted.connect(lambda each: self._run(services.downloads.cancel(each)))
        bridge.happened.connect(self._on_event)

    # --- at the start -----------------------------------------------------------------------

    def start(self) -> None:
        """Read what is here, and take up the model that was used last."""
        self.refresh()
        self._bridge.run(self._services.downloads.restore(), lambda _none: self._restored())

    def refresh(self) -> None:
        """Read the models from the disk."""
        self._bridge.run(read(self._services.library), lambda found: self._listed(*found))

    def _restored(self) -> None:
        for download in self._services.downloads.downloads():
            self._page.show_download(download)
        self.restored.emit()

    def _listed(self, models: list[InstalledModel], guide: InstalledModel | None) -> None:
        first_ever = not self._first_list and not self._models and self._wanted is None
        self._models = models
        self._pill.set_models(models)
        self._pill.set_guide(guide is not None and not models)
        self._page.guide.setVisible(guide is not None)
        self._show_models()
        if self._first_list:
            self._first_list = False
            last = self._services.settings.get(LAST_MODEL)
            known = next((model for model in models if model.id == last), None)
            if self._wanted is not None:
                pass  # a file was opened meanwhile: it is on its way
            elif known is not None:
                self.use(known)
            elif models:
                self.ready.emit()
        elif first_ever and models:
            # Whoever waited for a first model wants to talk to it.
            self._use_and_chat(models[0])
        self.listed.emit(bool(models), guide is not None)

    # --- the model in use -------------------------------------------------------------------

    def use(self, model: InstalledModel) -> None:
        """Load a model and use it."""
        if self._loading is not None:
            self._loading.cancel()
        if self._uses(model) and self._wanted is not None:
            # Its file was hashed meanwhile; the engine goes on knowing it by its old id.
            model = self._wanted
        self._wanted = model
        self._show(LoadState.LOADING)
        self._loading = self._bridge.run(
            self._services.chat.use_model(model),
            lambda _none: self._loaded(model),
            self._not_loaded,
        )

    def _use_and_chat(self, model: InstalledModel) -> None:
        self.use(model)
        self.chat_wanted.emit()

    def _loaded(self, model: InstalledModel) -> None:
        self._loading = None
        if self._wanted is not None and self._wanted.id == model.id:
            self._show(LoadState.READY)
            self._notice.hide()
            self.ready.emit()
        # The disk is free now.
        self._bridge.run(self._services.library.verify_all())

    def _not_loaded(self, error: HearthError) -> None:
        self._loading = None
        self._show(LoadState.FAILED)
        self._say(error)

    def _unload(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            self._loading = None
        self._bridge.run(self._services.chat.unload(), lambda _none: self._unloaded())

    def _unloaded(self) -> None:
        self._wanted = None
        self._show(LoadState.UNLOADED)

    def _show(self, state: LoadState, progress: float = 0.0) -> None:
        self._state = state
        self._pill.show_model(self._wanted, state, progress)
        self._show_models()

    def _uses(self, model: InstalledModel) -> bool:
        """Whether this is the model in use; its id changes once its file was hashed."""
        used = self._wanted
        return used is not None and (used.id == model.id or used.path == model.path)

    def _show_models(self) -> None:
        used = next((model.id for model in self._models if self._uses(model)), None)
        used = None if self._state == LoadState.FAILED else used
        shown = (tuple(self._models), used)
        if shown != self._shown:
            self._shown = shown
            self._page.show_models(self._models, used)

    # --- files ------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Let the user choose a GGUF file."""
        dialog = QFileDialog(self._page.window())
        dialog.setWindowTitle(self.tr("Open a GGUF file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Models (*.gguf)"))
        dialog.fileSelected.connect(lambda name: self.open_file(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_file(self, path: Path) -> None:
        """Use a GGUF file where it lies."""
        self._bridge.run(self._services.library.add_file(path), self._added, self._say)

    def _added(self, model: InstalledModel) -> None:
        self._page.notice.hide()
        self.refresh()
        self.use(model)

    def _remove(self, model: InstalledModel) -> None:
        if self._uses(model):
            self._unload()
        self._bridge.run(
            self._services.library.remove(model.id), lambda _none: self.refresh(), self._say
        )

    def _hide_guide(self) -> None:
        self._bridge.run(
            self._services.library.show_guide(shown=False),
            lambda _none: self._page.notice.show_words(
                self.tr("The Guide is hidden."), self.tr("Settings can show it again.")
            ),
            self._say,
        )

    # --- the Hub ----------------------------------------------------------------------------

    def show_add(self) -> None:
        """Go to the field where a repository is named."""
        self.page_wanted.emit()
        self._page.add.field.setFocus()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._bridge.run(work, None, self._say)

    def _look_up(self, text: str) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._page.add.show_looking()
        self._looking = self._bridge.run(
            self._services.downloads.look_up(text),
            self._page.add.show_repo,
            self._page.add.show_error,
        )

    def _download(self, repo: HubRepo, file: HubFile) -> None:
        self._bridge.run(
            self._services.downloads.start(repo, file),
            self._started,
            self._page.add.notice.show_error,
        )

    def _started(self, download: Download) -> None:
        self._page.add.show_nothing()
        self._page.show_download(download)

    # --- events -----------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        match event:
            case ModelsChanged():
                self.refresh()
            case DownloadChanged(download):
                self._page.show_download(download)
                if download.state == DownloadState.DONE:
                    self.refresh()
            case ModelStateChanged():
                self._model_state(event)
            case EngineStateChanged(error=error) if error is not None:
                self._say(error)
            case _:
                pass

    def _model_state(self, event: ModelStateChanged) -> None:
        if self._wanted is None and event.state in {LoadState.LOADING, LoadState.READY}:
            # A message was sent before any model was chosen: the last one is taken up.
            known = (model for model in self._models if model.id == event.model_id)
            self._wanted = next(known, None)
        if self._wanted is None or event.model_id != self._wanted.id:
            return
        self._show(event.state, event.progress)
        if event.error is not None and self._loading is None:
            self._say(event.error)

    def _say(self, error: HearthError) -> None:
        notice = self._page.notice if self._page.isVisible() else self._notice
        if isinstance(error, EngineGaveUpError):
            notice.show_error(error, self.tr("Restart engine"), self._restart)
        else:
            notice.show_error(error)

    def _restart(self) -> None:
        self._bridge.run(self._services.supervisor.restart(), lambda _none: self._restarted())

    def _restarted(self) -> None:
        if self._wanted is not None:
            self.use(self._wanted)


async def read(library: LibraryPort) -> tuple[list[InstalledModel], InstalledModel | None]:
    """What is installed, and the Guide where it is shown."""
    return await library.models(), await library.guide()

"""The composition root: builds every object once and hands it to the constructors. No logic."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from assistant.domain.errors import (
    AlreadyRunningError,
    HistoryDiskError,
)
from assistant.domain.events import Event
from assistant.engine_client.program import engine_command
from assistant.engine_client.supervisor import EngineSupervisor
from assistant.hub.catalogue import HubCatalogue
from assistant.hub.checker import EngineChecker
from assistant.hub.layout import CacheLayout
from assistant.hub.transfer import Transfer
from assistant.services.chat import ChatService
from assistant.services.downloads import DownloadService
from assistant.services.guide.language import system_language
from assistant.services.guide.service import GuideService
from assistant.services.library import LibraryService
from assistant.services.vault import VaultService
from assistant.settings.lock import DataFolderLock
from assistant.settings.paths import DataPaths, resource_folder
from assistant.settings.secrets import KeyringSecrets, SecretStore
from assistant.settings.store import SettingsStore
from assistant.settings.table import HUB_ENDPOINT, HUB_KEYRING_ENTRY, LANGUAGE

_LOG_BYTES = 2_000_000
_LOG_FILES = 3


@dataclass(frozen=True)
class Services:
    """Everything that a window is given."""

    paths: DataPaths
    settings: SettingsStore
    secrets: SecretStore
    vault: VaultService
    downloads: DownloadService
    library: LibraryService
    guide: GuideService
    chat: ChatService
    supervisor: EngineSupervisor
    lock: DataFolderLock


def build(
    paths: DataPaths, publish: Callable[[Event], None], lock: DataFolderLock | None = None
) -> Services:
    """Build all services over one data folder; nothing is opened or started yet."""
    settings = SettingsStore(paths.settings)
    secrets = KeyringSecrets()
    vault = VaultService(paths, secrets, settings, publish)

    def tell_of_engine(event: Event) -> None:
        publish(event)
        chat.note(event)

    supervisor = EngineSupervisor(engine_command, tell_of_engine)
    library = build_library(paths, settings, publish)
    guide = build_guide(settings)
    chat = ChatService(vault, supervisor, settings, library, publish, guide=guide)
    return Services(
        paths=paths,
        settings=settings,
        secrets=secrets,
        vault=vault,
        downloads=build_downloads(paths, settings, secrets, publish),
        library=library,
        guide=guide,
        chat=chat,
        supervisor=supervisor,
        lock=lock or DataFolderLock(paths.lock),
    )


def build_library(
    paths: DataPaths,
    settings: SettingsStore,
    publish: Callable[[Event], None],
    resources: Path | None = None,
) -> LibraryService:
    """Build the library alone, for commands that need nothing else.

    `resources`: Hearth's own folder of that name, where it is not the usual one.
    """
    guide = (resources or resource_folder()) / "guide" / "guide.gguf"
    return LibraryService(CacheLayout(paths.models), EngineChecker(), settings, publish, guide)


def build_guide(settings: SettingsStore, resources: Path | None = None) -> GuideService:
    """Build the Guide alone. The language is read anew at each use."""

    def language() -> str:
        return settings.get(LANGUAGE) or system_language()

    return GuideService(resources or resource_folder(), language)


def build_downloads(
    paths: DataPaths,
    settings: SettingsStore,
    secrets: SecretStore,
    publish: Callable[[Event], None],
) -> DownloadService:
    """Build the downloads alone. The address and the token are read anew at each use."""

    async def token() -> str | None:
        return await secrets.get(HUB_KEYRING_ENTRY)

    def endpoint() -> str:
        return settings.get(HUB_ENDPOINT)

    catalogue = HubCatalogue(endpoint, token)
    transfer = Transfer(CacheLayout(paths.models), paths.downloads, token, endpoint)
    return DownloadService(catalogue, transfer, paths.downloads, publish)


def write_logs(paths: DataPaths) -> None:
    """Write the log of this program and of the engine into the data folder, in bounds.

    Raises:
        HistoryDiskError: the folder can't be written.

    """
    try:
        paths.prepare()
        paths.logs.mkdir(mode=0o700, exist_ok=True)
        handler = RotatingFileHandler(
            paths.logs / "hearth.log",
            maxBytes=_LOG_BYTES,
            backupCount=_LOG_FILES,
            encoding="utf-8",
        )
    except OSError as error:
        raise HistoryDiskError(detail=error.strerror or str(error)) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # One line for each request would drown everything else.
    logging.getLogger("httpx2").setLevel(logging.WARNING)


def run_gui(paths: DataPaths, open_file: Path | None) -> int:
    """Open the app; where it is open with this data folder already, raise its window.

    Returns the exit status.

    Raises:
        AlreadyRunningError: it is open, but does not answer.
        HistoryDiskError: the data folder can't be written.

    """
    from assistant.ui import application

    write_logs(paths)
    lock = DataFolderLock(paths.lock)
    try:
        lock.acquire()
    except AlreadyRunningError:
        if lock.ask_first(open_file):
            return 0
        raise
    try:
        return application.run(lambda publish: build(paths, publish, lock), open_file)
    finally:
        lock.release()

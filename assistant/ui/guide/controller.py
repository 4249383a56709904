"""Drives what the Guide shows: its buttons, the model it recommends, the questions it kept."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.domain.errors import HubNotFoundError
from assistant.domain.events import DownloadChanged, Event
from assistant.domain.guide import GuideAction, Recommendation
from assistant.domain.llm import Download
from assistant.ui.bridge import Bridge
from assistant.ui.guide.board import GuideBoard
from assistant.ui.ports import DownloadsPort, Services


class GuideController(QObject):
    """Writes on the board what the services know; does what its buttons ask for.

    `deeds` says what each action of a help article does.
    """

    failed = Signal(object)
    """A `HearthError` that belongs to no row."""

    def __init__(
        self,
        bridge: Bridge,
        services: Services,
        board: GuideBoard,
        deeds: Mapping[GuideAction, Callable[[], object]],
    ) -> None:
        super().__init__(board)
        self._bridge = bridge
        self._services = services
        self._board = board
        self._deeds = deeds
        downloads = services.downloads
        board.action_wanted.connect(self._act)
        board.models_wanted.connect(lambda: self._act(GuideAction.ADD_MODEL))
        board.download_wanted.connect(self._download)
        board.pause_wanted.connect(lambda each: self._run(downloads.pause(each)))
        board.resume_wanted.connect(lambda each: self._run(downloads.resume(each)))
        board.cancel_wanted.connect(lambda each: self._run(downloads.cancel(each)))
        bridge.happened.connect(self._on_event)

    def answer_kept(self) -> None:
        """There is a model now: the questions that wait for one are answered."""
        self._bridge.run(self._services.chat.answer_kept(), None, self.failed.emit)

    def restored(self) -> None:
        """Downloads of an earlier run are known again."""
        for download in self._services.downloads.downloads():
            self._board.show_download(download)

    def _act(self, action: GuideAction) -> None:
        deed = self._deeds.get(action)
        if deed is not None:
            deed()

    def _download(self, wanted: Recommendation) -> None:
        self._board.set_asking(wanted)
        self._bridge.run(
            fetch(self._services.downloads, wanted),
            lambda download: self._board.set_started(wanted, download),
            lambda error: self._board.set_refused(wanted, error),
        )

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._bridge.run(work, None, self.failed.emit)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, DownloadChanged):
            self._board.show_download(event.download)


async def fetch(downloads: DownloadsPort, wanted: Recommendation) -> Download:
    """Begin the download of a recommended file.

    Raises the errors of the Hub and of the disk; `HubNotFoundError` where the repository does
    not hold that file any more.
    """
    repo = await downloads.look_up(wanted.repo)
    for file in repo.files:
        if file.name == wanted.file:
            return await downloads.start(repo, file)
    raise HubNotFoundError(host=repo.endpoint, what=f"{wanted.repo}/{wanted.file}")

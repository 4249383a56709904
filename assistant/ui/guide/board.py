"""What the rows of the Guide show and ask for, between them and the controller."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from assistant.domain.errors import HearthError
from assistant.domain.guide import Recommendation
from assistant.domain.llm import Download, DownloadState

_ENDED = frozenset({DownloadState.DONE, DownloadState.CANCELLED})


class OfferStage(StrEnum):
    """How far a recommended model has come."""

    OFFERED = "offered"
    ASKING = "asking"
    """The Hub is asked for it."""
    REFUSED = "refused"
    """The Hub or the disk said no: `Offer.error`."""
    COMING = "coming"
    """It is being downloaded, or that is paused: `Offer.download`."""
    HERE = "here"
    """There is a model to answer with."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A recommended model as it stands now."""

    stage: OfferStage
    download: Download | None = None
    error: HearthError | None = None


class GuideBoard(QObject):
    """The controller writes on it; rows read from it and ask by its signals."""

    changed = Signal()
    """Rows look again."""

    action_wanted = Signal(object)
    """A `GuideAction`."""

    download_wanted = Signal(object)
    """A `Recommendation`."""

    models_wanted = Signal()
    pause_wanted = Signal(str)
    resume_wanted = Signal(str)
    cancel_wanted = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._downloads: dict[str, Download] = {}
        self._asking: set[tuple[str, str]] = set()
        self._errors: dict[tuple[str, str], HearthError] = {}
        self._arrived: set[tuple[str, str]] = set()
        self._any_model = False

    def offer(self, wanted: Recommendation) -> Offer:
        """How far a recommended model has come."""
        key = _key(wanted)
        coming = next((each for each in self._downloads.values() if _names(each, wanted)), None)
        if coming is not None:
            return Offer(OfferStage.COMING, download=coming)
        if self._any_model or key in self._arrived:
            return Offer(OfferStage.HERE)
        if key in self._asking:
            return Offer(OfferStage.ASKING)
        if key in self._errors:
            return Offer(OfferStage.REFUSED, error=self._errors[key])
        return Offer(OfferStage.OFFERED)

    def set_any_model(self, any_model: bool) -> None:
        """Note whether there is a model to answer with."""
        self._any_model = any_model
        self._arrived.clear()
        self.changed.emit()

    def set_asking(self, wanted: Recommendation) -> None:
        """Note that the Hub is asked."""
        self._errors.pop(_key(wanted), None)
        self._asking.add(_key(wanted))
        self.changed.emit()

    def set_refused(self, wanted: Recommendation, error: HearthError) -> None:
        """Note why it can't be had now."""
        self._asking.discard(_key(wanted))
        self._errors[_key(wanted)] = error
        self.changed.emit()

    def set_started(self, wanted: Recommendation, download: Download) -> None:
        """Note that it is on its way."""
        self._asking.discard(_key(wanted))
        self.show_download(download)

    def show_download(self, download: Download) -> None:
        """Note how far a download is, whoever began it."""
        if download.state in _ENDED:
            self._downloads.pop(download.id, None)
        else:
            self._downloads[download.id] = download
        if download.state is DownloadState.DONE:
            # It counts as here until the disk was read anew.
            self._arrived.add((download.repo, download.file))
        self.changed.emit()


def _key(wanted: Recommendation) -> tuple[str, str]:
    return wanted.repo, wanted.file


def _names(download: Download, wanted: Recommendation) -> bool:
    return (download.repo, download.file) == _key(wanted)

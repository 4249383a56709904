"""One download: a thin line of progress, speed, time left, pause, resume, cancel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from assistant.domain.llm import Download, DownloadState
from assistant.ui import errors, words
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton
from assistant.ui.widgets.labels import ElidedLabel, plain_label

_STEPS = 1000
_GOING = frozenset({DownloadState.RUNNING, DownloadState.QUEUED})
_RESUMABLE = frozenset({DownloadState.PAUSED, DownloadState.FAILED})
ENDED = frozenset({DownloadState.DONE, DownloadState.CANCELLED})
"""States in which a download is not shown any more."""


class DownloadRow(QFrame):
    """Shows a `Download`; asks by signals, each with the download's id."""

    pause_wanted = Signal(str)
    resume_wanted = Signal(str)
    cancel_wanted = Signal(str)

    def __init__(self, theme: Theme, download: Download, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._id = download.id
        self._state = download.state
        self._name = ElidedLabel(download.file, "strong")
        self.bar = QProgressBar(self)
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.words = plain_label(role="small")
        self.problem = plain_label(role="bad")
        self.toggle = IconButton(theme, "pause", self.tr("Pause"), self)
        self.toggle.clicked.connect(self._toggle)
        self.cancel = IconButton(theme, "close", self.tr("Cancel download"), self)
        self.cancel.clicked.connect(lambda: self.cancel_wanted.emit(self._id))
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._name, 1)
        top.addWidget(self.toggle)
        top.addWidget(self.cancel)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(16, 10, 12, 12)
        lines.setSpacing(6)
        lines.addLayout(top)
        lines.addWidget(self.bar)
        lines.addWidget(self.words)
        lines.addWidget(self.problem)
        self.update_to(download)

    def update_to(self, download: Download) -> None:
        """Show the download as it stands now."""
        self._state = download.state
        share = download.received_bytes / download.total_bytes if download.total_bytes else 0.0
        self.bar.setValue(round(share * _STEPS))
        self.bar.setAccessibleName(self.tr("Progress of {file}").format(file=download.file))
        self.words.setText(self._said(download, share))
        self._show_problem(download)
        resumable = download.state in _RESUMABLE
        self.toggle.setVisible(resumable or download.state in _GOING)
        self.toggle.set_icon("play" if resumable else "pause")
        self.toggle.set_words(self.tr("Resume") if resumable else self.tr("Pause"))

    def _said(self, download: Download, share: float) -> str:
        amount = self.tr("{received} of {total}").format(
            received=words.size(download.received_bytes), total=words.size(download.total_bytes)
        )
        match download.state:
            case DownloadState.QUEUED:
                return words.line(self.tr("waiting"), amount)
            case DownloadState.PAUSED:
                return words.line(self.tr("paused"), amount)
            case DownloadState.VERIFYING:
                return words.line(self.tr("checking what arrived"), words.percent(share))
            case DownloadState.FAILED:
                return words.line(self.tr("stopped"), amount)
            case DownloadState.RUNNING:
                parts = [words.percent(share), amount]
                if download.bytes_per_second > 0:
                    parts.append(words.speed(download.bytes_per_second))
                if download.seconds_left is not None:
                    parts.append(words.left(download.seconds_left))
                return words.line(*parts)
            case _:
                return words.line(amount)

    def _show_problem(self, download: Download) -> None:
        # One that stopped for want of a network or of room is paused, with its reason.
        paused = download.state == DownloadState.PAUSED and bool(download.error_code)
        stopped = paused or download.state == DownloadState.FAILED
        self.problem.setVisible(stopped)
        if stopped:
            params = dict(download.error_params)
            self.problem.setText(
                errors.sentence_of(download.error_code, params)
                + " "
                + errors.next_step_of(download.error_code, params)
            )

    def _toggle(self) -> None:
        if self._state in _RESUMABLE:
            self.resume_wanted.emit(self._id)
        else:
            self.pause_wanted.emit(self._id)

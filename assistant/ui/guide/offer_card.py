"""The model that could answer: its size, how long it takes, and the way to it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.domain.guide import Recommendation
from assistant.domain.llm import Download
from assistant.ui import words
from assistant.ui.guide.board import GuideBoard, Offer, OfferStage
from assistant.ui.llms.download_row import DownloadRow
from assistant.ui.llms.names import split_name
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import ElidedLabel, plain_label
from assistant.ui.widgets.notice import Notice

_MBIT_PER_S = 50
_NARROW = 420


class OfferCard(QWidget):
    """Follows a `Recommendation` from the offer through its download to the answer."""

    def __init__(
        self,
        theme: Theme,
        board: GuideBoard,
        wanted: Recommendation,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._board = board
        self._wanted = wanted
        self._row: DownloadRow | None = None
        self._card = QFrame(self)
        self._card.setObjectName("card")
        self.download = TextButton(
            theme, "", self._card, role="primary", icon="download", ink="on_accent"
        )
        self.download.setObjectName("downloadRecommended")
        self.download.clicked.connect(self._download)
        self.other = TextButton(theme, self.tr("Choose another model"), self, role="link")
        self.other.setObjectName("chooseAnother")
        self.other.clicked.connect(board.models_wanted)
        self.notice = Notice(theme, self, closable=False)
        self.said = plain_label(
            self.tr("The model is here. Your question is answered once it is loaded."),
            "muted",
            self,
        )
        self._fill_card()
        below = QHBoxLayout()
        below.addWidget(self.other)
        below.addStretch(1)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(6)
        self._lines.addWidget(self._card)
        self._lines.addWidget(self.notice)
        self._lines.addWidget(self.said)
        self._lines.addLayout(below)

    def update_to(self, offer: Offer, waits: bool) -> bool:
        """Show the model as it stands now; False where there is nothing to show any more.

        `waits`: whether the question is still kept, and so will be answered.
        """
        stage = offer.stage
        self._card.setVisible(stage in {OfferStage.OFFERED, OfferStage.ASKING, OfferStage.REFUSED})
        self._show_button(asking=stage is OfferStage.ASKING)
        self._show_error(offer)
        self._show_download(offer.download)
        self.other.setVisible(stage in {OfferStage.OFFERED, OfferStage.REFUSED})
        self.said.setVisible(stage is OfferStage.HERE and waits)
        return stage is not OfferStage.HERE or waits

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The button stands below the words where there is little room beside them."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._beside.setDirection(down if narrow else across)

    def _fill_card(self) -> None:
        wanted = self._wanted
        name, quantisation = split_name(wanted.name)
        about = self.tr("about {number} min at {speed} Mbit/s").format(
            number=words.number(minutes(wanted.size_bytes)), speed=words.number(_MBIT_PER_S)
        )
        title = ElidedLabel(words.isolated(f"{name} {quantisation}".strip()), "strong")
        lines = QVBoxLayout()
        lines.setSpacing(3)
        lines.addWidget(title)
        lines.addWidget(plain_label(words.line(words.size(wanted.size_bytes), about), "small"))
        lines.addWidget(ElidedLabel(words.isolated(wanted.repo), "small"))
        row = self._beside = QHBoxLayout(self._card)
        row.setContentsMargins(16, 12, 14, 12)
        row.setSpacing(12)
        row.addLayout(lines, 1)
        row.addWidget(self.download, 0, Qt.AlignmentFlag.AlignVCenter)

    def _show_button(self, *, asking: bool) -> None:
        size = words.size(self._wanted.size_bytes)
        download = self.tr("Download {size}").format(size=size)
        self.download.setText(self.tr("Asking the Hub…") if asking else download)
        self.download.setAccessibleName(
            self.tr("Download {name}, {size}").format(name=self._wanted.name, size=size)
        )
        self.download.setEnabled(not asking)

    def _show_error(self, offer: Offer) -> None:
        if offer.error is None:
            self.notice.hide()
        else:
            self.notice.show_error(offer.error, self.tr("Try again"), self._download)
        self.download.setVisible(offer.error is None)

    def _show_download(self, download: Download | None) -> None:
        if download is None:
            if self._row is not None:
                self._lines.removeWidget(self._row)
                self._row.hide()
                self._row.deleteLater()
                self._row = None
        elif self._row is not None:
            self._row.update_to(download)
        else:
            row = self._row = DownloadRow(self._theme, download, self)
            row.pause_wanted.connect(self._board.pause_wanted)
            row.resume_wanted.connect(self._board.resume_wanted)
            row.cancel_wanted.connect(self._board.cancel_wanted)
            self._lines.insertWidget(0, row)

    @property
    def row(self) -> DownloadRow | None:
        """The download, while there is one."""
        return self._row

    def _download(self) -> None:
        self._board.download_wanted.emit(self._wanted)


def minutes(size_bytes: int) -> int:
    """Whole minutes that a download of that size takes at 50 Mbit/s, at least 1."""
    return max(1, round(size_bytes * 8 / (_MBIT_PER_S * 1_000_000) / 60))

"""The screen of models: add one, what is on its way, what is here."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.domain.llm import Download, InstalledModel, ModelId
from assistant.ui.guide.card import GuideCard
from assistant.ui.llms.add_card import AddCard
from assistant.ui.llms.download_row import ENDED, DownloadRow
from assistant.ui.llms.installed_card import InstalledCard
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.labels import plain_label
from assistant.ui.widgets.notice import Notice
from assistant.ui.widgets.page import ColumnPage, clear


class ModelsPage(ColumnPage):
    """Shows what the services know; asks by signals."""

    use_wanted = Signal(object)
    remove_wanted = Signal(object)
    pause_wanted = Signal(str)
    resume_wanted = Signal(str)
    cancel_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self.title.setText(self.tr("Models"))
        self.area.setAccessibleName(self.tr("Models"))
        self.add = AddCard(theme, self)
        self.narrowed.connect(self.add.set_narrow)
        self.notice = Notice(theme, self)
        self._rows: dict[str, DownloadRow] = {}
        self._downloads = QVBoxLayout()
        self._downloads.setSpacing(8)
        self._installed = QVBoxLayout()
        self._installed.setSpacing(8)
        self._downloading = plain_label(self.tr("Downloads"), "section")
        self._here = plain_label(self.tr("On this computer"), "section")
        self._nothing = plain_label(
            self.tr("No model is here yet. Name a repository above, or open a file."), "muted"
        )
        self.guide = GuideCard(theme, self)
        self.guide.hide()
        self.column.addWidget(self.add)
        self.column.addWidget(self.notice)
        self.column.addWidget(self._downloading)
        self.column.addLayout(self._downloads)
        self.column.addWidget(self._here)
        self.column.addWidget(self._nothing)
        self.column.addLayout(self._installed)
        self.column.addWidget(self.guide)
        self.column.addStretch(1)
        self._downloading.hide()

    def show_models(self, models: Sequence[InstalledModel], in_use: ModelId | None) -> None:
        """Show what is installed."""
        clear(self._installed)
        self._nothing.setVisible(not models)
        for model in models:
            card = InstalledCard(self.theme, model, in_use=model.id == in_use, parent=self)
            card.use_wanted.connect(self.use_wanted)
            card.remove_wanted.connect(self.remove_wanted)
            self._installed.addWidget(card)

    def show_download(self, download: Download) -> None:
        """Show how far a download is; one that ended goes."""
        row = self._rows.get(download.id)
        if download.state in ENDED:
            if row is not None:
                self._downloads.removeWidget(row)
                row.hide()
                row.deleteLater()
                del self._rows[download.id]
        elif row is not None:
            row.update_to(download)
        else:
            row = DownloadRow(self.theme, download, self)
            row.pause_wanted.connect(self.pause_wanted)
            row.resume_wanted.connect(self.resume_wanted)
            row.cancel_wanted.connect(self.cancel_wanted)
            self._rows[download.id] = row
            self._downloads.addWidget(row)
        self._downloading.setVisible(bool(self._rows))

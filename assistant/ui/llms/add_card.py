"""Adding a model: a repository's name or address, its GGUF files, download."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from assistant.domain.errors import HearthError
from assistant.domain.llm import HubFile, HubRepo
from assistant.ui import words
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import ElidedLabel, plain_label
from assistant.ui.widgets.notice import Notice
from assistant.ui.widgets.page import clear


class AddCard(QFrame):
    """Looks up a repository and offers its files."""

    look_up_wanted = Signal(str)
    download_wanted = Signal(object, object)
    """A `HubRepo` and one of its `HubFile`s."""

    open_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("card")
        title = QLabel(self.tr("Add model"), self)
        title.setObjectName("cardTitle")
        self.field = QLineEdit(self)
        self.field.setObjectName("repository")
        self.field.setPlaceholderText(self.tr("owner/name, or its address"))
        self.field.setAccessibleName(self.tr("Repository"))
        self.search = TextButton(theme, self.tr("Find files"), self, role="primary")
        self.search.setObjectName("findFiles")
        self.open = TextButton(theme, self.tr("Open a GGUF file…"), self, icon="folder")
        self.field.returnPressed.connect(self._look_up)
        self.field.textChanged.connect(self._text_changed)
        self.search.clicked.connect(self._look_up)
        self.open.clicked.connect(self.open_wanted)
        self.search.setEnabled(False)
        self.notice = Notice(theme, self)
        self._said = plain_label(role="muted")
        self._said.hide()
        self._files = QVBoxLayout()
        self._files.setSpacing(0)
        row = self._row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.search)
        row.addWidget(self.open)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(16, 14, 16, 14)
        lines.setSpacing(10)
        lines.addWidget(title)
        lines.addLayout(row)
        lines.addWidget(self.notice)
        lines.addWidget(self._said)
        lines.addLayout(self._files)

    def set_narrow(self, narrow: bool) -> None:
        """Put the buttons below the field where there is little room beside it."""
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(down if narrow else across)

    def show_looking(self) -> None:
        """The Hub is being asked."""
        self.notice.hide()
        clear(self._files)
        self.search.setEnabled(False)
        self._said.setText(self.tr("Asking the Hub…"))
        self._said.show()

    def show_error(self, error: HearthError) -> None:
        """The Hub's answer was no."""
        self._said.hide()
        self.search.setEnabled(True)
        self.notice.show_error(error)

    def show_repo(self, repo: HubRepo) -> None:
        """Offer the files of a repository, smallest first."""
        self.search.setEnabled(True)
        clear(self._files)
        said = self.tr("%Ln GGUF files in", "", len(repo.files))
        self._said.setText(f"{said} {repo.repo}")
        self._said.show()
        for file in sorted(repo.files, key=lambda each: each.size_bytes):
            self._files.addWidget(self._file_row(repo, file))

    def show_nothing(self) -> None:
        """Back to the beginning."""
        clear(self._files)
        self._said.hide()
        self.notice.hide()
        self.field.clear()

    def _file_row(self, repo: HubRepo, file: HubFile) -> QWidget:
        line = QWidget(self)
        name = ElidedLabel(file.name, "strong")
        detail = QLabel(self.tr("%Ln parts", "", len(file.parts)), line)
        detail.setProperty("role", "small")
        detail.setVisible(len(file.parts) > 1)
        button = TextButton(
            self._theme,
            self.tr("Download {size}").format(size=words.size(file.size_bytes)),
            line,
            icon="download",
        )
        button.setAccessibleName(
            self.tr("Download {file}, {size}").format(
                file=file.name, size=words.size(file.size_bytes)
            )
        )
        button.clicked.connect(lambda: self.download_wanted.emit(repo, file))
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(name, 1)
        row.addWidget(detail, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(button)
        return line

    def _text_changed(self, text: str) -> None:
        self.search.setEnabled(bool(text.strip()))

    def _look_up(self) -> None:
        text = self.field.text().strip()
        if text:
            self.look_up_wanted.emit(text)

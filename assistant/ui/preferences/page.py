"""One scrolling page of settings: each with one sentence, all found by a search field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.labels import plain_label
from assistant.ui.widgets.notice import Notice
from assistant.ui.widgets.page import ColumnPage


class SettingRow(QFrame):
    """Name, one sentence, and the controls."""

    def __init__(
        self, name: str, sentence: str, controls: Sequence[QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._text = f"{name} {sentence}".casefold()
        self.name = QLabel(name, self)
        self.name.setProperty("role", "strong")
        said = plain_label(sentence, "small")
        lines = QVBoxLayout()
        lines.setSpacing(3)
        lines.addWidget(self.name)
        lines.addWidget(said)
        beside = self._beside = QHBoxLayout()
        beside.setSpacing(12)
        side = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        for control in controls:
            beside.addWidget(control, 0, side)
        beside.addStretch()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 14, 12)
        row.setSpacing(16)
        row.addLayout(lines, 1)
        row.addLayout(beside)
        if controls and not controls[0].accessibleName():
            controls[0].setAccessibleName(name)

    def set_narrow(self, narrow: bool) -> None:
        """Put the controls below the words where there is little room beside them."""
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        for layout in (self._row, self._beside):
            layout.setDirection(down if narrow else across)
        self._row.setSpacing(10 if narrow else 16)

    def matches(self, words: str) -> bool:
        """Whether all words occur in name or sentence."""
        return all(word in self._text for word in words.casefold().split())


class PreferencesPage(ColumnPage):
    """Groups of settings, and the search over them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self.title.setText(self.tr("Settings"))
        self.area.setAccessibleName(self.tr("Settings"))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setAccessibleName(self.tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.notice = Notice(theme, self)
        self._nothing = plain_label(self.tr("No setting has these words."), "muted")
        self._nothing.hide()
        self._groups: list[tuple[QLabel, list[SettingRow]]] = []
        self.column.addWidget(self.search)
        self.column.addWidget(self.notice)
        self.column.addWidget(self._nothing)
        self.column.addStretch(1)

    def add_group(self, name: str, rows: list[SettingRow]) -> None:
        """Add a group at the end."""
        heading = plain_label(name, "section")
        self._groups.append((heading, rows))
        for row in rows:
            self.narrowed.connect(row.set_narrow)
        for widget in (heading, *rows):
            self.column.insertWidget(self.column.count() - 1, widget)

    @property
    def shown(self) -> list[SettingRow]:
        """The rows that pass the search."""
        return [row for _, rows in self._groups for row in rows if not row.isHidden()]

    def _filter(self, words: str) -> None:
        for heading, rows in self._groups:
            for row in rows:
                row.setVisible(row.matches(words))
            heading.setVisible(any(row.matches(words) for row in rows))
        self._nothing.setVisible(not self.shown)

"""Asks twice for a new passphrase."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from assistant.ui.theme.theme import Theme
from assistant.ui.unlock.page import SHORTEST_PASSPHRASE
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label


class PassphraseDialog(QDialog):
    """Gives a passphrase that was typed twice and is long enough."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change passphrase"))
        self.setMinimumWidth(400)
        self.first = self._field(self.tr("New passphrase"))
        self.second = self._field(self.tr("New passphrase again"))
        self.problem = plain_label(role="warn")
        self.save = TextButton(theme, self.tr("Use this passphrase"), self, role="primary")
        cancel = TextButton(theme, self.tr("Cancel"), self)
        self.save.clicked.connect(self._save)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(24, 22, 24, 20)
        lines.setSpacing(10)
        lines.addWidget(self.first)
        lines.addWidget(self.second)
        lines.addWidget(self.problem)
        lines.addLayout(row)

    def _field(self, words: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setPlaceholderText(words)
        field.setAccessibleName(words)
        return field

    def _save(self) -> None:
        text = self.first.text()
        if len(text) < SHORTEST_PASSPHRASE:
            said = self.tr("Take at least %Ln characters.", "", SHORTEST_PASSPHRASE)
            self.problem.setText(said)
        elif text != self.second.text():
            self.problem.setText(self.tr("The two passphrases differ."))
        else:
            self.accept()
            self.chosen.emit(text)

"""A model on this disk."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QVBoxLayout, QWidget

from assistant.domain.llm import InstalledModel
from assistant.ui import words
from assistant.ui.llms.names import split_name
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import IconButton, TextButton
from assistant.ui.widgets.labels import ElidedLabel


class InstalledCard(QFrame):
    """Name, size, whether its content was checked; use and remove."""

    use_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(
        self, theme: Theme, model: InstalledModel, *, in_use: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.setObjectName("card")
        name, quantisation = split_name(model.name)
        title = ElidedLabel(name, "strong")
        self.use = TextButton(theme, self.tr("In use") if in_use else self.tr("Use"), self)
        self.use.setEnabled(not in_use)
        self.use.setAccessibleName(self.tr("Use {name}").format(name=model.name))
        self.use.clicked.connect(lambda: self.use_wanted.emit(model))
        label = self.tr("Remove {name}").format(name=model.name)
        self.remove = IconButton(theme, "trash", label, self)
        self.remove.clicked.connect(self._ask_remove)
        origin = words.isolated(model.repo) if model.repo else self.tr("opened from this disk")
        facts = words.line(quantisation, words.size(model.size_bytes), origin)
        detail = ElidedLabel(facts, "small")
        # A file from this disk was hashed as well, but there is nothing to compare it with.
        compared = model.verified and model.repo is not None
        checked = QLabel(self)
        checked.setProperty("role", "good" if compared else "small")
        checked.setText(self.tr("✓ checksum verified") if compared else "")
        checked.setVisible(compared)
        facts_row = QHBoxLayout()
        facts_row.setSpacing(10)
        facts_row.addWidget(detail, 1)
        facts_row.addWidget(checked)
        lines = QVBoxLayout()
        lines.setSpacing(3)
        lines.addWidget(title)
        lines.addLayout(facts_row)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addLayout(lines, 1)
        row.addWidget(self.use, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignVCenter)

    def _ask_remove(self) -> None:
        box = QMessageBox(self.window())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Remove model"))
        box.setText(self.tr("Remove {name}?").format(name=self.model.name))
        size = words.size(self.model.size_bytes)
        if self.model.owned:
            said = self.tr("Its file is deleted, which frees {size}. Chats stay.")
            action = self.tr("Delete {size}").format(size=size)
        else:
            said = self.tr("Hearth forgets it. The file itself stays where it is.")
            action = self.tr("Forget")
        box.setInformativeText(said.format(size=size))
        accept = box.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        accept.clicked.connect(lambda: self.remove_wanted.emit(self.model))
        box.finished.connect(box.deleteLater)
        box.open()

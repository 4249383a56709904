"""The Guide among the models: what it is for, and the button that hides it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label


class GuideCard(QFrame):
    """Shown while the Guide is."""

    hide_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        title = plain_label(self.tr("Guide (built in)"), "strong")
        said = plain_label(
            self.tr("Answers questions about Hearth while no other model is here."), "small"
        )
        self.button = TextButton(theme, self.tr("Hide"), self)
        self.button.setObjectName("hideGuide")
        self.button.setAccessibleName(self.tr("Hide the Guide"))
        self.button.clicked.connect(self.hide_wanted)
        lines = QVBoxLayout()
        lines.setSpacing(3)
        lines.addWidget(title)
        lines.addWidget(said)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addLayout(lines, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

"""An empty chat: who answers here, and what to do first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.ui.guide.greeting import Greeting
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton
from assistant.ui.widgets.labels import plain_label

_WIDTH = 600


class Welcome(QScrollArea):
    """Greets as the Guide, asks for a question, or asks for a model."""

    add_wanted = Signal()
    open_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("New chat"))
        self._title = plain_label()
        self._title.setObjectName("hero")
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = plain_label(role="muted")
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.greeting = Greeting(theme, self)
        self._wish = plain_label(self.tr("For everything else, add a model:"), "muted")
        self._wish.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.add = TextButton(
            theme, self.tr("Add model"), self, role="primary", icon="plus", ink="on_accent"
        )
        self.open = TextButton(theme, self.tr("Open a GGUF file…"), self, icon="folder")
        self.add.clicked.connect(self.add_wanted)
        self.open.clicked.connect(self.open_wanted)
        self._buttons = self._make_buttons()
        self._inner = QWidget()
        self._inner.hide()
        self._arrange()

    def show_state(self, *, has_models: bool, guide: bool) -> None:
        """Ask for a question; without a model, let the Guide greet; without it, ask for one.

        Until this is called first, nothing is shown: the disk is still being read.
        """
        self._inner.show()
        greets = guide and not has_models
        self._buttons.setVisible(not has_models)
        self.greeting.setVisible(greets)
        self._wish.setVisible(greets)
        if has_models:
            self._title.setText(self.tr("What is on your mind?"))
            self._words.setText(
                self.tr("The model answers on this computer, also without a network.")
            )
        elif greets:
            self._title.setText(self.tr("Hello, this is the Guide"))
            self._words.setText(
                self.tr(
                    "I am built into Hearth and need no download. Ask me how Hearth works, or"
                    " about a text that you paste; small talk is fine too."
                )
            )
        else:
            self._title.setText(self.tr("First, a model"))
            self._words.setText(
                self.tr(
                    "Hearth runs open models on this computer. Download one from a Hub,"
                    " or open a GGUF file that you have."
                )
            )

    def _make_buttons(self) -> QWidget:
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(self.add)
        row.addWidget(self.open)
        row.addStretch(1)
        return buttons

    def _arrange(self) -> None:
        content = QWidget()
        content.setObjectName("column")
        inner = self._inner
        inner.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 16, 0, 32)
        column.setSpacing(8)
        column.addStretch(3)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self.greeting)
        column.addWidget(self._wish)
        column.addWidget(self._buttons)
        column.addStretch(4)
        sides = QHBoxLayout(content)
        sides.setContentsMargins(24, 0, 24, 0)
        sides.addStretch(1)
        sides.addWidget(inner, 1000)
        sides.addStretch(1)
        self.setWidget(content)

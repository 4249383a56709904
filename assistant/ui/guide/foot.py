"""What stands below an answer of the Guide: the button of an article, or a model to fetch."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.domain.guide import GuideAction, GuideMark, GuidePart
from assistant.ui.guide.actions import ICONS, button_text
from assistant.ui.guide.board import GuideBoard
from assistant.ui.guide.offer_card import OfferCard
from assistant.ui.theme.theme import Theme
from assistant.ui.widgets.buttons import TextButton


class GuideFoot(QWidget):
    """Hidden until the answer turns out to have a button or an offer."""

    def __init__(self, theme: Theme, board: GuideBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._board = board
        self._mark: GuideMark | None = None
        self._waits = False
        self.button: TextButton | None = None
        self.card: OfferCard | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 8, 0, 2)
        board.changed.connect(self._refresh)
        self.hide()

    def show_mark(self, mark: GuideMark | None) -> None:
        """Show what belongs to an answer; None for an answer that is not the Guide's."""
        self._mark = mark
        self._refresh()

    def set_waits(self, waits: bool) -> None:
        """Note whether a question beyond the Guide still waits: no model has answered since."""
        self._waits = waits
        self._refresh()

    def _refresh(self) -> None:
        mark = self._mark
        if mark is None:
            return
        if mark.part is GuidePart.HELP and self.button is None:
            self._add_button(mark.action)
        elif mark.part is GuidePart.BEYOND and mark.recommendation is not None:
            if self.card is None:
                self.card = OfferCard(self._theme, self._board, mark.recommendation, self)
                self._lines.addWidget(self.card)
            self.setVisible(
                self.card.update_to(self._board.offer(mark.recommendation), self._waits)
            )

    def _add_button(self, action: GuideAction) -> None:
        if action is GuideAction.NONE:
            return
        button = TextButton(self._theme, button_text(action), self, icon=ICONS[action])
        button.setObjectName("guideAction")
        button.clicked.connect(lambda: self._board.action_wanted.emit(action))
        self.button = button
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        self._lines.addLayout(row)
        self.show()

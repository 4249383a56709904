"""The model in use, with its state, and the menu to choose another."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from assistant.domain.llm import InstalledModel, LoadState
from assistant.ui import words
from assistant.ui.llms.names import split_name
from assistant.ui.theme.theme import Theme

_WIDEST_NAME = 220


class _Dot(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.ink = "faint"
        self.setFixedSize(QSize(8, 8))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(self.ink))
        painter.drawEllipse(QRectF(self.rect()))
        painter.end()


class ModelPill(QPushButton):
    """Shows the model and its state in words; opens the menu of models."""

    chosen = Signal(object)
    """An `InstalledModel` from the menu."""

    add_wanted = Signal()
    open_wanted = Signal()
    unload_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._models: list[InstalledModel] = []
        self._model: InstalledModel | None = None
        self._state = LoadState.UNLOADED
        self._guide = False
        self.setObjectName("modelPill")
        self.setProperty("role", "pill")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._dot = _Dot(theme, self)
        self._name = QLabel(self)
        self._name.setProperty("role", "strong")
        self._detail = QLabel(self)
        self._detail.setProperty("role", "small")
        self._arrow = QLabel(self)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 0)
        row.setSpacing(8)
        for part in (self._dot, self._name, self._detail, self._arrow):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        self.clicked.connect(self._open_menu)
        theme.changed.connect(self._tint)
        self._tint()
        self.show_model(None, LoadState.UNLOADED)
        self.hide()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(self._row.sizeHint().width(), 28)

    def set_models(self, models: Sequence[InstalledModel]) -> None:
        """What the menu offers."""
        self._models = list(models)

    def set_guide(self, guide: bool) -> None:
        """Whether the Guide answers while no model is in use.

        Until this is known, or a model is in use, the pill is hidden.
        """
        self._guide = guide
        self.show()
        self.show_model(self._model, self._state)

    def show_model(
        self, model: InstalledModel | None, state: LoadState, progress: float = 0.0
    ) -> None:
        """Show the model in use and how far it is loaded."""
        self._model = model
        self._state = state
        if model is not None:
            self.show()
        if model is None and self._guide:
            self._show_words(self.tr("Guide"), self.tr("built in"), "good")
            self._say(self.tr("Guide"), self.tr("built in"))
            return
        if model is None:
            name, detail, ink = self.tr("Choose a model"), "", "faint"
        else:
            name, detail = split_name(model.name)
            ink = "faint"
        said = self.tr("not loaded")
        match state:
            case LoadState.LOADING:
                detail = self.tr("loading {percent}").format(percent=words.percent(progress))
                said, ink = detail, "warn"
            case LoadState.READY:
                said, ink = self.tr("ready"), "good"
            case LoadState.FAILED:
                detail = said = self.tr("could not be loaded")
                ink = "bad"
            case LoadState.UNLOADED:
                pass
        self._show_words(name, detail, ink)
        self._dot.setVisible(model is not None)
        if model is None:
            self.setAccessibleName(self.tr("Choose a model"))
            self.setToolTip("")
        else:
            self._say(model.name, said)

    @property
    def state(self) -> LoadState:
        """What it shows."""
        return self._state

    def menu_now(self) -> QMenu:
        """The menu as it would open now."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Models"))
        for model in self._models:
            action = QAction(model.name, menu)
            action.setCheckable(True)
            action.setChecked(self._model is not None and model.path == self._model.path)
            action.triggered.connect(lambda _checked, wanted=model: self.chosen.emit(wanted))
            menu.addAction(action)
        if self._models:
            menu.addSeparator()
        add = menu.addAction(self._theme.icon("plus"), self.tr("Add model…"))
        add.triggered.connect(self.add_wanted)
        opening = menu.addAction(self._theme.icon("folder"), self.tr("Open a GGUF file…"))
        opening.triggered.connect(self.open_wanted)
        if self._state in {LoadState.READY, LoadState.LOADING}:
            menu.addSeparator()
            unload = menu.addAction(self.tr("Free its memory"))
            unload.triggered.connect(self.unload_wanted)
        return menu

    def _show_words(self, name: str, detail: str, ink: str) -> None:
        self._dot.ink = ink
        self._dot.show()
        self._dot.update()
        self._name.setText(
            self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST_NAME)
        )
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.updateGeometry()

    def _say(self, name: str, state: str) -> None:
        self.setAccessibleName(self.tr("Model {name}, {state}").format(name=name, state=state))
        self.setToolTip(name)

    def _open_menu(self) -> None:
        menu = self.menu_now()
        menu.aboutToHide.connect(menu.deleteLater)
        below = QPoint(0, self.height() + 4)
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            below.setX(self.width() - menu.sizeHint().width())
        menu.popup(self.mapToGlobal(below))

    def _tint(self) -> None:
        self._arrow.setPixmap(self._theme.pixmap("chevron-down", "muted", 14))

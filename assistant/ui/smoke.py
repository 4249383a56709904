"""The bundle's smoke test: the real window asks one question and closes."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit

from assistant.domain.chat import MessageState
from assistant.domain.events import Event, MessageEnded, ModelStateChanged
from assistant.domain.llm import LoadState
from assistant.ui import application
from assistant.ui.ports import Services

_WITHIN_MS = 90_000
_QUESTION = "Once"


class _Hand(QObject):
    """Types the question when the model is ready, closes the window when it is answered."""

    ready = Signal()
    ended = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.answer = ""
        self.ready.connect(self._ask, Qt.ConnectionType.QueuedConnection)
        self.ended.connect(self._close, Qt.ConnectionType.QueuedConnection)

    def see(self, event: Event) -> None:
        """Take an event of the services, on whichever thread."""
        if isinstance(event, ModelStateChanged) and event.state is LoadState.READY:
            self.ready.emit()
        if isinstance(event, MessageEnded):
            self.ended.emit(event)

    def _ask(self) -> None:
        for window in QApplication.topLevelWidgets():
            editor = window.findChild(QPlainTextEdit, "input")
            button = window.findChild(QAbstractButton, "send")
            if editor is not None and button is not None:
                editor.setPlainText(_QUESTION)
                button.click()

    def _close(self, event: MessageEnded) -> None:
        if event.message.state is MessageState.DONE:
            self.answer = event.message.text
        close_all()


def close_all() -> None:
    """Close every window, as its user would."""
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.close()


def run(services_factory: application.ServicesFactory, model: Path) -> str:
    """Open the window with a model, ask it once; gives the answer, empty where none came."""
    hand: list[_Hand] = []

    def build(publish: Callable[[Event], None]) -> Services:
        watcher = _Hand()
        hand.append(watcher)
        QTimer.singleShot(_WITHIN_MS, watcher, close_all)

        def tell(event: Event) -> None:
            publish(event)
            watcher.see(event)

        return services_factory(tell)

    application.run(build, model)
    return hand[0].answer
